package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/messengers"
)

// held is all that the store has of readers.
type held struct {
	*store.Ledger
	*store.Inbox
	*store.Dead
}

// newErasure returns what takes readers out of the installation's store.
func (in *installation) newErasure() store.Erasure {
	return store.Erasure{Ledger: in.ledger, Demand: in.resources.demand}
}

// forgetReader erases a reader: in the reader's line where a server answers
// readers, else with the asks that an earlier one has left.
func (in *installation) forgetReader(ctx context.Context, publisher string, key who.Key) error {
	erase := func(ctx context.Context) error { return in.eraseReader(ctx, publisher, key) }
	if in.line != nil {
		return in.line(ctx, key, erase)
	}
	dropped, err := store.NewInbox(in.ledger).Drop(ctx, key)
	if err != nil {
		return err
	}
	err = erase(ctx)
	if dropped > 0 && errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// changeReader rewrites a reader's document: beside the asks of a server that answers
// readers, else where nobody else writes.
func (in *installation) changeReader(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error {
	if in.change != nil {
		return in.change(ctx, key, f)
	}
	r, revision, err := in.ledger.Reader(ctx, key)
	if err != nil || revision == 0 {
		return err
	}
	_, err = in.ledger.Put(ctx, key, f(r), revision)
	return err
}

// eraseReader erases a reader, or one of whom nothing is held but dead letters.
func (in *installation) eraseReader(ctx context.Context, publisher string, key who.Key) error {
	if in.handouts != nil {
		in.handouts.Forget(key)
		in.moves.Forget(key)
	}
	in.alarms.Forget(key)
	in.desk.Forget(key)
	dead, err := in.resources.dead.Forget(ctx, publisher, key)
	if err != nil {
		return err
	}
	err = in.newErasure().Erase(ctx, publisher, key)
	if dead > 0 && errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// eraseLeaving erases the reader of an ask, and what its channel knows of them.
func (in *installation) eraseLeaving(ctx context.Context, a pull.Ask) error {
	if err := in.eraseReader(ctx, a.Publisher, a.Reader); err != nil {
		return err
	}
	if c := in.channels.Find(a.Publisher, a.Channel); c != nil {
		if f, keeps := c.Messenger.(messengers.Forgetter); keeps {
			f.Forget(a.Address)
		}
	}
	return nil
}

// readerFlags are those of "keypull reader" and its subcommands.
type readerFlags struct {
	config, publisher, channel, id string
	json, yes                      bool
}

func newReaderCommand() *cobra.Command {
	var f readerFlags
	cmd := &cobra.Command{
		Use:   "reader",
		Short: "Carry out what readers have a right to",
		Args:  cobra.NoArgs,
	}
	show := &cobra.Command{
		Use: "show", Short: "Show what is held of a reader", Args: cobra.NoArgs,
		Example: "  keypull reader show --publisher lecker --channel tg --id 123456789",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(showReader(cmd, f)) },
	}
	export := &cobra.Command{
		Use: "export", Short: "Print all that is held of a reader as one JSON document", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(exportReader(cmd, f)) },
	}
	forget := &cobra.Command{
		Use: "forget", Short: "Erase a reader at once, without a message to the reader", Args: cobra.NoArgs,
		Long: "forget overwrites the key of the reader's document and erases document and records; asks that\n" +
			"wait are dropped. Counts stay, since they name nobody, and who said STOP stays stopped, by a\n" +
			"keyed hash. It can't be undone.",
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(forgetReader(cmd, f)) },
	}
	for _, c := range []*cobra.Command{show, export, forget} {
		configFlag(c, &f.config)
		c.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher")
		c.Flags().StringVar(&f.channel, "channel", "", "`id` of the channel that the reader writes on")
		c.Flags().StringVar(&f.id, "id", "", "`id` or address that the reader has on the platform; on a web chat, the session, or the code that MYDATA tells")
		c.Flags().BoolVar(&f.json, "json", false, "print what came of it as JSON")
		for _, name := range []string{"publisher", "channel", "id"} {
			_ = c.MarkFlagRequired(name) // it is there: see above
		}
		cmd.AddCommand(c)
	}
	forget.Flags().BoolVar(&f.yes, "yes", false, "do not ask first")
	return cmd
}

func (f readerFlags) of() console.ReaderOf {
	return console.ReaderOf{Of: console.Of{Publisher: f.publisher}, Channel: f.channel, ID: f.id}
}

func showReader(cmd *cobra.Command, f readerFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		shown, err := console.ShowReader.Call(ctx, f.of())
		if err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), shown)
		}
		var ids []string
		for _, p := range slices.Concat(shown.Held.Recent, shown.Held.Saved) {
			ids = append(ids, p.Keyword)
		}
		for _, c := range shown.Held.Choices {
			ids = append(ids, c.Keyword)
		}
		name, err := namesOf(ctx, f.publisher, catalogue.ResourceKeyword, ids...)
		if err != nil {
			return err
		}
		return tellReader(cmd.OutOrStdout(), shown, name)
	})
}

// tellReader prints what is held, a line for each thing that is.
func tellReader(out io.Writer, s console.ReaderShown, name called) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	h := s.Held
	line := func(name, value string) {
		if value != "" {
			writeCells(w, cli.Say(name, nil), value)
		}
	}
	line("held.state", stateLine(h))
	line("held.language", h.Language)
	line("held.zone", h.TimeZone)
	line("held.consent", consentLine(h.Consent))
	line("held.first", formatTime(h.First))
	line("held.address", h.Address)
	line("held.code", s.Code)
	for _, p := range h.Recent {
		line("held.pulled", strings.TrimSpace(name(p.Keyword)+" "+p.Argument)+", "+formatTime(p.At))
	}
	for _, p := range h.Saved {
		line("held.saved", strings.TrimSpace(name(p.Keyword)+" "+p.Argument))
	}
	for _, c := range h.Choices {
		line("held.chosen", strings.TrimSpace(c.Asked+": "+name(c.Keyword)+" "+c.Argument))
	}
	if q := h.Question; q != nil {
		line("held.question", cli.Say("held.until", words.Args{"asked": q.Asked, "moment": formatTime(q.Expires)}))
	}
	if m := h.Missed; m != nil {
		line("held.vain", cli.Say("held.missed", words.Args{"asked": m.Asked, "moment": formatTime(m.At)}))
	}
	records := fmt.Sprint(s.Records)
	if s.Records > 0 {
		records = formatSince(records, s.Since)
	}
	line("held.records", records)
	return w.Flush()
}

// formatSince returns what has been so for a while.
func formatSince(what string, at time.Time) string {
	return cli.Say("held.since", words.Args{"what": what, "moment": formatTime(at)})
}

func stateLine(h console.ReaderHeld) string {
	if h.Since.IsZero() {
		return h.State
	}
	return formatSince(h.State, h.Since)
}

func consentLine(c *console.ReaderConsent) string {
	switch {
	case c == nil:
		return ""
	case c.Given:
		return cli.Say("held.given", words.Args{"moment": formatTime(c.At)})
	}
	return cli.Say("held.refused", words.Args{"moment": formatTime(c.At)})
}

// formatTime returns a time for people at a terminal, or empty if there is none.
func formatTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04 UTC")
}

func exportReader(cmd *cobra.Command, f readerFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		all, err := console.ExportReader.Call(ctx, f.of())
		if err != nil {
			return err
		}
		return cli.PrintJSON(cmd.OutOrStdout(), all)
	})
}

// errKept says that nothing was done, since nobody said yes.
var errKept = words.Fail(nil, "cli.kept", nil)

func forgetReader(cmd *cobra.Command, f readerFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		if !f.yes {
			// Whoever is not there is not asked about.
			if _, err := console.ShowReader.Call(ctx, f.of()); err != nil {
				return err
			}
			if !confirmed(cmd, "cli.forget_ask") {
				return errKept
			}
		}
		if _, err := console.ForgetReader.Call(ctx, f.of()); err != nil {
			return err
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), map[string]bool{"forgotten": true})
		}
		_, err := fmt.Fprintln(cmd.OutOrStdout(), cli.Say("cli.forgotten", nil))
		return err
	})
}

// confirmed asks at the terminal; anything but yes is no, and English is understood
// by all.
func confirmed(cmd *cobra.Command, question string) bool {
	yes := words.Text{Key: "cli.yes"}
	return slices.Contains(strings.Fields(yes.String()+" "+yes.In(cli.Language())), strings.ToLower(answerTo(cmd, question, nil)))
}

// answerTo returns what somebody answers at the terminal.
func answerTo(cmd *cobra.Command, question string, args words.Args) string {
	_, _ = fmt.Fprint(cmd.ErrOrStderr(), cli.Say(question, args)+" ")
	answer, _ := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	return strings.TrimSpace(answer)
}
