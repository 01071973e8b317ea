package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
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
		for _, l := range slices.Concat(shown.Held.Laters, shown.Held.Lapsed) {
			ids = append(ids, l.Keyword)
		}
		if q := shown.Held.Question; q != nil {
			ids = append(ids, q.Slot)
		}
		if c := shown.Held.Cursor; c != nil {
			ids = append(ids, c.Keyword)
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
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
	line := func(name string, values ...string) {
		for _, value := range values {
			if value != "" {
				writeCells(w, cli.Say(name, nil), value)
			}
		}
	}
	for _, held := range heldLines {
		line(held.word, held.values(&s.Held, name)...)
	}
	line("held.code", s.Code)
	records := fmt.Sprint(s.Records)
	if s.Records > 0 {
		records = formatSince(records, s.Since)
	}
	line("held.records", records)
	return w.Flush()
}

// heldLines are what the text says of a reader's document, in order: whatever the document holds
// changes one of them.
//
//nolint:gochecknoglobals // it does not change
var heldLines = []struct {
	word   string
	values func(h *console.ReaderHeld, name called) []string
}{
	{"held.state", func(h *console.ReaderHeld, _ called) []string { return []string{stateLine(*h)} }},
	{"held.leaves", func(h *console.ReaderHeld, _ called) []string { return []string{formatTime(h.Leaves)} }},
	{"held.noticed", func(h *console.ReaderHeld, _ called) []string { return []string{formatTime(h.Noticed)} }},
	{"held.mode", func(h *console.ReaderHeld, _ called) []string { return []string{strings.TrimPrefix(h.Mode, "bot")} }},
	{"held.conversation", func(h *console.ReaderHeld, _ called) []string {
		if h.Talk == nil {
			return nil
		}
		return []string{formatSince(fmt.Sprint(h.Talk.Ask), h.Talk.Since)}
	}},
	{"held.language", func(h *console.ReaderHeld, _ called) []string { return []string{h.Language} }},
	{"held.zone", func(h *console.ReaderHeld, _ called) []string { return []string{h.TimeZone} }},
	{"held.preference", func(h *console.ReaderHeld, _ called) []string { return preferenceLines(h) }},
	{"held.consent", func(h *console.ReaderHeld, _ called) []string { return []string{consentLine(h.Consent)} }},
	{"held.first", func(h *console.ReaderHeld, _ called) []string { return []string{formatTime(h.First)} }},
	{"held.last_day", func(h *console.ReaderHeld, _ called) []string { return []string{h.Asked} }},
	{"held.address", func(h *console.ReaderHeld, _ called) []string { return []string{h.Address} }},
	{"held.names", func(h *console.ReaderHeld, _ called) (all []string) {
		for _, n := range h.Names {
			all = append(all, n.Pseudonym+", "+formatTime(n.At))
		}
		return all
	}},
	{"held.told", func(h *console.ReaderHeld, _ called) (all []string) {
		for _, is := range []struct {
			true bool
			word string
		}{{h.Greeted, "held.greeted"}, {h.Invited, "held.invited"}, {h.Guest, "held.guest"}} {
			if is.true {
				all = append(all, cli.Say(is.word, nil))
			}
		}
		return all
	}},
	{"held.met", func(h *console.ReaderHeld, _ called) []string { return []string{formatTime(h.Met)} }},
	{"held.member", func(h *console.ReaderHeld, _ called) []string { return h.Memberships }},
	{"held.pulled", func(h *console.ReaderHeld, name called) (all []string) {
		for _, p := range h.Recent {
			all = append(all, strings.TrimSpace(name(p.Keyword)+" "+p.Argument)+", "+formatTime(p.At))
		}
		return all
	}},
	{"held.saved", func(h *console.ReaderHeld, name called) (all []string) {
		for _, p := range h.Saved {
			all = append(all, strings.TrimPrefix(p.List+": ", ": ")+strings.TrimSpace(name(p.Keyword)+" "+p.Argument))
		}
		return all
	}},
	{"held.later", func(h *console.ReaderHeld, name called) []string { return laterLines(h.Laters, name) }},
	{"held.lapsed", func(h *console.ReaderHeld, name called) []string { return laterLines(h.Lapsed, name) }},
	{"held.chosen", func(h *console.ReaderHeld, name called) (all []string) {
		for _, c := range h.Choices {
			all = append(all, strings.TrimSpace(c.Asked+": "+name(c.Keyword)+" "+c.Argument))
		}
		return all
	}},
	{"held.question", func(h *console.ReaderHeld, name called) []string {
		q := h.Question
		if q == nil {
			return nil
		}
		asked := cmp.Or(q.Asked, q.Wish, q.Said, name(q.Slot))
		return []string{cli.Say("held.until", words.Args{"asked": asked, "moment": formatTime(q.Expires)})}
	}},
	{"held.vain", func(h *console.ReaderHeld, _ called) []string {
		if h.Missed == nil {
			return nil
		}
		return []string{cli.Say("held.missed", words.Args{"asked": h.Missed.Asked, "moment": formatTime(h.Missed.At)})}
	}},
	{"held.vain_in_a_row", func(h *console.ReaderHeld, _ called) []string { return []string{countOf(h.NotHeard)} }},
	{"held.more", func(h *console.ReaderHeld, name called) []string {
		if h.Cursor == nil {
			return nil
		}
		asked := strings.TrimSpace(name(h.Cursor.Keyword) + " " + h.Cursor.Argument)
		return []string{cli.Say("held.until", words.Args{"asked": asked, "moment": formatTime(h.Cursor.Expires)})}
	}},
	{"held.settled", func(h *console.ReaderHeld, _ called) []string { return []string{joinNumbers(h.Settled)} }},
	{"held.unsent", func(h *console.ReaderHeld, _ called) []string { return []string{joinNumbers(h.Unsent)} }},
	{"held.gave_way", func(h *console.ReaderHeld, _ called) []string { return []string{countOf(h.Earlier)} }},
}

// preferenceLines returns what the reader told to remember, each with its last use.
func preferenceLines(h *console.ReaderHeld) (all []string) {
	names := slices.Concat(slices.Collect(maps.Keys(h.Preferences)), slices.Collect(maps.Keys(h.Heeded)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		text := strings.TrimSpace(name + " " + h.Preferences[name])
		if at := h.Heeded[name]; !at.IsZero() {
			text += ", " + formatTime(at)
		}
		all = append(all, text)
	}
	return all
}

// laterLines returns what was ordered for a time, and what is waited for.
func laterLines(laters []console.ReaderLater, name called) (all []string) {
	for _, l := range laters {
		asked := cmp.Or(l.Said, strings.TrimSpace(name(l.Keyword)+" "+l.Argument))
		all = append(all, cli.Say("held.due", words.Args{"asked": asked, "moment": formatTime(l.Due)}))
	}
	return all
}

// countOf returns a number, or empty if it is none.
func countOf(n int) string { return strings.TrimPrefix(fmt.Sprint(n), "0") }

// joinNumbers lists numbers.
func joinNumbers(all []uint64) string { return strings.Trim(fmt.Sprint(all), "[]") }

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
