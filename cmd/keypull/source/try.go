package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/web/console"
)

// tryFlags are those of "keypull source try".
type tryFlags struct {
	config, kind, argument, language, zone string
	set, files                             []string
	count                                  int
	json                                   bool
}

// Tried is what a fetch, or a saved document, came to.
type Tried struct {
	// File is the saved document; "" for a fetch.
	File  string      `json:"file"`
	Items []what.Item `json:"items"`
	// AsOf is null where the source tells no time of its own.
	AsOf     *time.Time `json:"as_of"`
	Warnings []string   `json:"warnings"`
	Error    string     `json:"error"`
	// Field is the setting that the error is about, "" for none; Exit is what the
	// command ends with for it alone.
	Field    string             `json:"field"`
	Exit     int                `json:"exit"`
	Requests []console.Exchange `json:"requests"`
}

func (w World) newTryCommand() *cobra.Command {
	f := tryFlags{language: "en"}
	cmd := &cobra.Command{
		Use: "try [SAVED…]", Short: "Show what a kind of source makes of an address, or of saved documents", Args: cobra.ArbitraryArgs,
		Long: "try fetches once, with settings that need not stand anywhere, and prints the items. With --file\n" +
			"the saved documents are read in place of the network, each by itself, by the very same code:\n" +
			"whatever address is asked for answers with the document. Addresses need not be set then. With\n" +
			"--json it prints one line for each document or fetch. It ends with 1 where one brought nothing.\n" +
			"No configuration file and no server is needed.",
		Example: "  keypull source try --kind feed --set url=https://example.org/feed.xml\n" +
			"  keypull source try --kind recipe --json --file pages/*.html\n" +
			"  keypull source try --kind quote --set 'url=https://api.example.org/q?s={symbol}' --set price=last --arg ACME",
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(w.tryAll(cmd, f, args)) },
	}
	w.Config(cmd, &f.config)
	names := make([]string, len(w.Kinds))
	for i, k := range w.Kinds {
		names[i] = k.Name
	}
	cmd.Flags().Var(cli.Choice(&f.kind, names...), "kind", "kind of source")
	_ = cmd.MarkFlagRequired("kind")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "a setting, `name=value`; a list or table as JSON")
	cmd.Flags().StringVar(&f.argument, "arg", "", "`text` that a reader would write beside the keyword")
	cmd.Flags().StringArrayVar(&f.files, "file", nil, "saved `document` in place of the network; others may follow")
	cmd.Flags().Var(cli.Number(&f.count, 0, pull.MaxSnapshotItems), "count", "most items of each; 0 is all")
	cmd.Flags().Var(cli.Tongue(&f.language), "language", "language of the reader")
	cmd.Flags().StringVar(&f.zone, "zone", "UTC", "time `zone` of the publisher, such as Europe/Paris")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one line of JSON for each document or fetch")
	return cmd
}

// tryAll tries everything that the command line names.
func (w World) tryAll(cmd *cobra.Command, f tryFlags, args []string) error {
	if len(f.files) == 0 && len(args) > 0 {
		return cli.Misused("cli.many", words.Args{"got": args[0], "form": "keypull source try --kind KIND --file " + args[0]})
	}
	t, err := w.newTrier(cmd, f)
	var refused settings.Problems
	switch {
	case err == nil:
	case f.json && errors.As(err, &refused):
		return f.refused(cmd.OutOrStdout(), err, refused)
	default:
		return err
	}
	defer t.removeFolder()
	files := slices.Concat(f.files, args)
	if len(files) == 0 {
		r, err := t.fetchOutside(cmd.Context())
		if err != nil {
			return err
		}
		return t.end(f.print(cmd.OutOrStdout(), r), failures(r))
	}
	working := cli.Working(cmd.ErrOrStderr(), "cli.working_try")
	defer working.End()
	failed, done := 0, 0
	working.Tell(0, len(files))
	err = t.each(cmd.Context(), files, func(r Tried) error {
		done++
		failed += failures(r)
		working.Tell(done, len(files))
		return f.print(cmd.OutOrStdout(), r)
	})
	return t.end(err, failed)
}

// refused tells of settings that are refused as of all that brings nothing, in a
// line; the command ends as it does without one.
func (f tryFlags) refused(out io.Writer, err error, problems settings.Problems) error {
	r := newFailedTry("", err)
	r.Field, r.Exit = problems[0].Field, cli.CodeOf(err)
	said := problems.In(cli.Language())
	r.Error = ""
	for i, p := range said {
		if i > 0 {
			r.Error += " "
		}
		r.Error += p.Field + ": " + p.Message
	}
	if err := f.print(out, r); err != nil {
		return err
	}
	return &cli.Exit{Code: r.Exit, Silent: true, Err: err}
}

func failures(r Tried) int {
	if r.Error != "" {
		return 1
	}
	return 0
}

// end returns how the command ends: what went wrong stands in the lines already.
func (*trier) end(err error, failed int) error {
	if err == nil && failed > 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%d brought nothing", failed)}
	}
	return err
}

// print writes a result: a line for programs, a few for people.
func (f tryFlags) print(out io.Writer, r Tried) error {
	if f.json {
		return cli.PrintJSONLine(out, r)
	}
	var b strings.Builder
	if r.File != "" {
		fmt.Fprintf(&b, "%s\n", r.File)
	}
	for _, it := range r.Items {
		printItem(&b, it)
	}
	for _, said := range r.Warnings {
		fmt.Fprintf(&b, "! %s\n", said)
	}
	if r.Error != "" {
		fmt.Fprintf(&b, "!! %s\n", r.Error)
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print what was brought: %w", err)
	}
	return nil
}

// shownRunes is how much of a text people are shown.
const shownRunes = 200

func printItem(b *strings.Builder, it what.Item) {
	fmt.Fprintf(b, "- %s\n", sources.Shorten(sources.Line(it.Title), shownRunes))
	if text := sources.Line(it.Summary); text != "" {
		fmt.Fprintf(b, "    %s\n", sources.Shorten(text, shownRunes))
	}
	for _, fact := range it.Facts {
		text := fact.Text
		if fact.Kind == what.List {
			text = strings.Join(fact.List, "; ")
		}
		fmt.Fprintf(b, "    %s: %s\n", fact.Name, sources.Shorten(sources.Line(text), shownRunes))
	}
	if it.Link != "" {
		fmt.Fprintf(b, "    %s\n", it.Link)
	}
}

// newFailedTry returns a result that something kept from coming.
func newFailedTry(file string, err error) Tried {
	r := Tried{File: file, Items: []what.Item{}, Warnings: []string{}, Requests: []console.Exchange{}}
	r.failed(err)
	return r
}

// newTried turns a trial into what is printed.
func newTried(file string, t console.Trial) Tried {
	r := Tried{File: file, Items: t.Items, Requests: t.Requests, Warnings: []string{}}
	if !t.AsOf.IsZero() {
		r.AsOf = &t.AsOf
	}
	if r.Items == nil {
		r.Items = []what.Item{}
	}
	if r.Requests == nil {
		r.Requests = []console.Exchange{}
	}
	for _, said := range t.Warnings {
		r.Warnings = append(r.Warnings, said.In(cli.Language()))
	}
	if t.Err != nil {
		r.failed(t.Err)
	}
	return r
}

// failed notes what kept it from bringing anything.
func (r *Tried) failed(err error) {
	r.Error, r.Exit = words.Said(err).In(cli.Language()), cli.Findings
	var e *pull.Error
	if errors.As(err, &e) {
		r.Field = e.Field
	}
}

// queryAt returns what is asked of the source.
func (f tryFlags) queryAt(at time.Time) pull.Query {
	count := f.count
	if count == 0 {
		count = pull.MaxSnapshotItems
	}
	return pull.Query{Argument: f.argument, Count: count, Language: f.language, At: at}
}

// each tries documents side by side, and hands the results on in their order.
func (t *trier) each(ctx context.Context, files []string, tell func(Tried) error) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	queue := make(chan chan Tried, t.atOnce)
	room := make(chan struct{}, t.atOnce)
	go func() {
		defer close(queue)
		for _, file := range files {
			slot := make(chan Tried, 1)
			select {
			case room <- struct{}{}:
			case <-ctx.Done():
				return
			}
			go func() {
				defer func() { <-room }()
				slot <- t.tryDocument(ctx, file)
			}()
			queue <- slot
		}
	}()
	var first error
	for slot := range queue {
		r := <-slot
		if first == nil && ctx.Err() == nil {
			if first = tell(r); first != nil {
				end()
			}
		}
	}
	if first == nil && ctx.Err() != nil {
		return fmt.Errorf("try the documents: %w", ctx.Err())
	}
	return first
}
