package source

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/web/console"
)

// listFlags are those of the commands that list.
type listFlags struct {
	config, publisher string
	json              bool
}

// listing returns a command that lists something of the publishers that are meant.
func (w World) listing(cmd cobra.Command, of func(ctx context.Context, f listFlags, out io.Writer, publisher string) error) *cobra.Command {
	var f listFlags
	cmd.Use, cmd.Args = "list", cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return cli.Failed(w.OnFile(cmd, f.config, func(ctx context.Context) (err error) {
			ids := []string{f.publisher}
			if f.publisher == "" {
				if ids, err = w.Publishers(ctx); err != nil {
					return err
				}
			}
			out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, id := range ids {
				if err := of(ctx, f, out, id); err != nil {
					return err
				}
			}
			return out.Flush()
		}))
	}
	w.Config(&cmd, &f.config)
	cmd.Flags().StringVar(&f.publisher, "publisher", "", "`id` of the publisher; all of them where not given")
	cmd.Flags().BoolVar(&f.json, "json", false, "print a line of JSON for each")
	return &cmd
}

// pages calls one for the first page of a list, and for all that follow.
func pages(one func(console.Page) (next string, err error)) error {
	for p := (console.Page{}); ; {
		next, err := one(p)
		if err != nil || next == "" {
			return err
		}
		p.Cursor = next
	}
}

// listedSource is a source of a publisher as a line of JSON.
type listedSource struct {
	Publisher string `json:"publisher"`
	console.SourceEntry
}

func (w World) newListCommand() *cobra.Command {
	return w.listing(cobra.Command{
		Short: "List the sources that are set up, and how they are doing",
		Long: "list prints a line for each source: its publisher, id, kind, how it is doing, and how many keywords\n" +
			"it answers. Where no server runs and there is no store it tells what stands in the configuration.",
		Example: "  keypull source list -c config.toml --publisher lecker --json",
	}, func(ctx context.Context, f listFlags, out io.Writer, publisher string) error {
		return pages(func(p console.Page) (string, error) {
			listed, err := console.ListSources.Call(ctx, console.SourceList{Of: console.Of{Publisher: publisher}, Page: p})
			if err != nil {
				return "", err
			}
			for _, s := range listed.Sources {
				if f.json {
					err = cli.PrintJSONLine(out, listedSource{publisher, s})
				} else {
					_, err = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%d\n", publisher, s.Source["id"], s.Source["kind"], s.Health.State, s.Keywords)
				}
				if err != nil {
					return "", fmt.Errorf("print the sources: %w", err)
				}
			}
			return listed.Next, nil
		})
	})
}

// listedKeyword is a keyword of a publisher as a line of JSON.
type listedKeyword struct {
	Publisher string `json:"publisher"`
	console.KeywordEntry
}

// Keywords returns the commands about keywords.
func (w World) Keywords() []*cobra.Command {
	return []*cobra.Command{w.listing(cobra.Command{
		Short: "List the keywords that are set up, with the words that call them",
		Long: "list prints a line for each keyword: its publisher, id, source, and the words that call it. Where\n" +
			"no server runs and there is no store it tells what stands in the configuration.",
		Example: "  keypull keyword list -c config.toml --publisher lecker --json",
	}, func(ctx context.Context, f listFlags, out io.Writer, publisher string) error {
		return pages(func(p console.Page) (string, error) {
			listed, err := console.ListKeywords.Call(ctx, console.KeywordList{Of: console.Of{Publisher: publisher}, Page: p})
			if err != nil {
				return "", err
			}
			for _, k := range listed.Keywords {
				if f.json {
					err = cli.PrintJSONLine(out, listedKeyword{publisher, k})
				} else {
					_, err = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", publisher, k.Keyword["id"], k.Keyword["source"], strings.Join(called(k.Keyword), ", "))
				}
				if err != nil {
					return "", fmt.Errorf("print the keywords: %w", err)
				}
			}
			return listed.Next, nil
		})
	})}
}

// called returns the words that call a keyword, by the tags of their languages.
func called(k console.Doc) (all []string) {
	phrases, _ := k["phrases"].(map[string]any)
	for _, tag := range slices.Sorted(maps.Keys(phrases)) {
		list, _ := phrases[tag].([]any)
		for _, phrase := range list {
			if text, ok := phrase.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}
