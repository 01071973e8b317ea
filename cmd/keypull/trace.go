package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
)

// traceFlags are those of "keypull trace".
type traceFlags struct {
	config, publisher string
	json, replay      bool
}

func newTraceCommand() *cobra.Command {
	var f traceFlags
	cmd := &cobra.Command{
		Use:   "trace ASK",
		Short: "Show how one ask was answered",
		Long: "trace shows what was understood of an ask, whose facts were used, how fresh the answer was, and\n" +
			"whether it was sent, for the 30 days for which that is kept; never who asked, nor the words.\n" +
			"--replay asks the same keyword once more as of that moment, and says whether the recorded reply\n" +
			"comes again, or why not.",
		Example: "  keypull trace 1729 --json",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(showTrace(cmd, f, args[0])) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; all of them are looked through where not given")
	cmd.Flags().BoolVar(&f.replay, "replay", false, "answer it once more and compare that with the recorded reply")
	cmd.Flags().BoolVar(&f.json, "json", false, "print it as JSON")
	return cmd
}

func showTrace(cmd *cobra.Command, f traceFlags, ask string) error {
	return onServer(cmd, f.config, func(ctx context.Context) error {
		shown, err := f.findTrace(ctx, ask)
		if err != nil {
			return err
		}
		if f.replay {
			return replayTrace(ctx, cmd, f, shown)
		}
		if f.json {
			return cli.PrintJSON(cmd.OutOrStdout(), shown)
		}
		told, err := explainTrace(ctx, shown.Publisher, shown.Journal())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s, %s: %s\n%s", shown.Publisher, shown.Channel, formatTime(shown.At), shown.Sent.Fate, told)
		return err
	})
}

// findTrace looks for an ask at the publisher that is named, or at all.
func (f traceFlags) findTrace(ctx context.Context, ask string) (shown console.TraceShown, err error) {
	ids := []string{f.publisher}
	if f.publisher == "" {
		if ids, err = publisherIDs(ctx); err != nil {
			return shown, err
		}
	}
	for _, id := range ids {
		shown, err = console.ShowTrace.Call(ctx, console.TraceOf{Of: console.Of{Publisher: id}, Ask: ask})
		if pull.KindOf(err) != pull.Unknown {
			return shown, err
		}
	}
	return shown, err
}

// replayTrace answers an ask of before once more; and says whether the recorded reply came again.
func replayTrace(ctx context.Context, cmd *cobra.Command, f traceFlags, shown console.TraceShown) error {
	r, err := console.ReplayTrace.Call(ctx, console.TraceOf{Of: console.Of{Publisher: shown.Publisher}, Ask: strconv.FormatUint(shown.Ask, 10)})
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), r)
	}
	if r.Same {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s\n", cli.Say("replay.same", nil), r.Recorded)
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n- %s\n+ %s\n", cli.Say("replay."+string(r.Why), words.Args{"then": formatTime(r.Then), "now": formatTime(r.Now)}),
		strings.ReplaceAll(r.Recorded, "\n", "\n- "), strings.ReplaceAll(r.Replayed, "\n", "\n+ "))
	return err
}
