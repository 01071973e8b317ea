package main

import (
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
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
	"keypull/web/console"
)

// demandFlags are those of "keypull demand".
type demandFlags struct {
	config, publisher string
	days              int
	json              bool
}

func newDemandCommand() *cobra.Command {
	var f demandFlags
	cmd := &cobra.Command{
		Use:   "demand",
		Short: "List what readers asked, met and unmet",
		Long: "demand lists what readers wrote that no keyword answered, what they took instead, and how often\n" +
			"each keyword was asked. Words are shown once five different readers wrote them; numbers and\n" +
			"addresses are hidden. What the publisher tried itself in vain, in the console, by the API or by\n" +
			"keypull ask, stands apart, marked \"own\" in JSON, and is in no count.",
		Example: "  keypull demand --publisher lecker --days 7",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(listDemand(cmd, f)) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; all of them where not given")
	f.days = 30
	cmd.Flags().Var(cli.Number(&f.days, 1, journal.DemandDays), "days", "how many days back, today among them (1 to 90)")
	cmd.Flags().BoolVar(&f.json, "json", false, "print it as JSON, one line a publisher")
	return cmd
}

func listDemand(cmd *cobra.Command, f demandFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		return eachPublisher(ctx, f.publisher, func(id string) error {
			a, err := console.ListDemand.Call(ctx,
				console.DemandList{Of: console.Of{Publisher: id}, Days: f.days})
			if err != nil {
				return err
			}
			name, err := demandedNames(ctx, id, a.Demand)
			if err != nil {
				return err
			}
			return f.printDemand(cmd.OutOrStdout(), id, a, name)
		})
	})
}

// eachPublisher goes through the publisher that is named, or all that the caller may see.
func eachPublisher(ctx context.Context, named string, do func(id string) error) error {
	ids := []string{named}
	if named == "" {
		var err error
		if ids, err = publisherIDs(ctx); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := do(id); err != nil {
			return err
		}
	}
	return nil
}

// demandedNames tells what the keywords are called that demand speaks of.
func demandedNames(ctx context.Context, publisher string, d journal.Demand) (called, error) {
	var ids []string
	for _, u := range d.Unmet {
		ids = append(ids, u.Near...)
	}
	for _, p := range d.Proposals {
		ids = append(ids, p.Keyword)
	}
	for _, k := range d.Keywords {
		ids = append(ids, k.ID)
	}
	return namesOf(ctx, publisher, catalogue.ResourceKeyword, ids...)
}

// called tells what a thing is called, with its id where that is another.
type called func(id string) string

// namesOf asks the server for the names of things.
func namesOf(ctx context.Context, publisher string, resource catalogue.Resource, ids ...string) (called, error) {
	name, err := console.Names(ctx, publisher, resource, ids...)
	return func(id string) string {
		if now := name(id); now != id {
			return now + " (" + id + ")"
		}
		return id
	}, err
}

// joinNames names many.
func (n called) joinNames(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = n(id)
	}
	return strings.Join(names, ", ")
}

// publisherIDs returns all that the caller may see.
func publisherIDs(ctx context.Context) (ids []string, err error) {
	err = eachPage(ctx, console.ListPublishers, func(cursor string) console.PublisherList {
		return console.PublisherList{Page: console.Page{Cursor: cursor}}
	}, func(page console.PublisherListed) (next string, err error) {
		for _, p := range page.Publishers {
			ids = append(ids, p.ID)
		}
		return page.Next, nil
	})
	return ids, err
}

// publishedDemand is a publisher's demand as a line of JSON.
type publishedDemand struct {
	Publisher string `json:"publisher"`
	console.DemandAnswer
}

func (f demandFlags) printDemand(out io.Writer, publisher string, a console.DemandAnswer, name called) error {
	if f.json {
		return cli.PrintJSONLine(out, publishedDemand{publisher, a})
	}
	d := a.Demand
	_, err := fmt.Fprintln(out, cli.Say("cli.demand_counts", words.Args{
		"publisher": publisher, "from": d.From.Format(time.DateOnly), "until": d.Until.Format(time.DateOnly), "asks": d.Asks,
		"answered": d.Answered, "offered": d.Offered, "helped": d.Helped, "refused": d.Refused, "missed": d.Missed, "commands": d.Commands, "greetings": d.Greetings,
	}))
	return errors.Join(err, printUnmet(out, a, name), printOwn(out, d.Unmet, name), printProposals(out, d.Proposals, name, "cli.demand_took"), printProposals(out, d.Helps, name, "cli.demand_helped_by"), printDemanded(out, d.Keywords, name))
}

func printUnmet(out io.Writer, a console.DemandAnswer, name called) error {
	if !slices.ContainsFunc(a.Demand.Unmet, ofReaders) && a.Demand.Withheld+a.Demand.Bare == 0 {
		return nil
	}
	w := newTable(out, "cli.demand_vain", "cli.demand_times", "cli.demand_readers", "cli.demand_last", "cli.demand_near")
	for _, u := range a.Demand.Unmet {
		if u.Own {
			continue
		}
		text := u.Text
		if text == "" {
			text = cli.Say("cli.demand_not_shown", nil)
		}
		writeCells(w, text, fmt.Sprint(u.Asks), readersWaiting(u), u.Last.UTC().Format("2006-01-02 15:04"), orDash(name.joinNames(u.Near)))
	}
	for _, more := range []struct {
		n    int
		what string
	}{{a.MoreUnmet, "cli.demand_others"}, {a.Demand.Withheld, "cli.demand_withheld"}, {a.Demand.Bare, "cli.demand_bare"}} {
		if more.n > 0 {
			writeCells(w, cli.Say(more.what, nil), fmt.Sprint(more.n), "-", "-", "-")
		}
	}
	return w.Flush()
}

func ofReaders(u journal.Unmet) bool { return !u.Own }

// printOwn lists what the publisher tried itself.
func printOwn(out io.Writer, all []journal.Unmet, name called) error {
	own := slices.DeleteFunc(slices.Clone(all), ofReaders)
	if len(own) == 0 {
		return nil
	}
	w := newTable(out, "cli.demand_own", "cli.demand_times", "cli.demand_last", "cli.demand_near")
	for _, u := range own {
		writeCells(w, u.Text, fmt.Sprint(u.Asks), u.Last.UTC().Format("2006-01-02 15:04"), orDash(name.joinNames(u.Near)))
	}
	return w.Flush()
}

func printProposals(out io.Writer, all []journal.Proposal, name called, taken string) error {
	if len(all) == 0 {
		return nil
	}
	w := newTable(out, "cli.demand_wrote", taken, "cli.demand_times", "cli.demand_readers")
	for _, p := range all {
		writeCells(w, p.Text, strings.TrimSpace(name(p.Keyword)+" "+p.Argument), fmt.Sprint(p.Times), readersOf(p.Readers))
	}
	return w.Flush()
}

func printDemanded(out io.Writer, all []journal.KeywordDemand, name called) error {
	if len(all) == 0 {
		return nil
	}
	w := newTable(out, "cli.demand_keyword", "cli.demand_asked", "cli.demand_answered", "cli.demand_refused", "cli.demand_offered", "cli.demand_helped")
	for _, k := range all {
		writeCells(w, name(k.ID), fmt.Sprint(k.Asked), fmt.Sprint(k.Answered), fmt.Sprint(k.Refused), fmt.Sprint(k.Offered), fmt.Sprint(k.Helped))
	}
	return w.Flush()
}

// readersWaiting tells how many readers there were, and how many of them wait for an answer.
func readersWaiting(u journal.Unmet) string {
	if u.Waiting == 0 {
		return readersOf(u.Readers)
	}
	return cli.Say("cli.demand_waiting", words.Args{"n": readersOf(u.Readers), "waiting": u.Waiting})
}

// readersOf tells how many readers there were, and not which few.
func readersOf(n int) string {
	if n == 0 {
		return cli.Say("cli.demand_fewer", words.Args{"n": journal.KnownReaders})
	}
	return fmt.Sprint(n)
}

// newTable begins a table with aligned columns, whose heads are sentences' keys.
func newTable(out io.Writer, head ...string) *tabwriter.Writer {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, key := range head {
		head[i] = cli.Say(key, nil)
	}
	_, _ = fmt.Fprintln(w) // Flush tells what went wrong
	writeCells(w, head...)
	return w
}

// writeCells writes a line; Flush tells what went wrong.
func writeCells(w io.Writer, all ...string) { _, _ = fmt.Fprintln(w, strings.Join(all, "\t")) }
