package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/demo"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
	"keypull/web/console"
)

// askFlags are those of "keypull ask".
type askFlags struct {
	config, publisher, channel, reader, language string
	at                                           time.Time
	json, explain, keep                          bool
}

func newAskCommand() *cobra.Command {
	var f askFlags
	cmd := &cobra.Command{
		Use:   "ask WORDS…",
		Short: "Answer one message as a reader would have it answered",
		Long: "ask answers one message by the same code as the real path: understanding, freshness,\n" +
			"wording, and the channel's limits. It is a dry copy: nothing is sent, and no reader,\n" +
			"record or figure is stored unless --keep is given. Words that no keyword knows are noted as\n" +
			"the publisher's own try: see keypull demand. Where there is neither a configuration nor a store\n" +
			"the demo's small world answers.",
		Example: "  keypull ask tiramisu\n  keypull ask --channel tg --explain quote WIPRO\n  keypull ask --json --at 2026-12-01T09:15:00+01:00 news",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return cli.Failed(runAsk(cmd, f, strings.Join(args, " ")))
		},
	}
	configFlag(cmd, &f.config)
	flags := cmd.Flags()
	flags.StringVar(&f.publisher, "publisher", "", "`id` of the publisher; the first one where not given")
	flags.StringVar(&f.channel, "channel", "", "`id` of the channel whose limits and body to show; all shows every channel and kind of messenger side by side")
	flags.StringVar(&f.reader, "reader", "ask", "platform's `id` of the reader who asks")
	flags.Var(cli.Tongue(&f.language), "language", "language `tag` that the platform would tell")
	flags.Var(cli.Moment(&f.at), "at", "moment of the ask, as RFC 3339 `time`; now where not given")
	flags.BoolVar(&f.json, "json", false, "print reply, messages and trace as JSON")
	flags.BoolVar(&f.explain, "explain", false, "print how the answer came about, in plain words")
	flags.BoolVar(&f.keep, "keep", false, "write the reader's document")
	return cmd
}

func runAsk(cmd *cobra.Command, f askFlags, text string) error {
	in := console.AskRun{Of: console.Of{Publisher: f.publisher}, Channel: f.channel, Reader: f.reader, Text: text, Language: f.language, At: f.at, Keep: f.keep}
	c, err := servedConfig(cmd, f.config)
	if err != nil {
		return err
	}
	without := passing
	if f.keep {
		without = made
	}
	if _, err := os.Stat(f.config); errors.Is(err, fs.ErrNotExist) && hasNoStore(c) && !f.keep {
		world, own, err := demoInPassing(cmd.Context())
		if err != nil {
			return err
		}
		defer func() { _ = world.Close() }() // nothing of it is left
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), cli.Say("cli.ask_demo", nil))
		c = own
	}
	return withOperations(cmd.Context(), c, !f.keep, without, hintKnownIDs(cmd, func(ctx context.Context) (err error) {
		if in.Publisher == "" {
			if in.Publisher, err = firstPublisher(ctx, c); err != nil {
				return err
			}
		}
		a, err := console.RunAsk.Call(ctx, in)
		if err != nil {
			return err
		}
		if f.json || !f.explain {
			return printAnswer(cmd.OutOrStdout(), a, f, "")
		}
		told, err := explainTrace(ctx, in.Publisher, a.Trace)
		if err != nil {
			return err
		}
		return printAnswer(cmd.OutOrStdout(), a, f, "\n"+told)
	}))
}

// demoInPassing returns the demo's world, and a configuration of it without a store.
func demoInPassing(ctx context.Context) (*demo.World, *config.Config, error) {
	world, err := demo.Start(context.WithoutCancel(ctx), demo.Options{Seed: uint64(time.Now().UnixNano())})
	if err != nil {
		return nil, nil, err
	}
	text, err := demo.Config(world.URL(), filepath.Join(os.TempDir(), "keypull-none"), "127.0.0.1:0")
	if err != nil {
		return nil, nil, errors.Join(err, world.Close())
	}
	c, found := config.Read("demo.toml", []byte(text), os.LookupEnv, allKinds())
	if found.Errors() > 0 {
		return nil, nil, errors.Join(fmt.Errorf("the demo's configuration: %s", found), world.Close())
	}
	return world, c, nil
}

// firstPublisher returns who is meant where nobody is named: the first of the file,
// else of the console.
func firstPublisher(ctx context.Context, c *config.Config) (string, error) {
	if len(c.Publishers) > 0 {
		return c.Publishers[0].ID, nil
	}
	all, err := publisherIDs(ctx)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "config.no_publisher"}}
	}
	return all[0], nil
}

func printAnswer(w io.Writer, a console.AskAnswer, f askFlags, told string) error {
	if f.json {
		return cli.PrintJSON(w, a)
	}
	var b strings.Builder
	if len(a.Channels) == 0 {
		writeMessages(&b, a.Messages)
	}
	for i, c := range a.Channels {
		name := c.Title
		if c.Channel != "" {
			name += " (" + c.Channel + ")"
		}
		fmt.Fprintf(&b, "%s== %s\n", strings.Repeat("\n", min(i, 1)), name)
		writeMessages(&b, c.Messages)
	}
	b.WriteString(told)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// writeMessages writes what a reader would see.
func writeMessages(b *strings.Builder, messages []console.WireMessage) {
	if len(messages) == 0 {
		b.WriteString("(silence)\n")
	}
	for i, m := range messages {
		if i > 0 {
			b.WriteString("\n---\n")
		}
		for _, media := range m.Media {
			fmt.Fprintf(b, "(%s: %s)\n", media.Type, media.URL)
		}
		if m.Text != "" {
			b.WriteString(m.Text + "\n")
		}
		for _, button := range m.Buttons {
			fmt.Fprintf(b, "[%s]\n", button.Label)
		}
		for _, row := range m.Rows {
			fmt.Fprintf(b, "- %s\n", row.Label)
		}
	}
}

// formatEvidence tells what spoke for and against, the heaviest first.
func formatEvidence(terms map[string]float64) string {
	names := slices.SortedFunc(maps.Keys(terms), func(a, b string) int {
		return cmp.Or(cmp.Compare(math.Abs(terms[b]), math.Abs(terms[a])), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %+.2f", name, terms[name])
	}
	return strings.Join(names, ", ")
}

// explainTrace tells a trace in plain words.
func explainTrace(ctx context.Context, publisher string, t journal.Trace) (string, error) {
	keywords, sources := append(slices.Clone(t.What.Offered), t.What.Runners...), []string{}
	for w := range t.Ran() {
		keywords, sources = append(keywords, w.Keyword), append(sources, w.When.Source)
	}
	keyword, err := namesOf(ctx, publisher, catalogue.ResourceKeyword, append(keywords, t.What.Keyword)...)
	if err != nil {
		return "", err
	}
	source, err := namesOf(ctx, publisher, catalogue.ResourceSource, sources...)
	if err != nil {
		return "", err
	}
	return explainText(t, keyword, source), nil
}

// explainText tells it with the names of keywords and sources.
func explainText(t journal.Trace, keyword, source called) string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-6s"+format+"\n", append([]any{name}, args...)...)
	}
	switch {
	case t.What.Command != "":
		line("what", "the command %s", t.What.Command)
	case len(t.Wishes) > 0:
		line("what", "%d keywords, by the rule %q (%d look-ups)", len(t.Wishes), t.What.Tier, t.What.Probes)
	case t.What.Keyword != "":
		line("what", "keyword %s, argument %q, by the rule %q (%d look-ups)", keyword(t.What.Keyword), t.What.Argument, t.What.Tier, t.What.Probes)
	case len(t.What.Offered) > 0:
		line("what", "offered: %s, by the rule %q (%d look-ups)", keyword.joinNames(t.What.Offered), t.What.Tier, t.What.Probes)
	default:
		line("what", "no keyword knows %q (%d look-ups)", t.What.Unknown, t.What.Probes)
	}
	if t.What.Reason != "" {
		line("why", "%s", t.What.Reason)
	}
	if len(t.What.Terms) > 0 {
		line("sure", "%.2f: %s", t.What.Certainty, formatEvidence(t.What.Terms))
	}
	if in := t.What.Inside; in != nil {
		line("sure", "%.2f that it is about this item, which covers %.2f of what is said; the next is %.2f behind", in.Certainty, in.Coverage, in.Gap)
	}
	if t.What.Corrected {
		line("", "not spelt as the keyword is, so the answer names it")
	}
	if len(t.What.Runners) > 0 {
		line("near", "%s", keyword.joinNames(t.What.Runners))
	}
	for _, v := range t.What.Variants {
		lacks := ""
		if v.Lacks != "" {
			lacks = ", for lack of: " + v.Lacks
		}
		line("for", "keyword %s, by %s: %s%s", keyword(v.Keyword), cmp.Or(strings.Join(v.By, ", "), "nothing"), v.Stand, lacks)
	}
	line("who", "answered in %s (by %s), zone %s", t.Who.Language, t.Who.From, t.Who.Zone)
	for w := range t.Ran() {
		if len(t.Wishes) > 0 {
			line("wish", "keyword %s, argument %q: %s", keyword(w.Keyword), w.Argument, w.Outcome)
		}
		if w.When.Source != "" && w.When.Verdict != "" {
			line("when", "source %s: %s, asked upstream: %s (%d requests), as of %s", source(w.When.Source), w.When.Verdict,
				w.When.Asked, w.When.Requests, w.When.AsOf.Format(time.RFC3339))
		}
	}
	if found := t.What.Inside; found != nil {
		line("found", "%.2f: coverage %.2f, gap %.2f", found.Certainty, found.Coverage, found.Gap)
	}
	line("took", "%.2f ms: what %.2f, when %.2f, say %.2f", t.Took.Total, t.Took.What, t.Took.When, t.Took.Say)
	if t.Error != "" {
		line("error", "%s", t.Error)
	}
	return b.String()
}
