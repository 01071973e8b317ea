package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/corrections"
)

// itemFlags are those of "keypull item withdraw" and its neighbours.
type itemFlags struct {
	config, publisher   string
	link, id, text, say string
	source              string
	until               time.Time
	json, dry           bool
}

// Items returns the commands about single items.
func (w World) Items() []*cobra.Command {
	return []*cobra.Command{
		w.decide("withdraw", "Take an item back, so that no reader gets it any more",
			"withdraw takes an item back: from every source of the publisher, from what is kept for when they\n"+
				"fail, and from answers that wait to be sent. It stays out although a source still carries it, also\n"+
				"under another id with the same link. Once the command has ended no reader gets it.", corrections.WithdrawItem),
		w.decide("correct", "Tell an item with a line of correction",
			"correct has an item told with a line. Readers who saw it before are told the line with the next\n"+
				"answer that they ask for.", corrections.CorrectItem),
		w.restore(), w.withdrawn(),
	}
}

func (w World) decide(use, short, long string, do console.Operation[corrections.ItemNamed, corrections.Withdrawal]) *cobra.Command {
	var f itemFlags
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs, Long: long,
		Example: "  keypull item " + use + " -c config.toml --publisher lecker --link https://lecker.example/soup --say 'It was too salty.'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.dry {
				return cli.Failed(w.OnServer(cmd, f.config, func(ctx context.Context) error { return f.printItems(ctx, cmd.OutOrStdout()) }))
			}
			return cli.Failed(w.OnNew(cmd, f.config, func(ctx context.Context) error {
				done, err := do.Call(ctx, corrections.ItemNamed{
					Of: console.Of{Publisher: f.publisher}, Link: f.link, ID: f.id, Text: f.text, Source: f.source, Until: f.until, Say: f.say,
				})
				if err != nil {
					return err
				}
				return f.print(cmd.OutOrStdout(), done)
			}))
		},
	}
	f.flags(w, cmd)
	cmd.Flags().StringVar(&f.link, "link", "", "the item's `URL`")
	cmd.Flags().StringVar(&f.id, "id", "", "the item's `id` at its source")
	cmd.Flags().StringVar(&f.text, "text", "", "a `text` that stands in the item")
	cmd.Flags().StringVar(&f.source, "source", "", "`id` of the source whose items alone are meant; all where not given")
	cmd.Flags().BoolVar(&f.dry, "dry-run", false, "print which items it would be about, and change nothing")
	cmd.Flags().Var(cli.Moment(&f.until), "until", "when it ends; never where not given")
	cmd.Flags().StringVar(&f.say, "say", "", "`line` for readers: beside a corrected item, and for those who saw it")
	return cmd
}

// printItems prints which items are meant.
func (f *itemFlags) printItems(ctx context.Context, out io.Writer) error {
	found, err := corrections.FindItems.Call(ctx, corrections.ItemFind{
		Of: console.Of{Publisher: f.publisher}, Link: f.link, ID: f.id, Text: f.text, Source: f.source,
	})
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSONLine(out, found)
	}
	var b strings.Builder
	fmt.Fprintln(&b, cli.Say("cli.item_found", words.Args{"n": len(found.Items)}))
	writeItemLines(&b, found.Items)
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print what was found: %w", err)
	}
	return nil
}

// writeItemLines writes a line for each item: what it is called and where it leads, its id where that is nothing.
func writeItemLines(b *strings.Builder, items []corrections.Item) {
	for _, it := range items {
		fmt.Fprintf(b, "    %s: %s\n", it.Source, cmp.Or(strings.TrimSpace(it.Title+it.Heading+" "+it.Link), it.ID))
	}
}

func (f *itemFlags) flags(w World, cmd *cobra.Command) {
	w.Config(cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher")
	_ = cmd.MarkFlagRequired("publisher")
	cmd.Flags().BoolVar(&f.json, "json", false, "print it as JSON")
}

func (w World) restore() *cobra.Command {
	var f itemFlags
	cmd := &cobra.Command{
		Use: "restore WITHDRAWAL…", Short: "End withdrawals or corrections, by their ids", Args: cobra.MinimumNArgs(1),
		Example: "  keypull item restore -c config.toml --publisher lecker 1f8e2c0d9b7a6543",
		RunE: func(cmd *cobra.Command, args []string) error {
			return cli.Failed(w.OnServer(cmd, f.config, func(ctx context.Context) error {
				var failures error
				for _, id := range args {
					done, err := corrections.RestoreItem.Call(ctx, corrections.ItemRestore{Of: console.Of{Publisher: f.publisher}, Withdrawal: id})
					if err == nil {
						err = f.print(cmd.OutOrStdout(), done)
					}
					failures = errors.Join(failures, err)
				}
				return failures
			}))
		},
	}
	f.flags(w, cmd)
	return cmd
}

func (w World) withdrawn() *cobra.Command {
	var f itemFlags
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"withdrawn"}, Short: "List what is withdrawn and corrected at present", Args: cobra.NoArgs,
		Example: "  keypull item list -c config.toml --publisher lecker",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(w.OnServer(cmd, f.config, func(ctx context.Context) error {
				listed, err := corrections.ListWithdrawn.Call(ctx, console.Of{Publisher: f.publisher})
				for _, one := range listed.Withdrawals {
					err = errors.Join(err, f.print(cmd.OutOrStdout(), one))
				}
				return err
			}))
		},
	}
	f.flags(w, cmd)
	return cmd
}

// print writes a withdrawal: a line for programs, a few for people.
func (f *itemFlags) print(out io.Writer, d corrections.Withdrawal) error {
	if f.json {
		return cli.PrintJSONLine(out, d)
	}
	what := "cli.withdrawn"
	if d.Corrects {
		what = "cli.corrected"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", d.ID, cli.Say(what, words.Args{"item": d.Link + d.Item + d.Text, "n": len(d.Items)}))
	if !d.Until.IsZero() {
		fmt.Fprintf(&b, "    → %s\n", d.Until.Format(time.RFC3339))
	}
	if d.Say != "" {
		fmt.Fprintf(&b, "    “%s”\n", d.Say)
	}
	writeItemLines(&b, d.Items)
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print what was done: %w", err)
	}
	return nil
}
