package source

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/corrections"
)

// refreshFlags are those of "keypull source refresh".
type refreshFlags struct {
	config, publisher string
	json              bool
}

func (w World) newRefreshCommand() *cobra.Command {
	var f refreshFlags
	cmd := &cobra.Command{
		Use: "refresh ID…", Short: "Have sources fetched anew, whatever the age of what is held", Args: cobra.MinimumNArgs(1),
		Long: "refresh has the running server fetch sources now, and tells how it went: when, how long it took,\n" +
			"how much was read, how many items came. It ends with 1 where one brought nothing.",
		Example: "  keypull source refresh -c config.toml --publisher lecker news",
		RunE: func(cmd *cobra.Command, args []string) error {
			return cli.Failed(w.OnServer(cmd, f.config, func(ctx context.Context) error { return w.refreshAll(ctx, cmd, f, args) }))
		},
	}
	w.Config(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; the one that has such a source where not given")
	cmd.Flags().BoolVar(&f.json, "json", false, "print how it went as JSON, one line each")
	return cmd
}

func (w World) refreshAll(ctx context.Context, cmd *cobra.Command, f refreshFlags, ids []string) error {
	publishers, err := w.of(ctx, f.publisher)
	if err != nil {
		return err
	}
	failed := 0
	for _, id := range ids {
		h, err := first(publishers, func(publisher string) (corrections.Health, error) {
			return corrections.RefreshSource.Call(ctx, console.SourceGet{Of: console.Of{Publisher: publisher}, ID: id})
		})
		if err != nil {
			return err
		}
		if h.Error != "" {
			failed++
		}
		if err := printHealth(cmd.OutOrStdout(), h, f.json); err != nil {
			return err
		}
	}
	if failed > 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%d brought nothing", failed)}
	}
	return nil
}

// of returns the publishers that a command line means.
func (w World) of(ctx context.Context, publisher string) ([]string, error) {
	if publisher != "" {
		return []string{publisher}, nil
	}
	return w.Publishers(ctx)
}

// first returns what f says of the first publisher that has what it asks for.
func first[T any](publishers []string, f func(publisher string) (T, error)) (out T, err error) {
	err = &pull.Error{Kind: pull.Unknown, Hint: words.Text{Key: "refusal.no_publisher"}}
	for _, id := range publishers {
		if out, err = f(id); console.KindOf(err) != pull.Unknown {
			return out, err
		}
	}
	return out, err
}

func printHealth(out io.Writer, h corrections.Health, asJSON bool) error {
	if asJSON {
		return cli.PrintJSONLine(out, h)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s: %s\n", h.Publisher, h.Source, cli.Say("cli.refreshed", words.Args{"items": h.Items, "before": h.Before, "bytes": h.Bytes, "ms": int(h.Took)}))
	for _, said := range slices.Concat([]string{h.Error}, h.Warnings) {
		if said != "" {
			fmt.Fprintf(&b, "    %s\n", said)
		}
	}
	for _, d := range h.Doubts {
		fmt.Fprintf(&b, "    %s (%d/%d)\n", d.Why, d.Count, d.Needed)
		for _, one := range d.Differences {
			fmt.Fprintf(&b, "      %s: %s → %s\n", one.State, one.Before, one.Now)
		}
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print how it went: %w", err)
	}
	return nil
}
