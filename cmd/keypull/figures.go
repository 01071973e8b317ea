package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/journal"
	"keypull/web/console"
)

// figuresFlags are those of "keypull figures".
type figuresFlags struct {
	config, publisher string
	console.FiguresGet
	json bool
}

func newFiguresCommand() *cobra.Command {
	var f figuresFlags
	cmd := &cobra.Command{
		Use:   "figures",
		Short: "Show how often readers asked, over up to two years",
		Long: "figures counts what readers asked by hour, day, month, hour of the week, keyword, channel, language or\n" +
			"source: how it ended, how long answers took and how old they were. No person is in them. Days are\n" +
			"those of the publisher's time zone; rows in which nothing was asked are left out.",
		Example: "  keypull figures --publisher lecker --from 2026-03-01 --to 2026-03-31 --by keyword",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(showFigures(cmd, f)) },
	}
	configFlag(cmd, &f.config)
	flags := cmd.Flags()
	flags.StringVar(&f.publisher, "publisher", "", "`id` of the publisher; all of them where not given")
	flags.StringVar(&f.From, "from", "", "the first `day`, such as 2026-03-01; 30 days where not given")
	flags.StringVar(&f.To, "to", "", "the last `day`, which is counted too; today where not given")
	flags.StringVar(&f.By, "by", console.ByDay, "what each row is of: hour, day, month, hour_of_week, keyword, channel, language or source")
	flags.StringVar(&f.Keyword, "keyword", "", "`id` of the one keyword to count, by day")
	flags.StringVar(&f.Channel, "channel", "", "`id` of the one channel to count, by day")
	flags.StringVar(&f.Language, "language", "", "the one language to count, by day")
	flags.StringVar(&f.Source, "source", "", "`id` of the one source to count, by day")
	flags.BoolVar(&f.json, "json", false, "print it as JSON, one line a row")
	return cmd
}

func showFigures(cmd *cobra.Command, f figuresFlags) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		return eachPublisher(ctx, f.publisher, func(id string) error {
			in := f.FiguresGet
			in.Publisher, in.Limit = id, console.MostFigureRows
			a, err := console.GetFigures.Call(ctx, in)
			if err != nil {
				return err
			}
			return f.printFigures(cmd.OutOrStdout(), id, a)
		})
	})
}

// publishedFigures is a row of a publisher's figures as a line of JSON.
type publishedFigures struct {
	Publisher string `json:"publisher"`
	console.FigureRow
}

func (f figuresFlags) printFigures(out io.Writer, publisher string, a console.FiguresAnswer) error {
	if f.json {
		for _, row := range a.Rows {
			if err := cli.PrintJSONLine(out, publishedFigures{publisher, row}); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := fmt.Fprintf(out, "%s, %s – %s\n", publisher, a.From, a.To); err != nil {
		return fmt.Errorf("print the figures: %w", err)
	}
	w := newTable(out, "cli.figures_at", "cli.figures_by", "cli.figures_asked", "cli.demand_answered", "cli.demand_helped", "cli.demand_offered", "cli.demand_refused", "cli.figures_missed", "cli.figures_stale", "cli.figures_clicks", "cli.figures_p50", "cli.figures_p99")
	a.Total.By = cli.Say("cli.figures_total", nil)
	for _, r := range append(a.Rows, a.Total) {
		writeCells(w, r.At.Format("2006-01-02 15:04"), orDash(r.By), fmt.Sprint(r.Asked), fmt.Sprint(r.Answered), fmt.Sprint(r.Helped), fmt.Sprint(r.Offered),
			fmt.Sprint(r.Refused), fmt.Sprint(r.Missed), fmt.Sprint(r.Stale), fmt.Sprint(r.Clicks), tookText(r.P50), tookText(r.P99))
	}
	return w.Flush()
}

func tookText(ms journal.Millis) string {
	return time.Duration(float64(ms) * float64(time.Millisecond)).Round(time.Millisecond).String()
}
