// Package source holds the commands about sources that need no reader and no
// store: what kinds there are, and what one of them makes of an address or of
// documents that were saved.
package source

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/web/console"
)

// World is what the commands work with.
type World struct {
	// Kinds are those of the binary, Described as the console shows them.
	Kinds     []sources.Kind
	Described console.Kinds
	Checks    settings.Checks
	// Outside is how a configuration lets sources reach the outside; a file that
	// nobody named may be missing.
	Outside func(cmd *cobra.Command, config string) (outside.Options, error)
	// OnServer calls f where operations are carried out; Publishers are the ids of
	// those that are there.
	OnServer   func(cmd *cobra.Command, config string, f func(context.Context) error) error
	Publishers func(context.Context) ([]string, error)
	// Config adds the flag that names the configuration file.
	Config func(*cobra.Command, *string)
	Clock  func() time.Time
}

// Commands returns the commands.
func (w World) Commands() []*cobra.Command {
	return []*cobra.Command{w.kinds(), w.try(), w.refresh()}
}

func (w World) kinds() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "kinds", Short: "List the kinds of sources, with what each needs", Args: cobra.NoArgs,
		Long: "kinds lists the places that content can come from, with the settings of each and the facts that\n" +
			"their items have. With --json it prints them as one list, with a JSON schema of the settings.",
		Example: "  keypull source kinds\n  keypull source kinds --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			listed, err := w.Described.Listed(cli.Language())
			if err == nil && asJSON {
				err = cli.PrintJSON(cmd.OutOrStdout(), listed.Sources)
			} else if err == nil {
				err = printKinds(cmd.OutOrStdout(), listed.Sources)
			}
			return cli.Failed(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print names, titles, fields, schemas and facts as JSON")
	return cmd
}

func printKinds(out io.Writer, kinds []console.KindEntry) error {
	var b strings.Builder
	for _, k := range kinds {
		names := make([]string, len(k.Fields))
		for i, f := range k.Fields {
			names[i] = f.Name
			if f.Required {
				names[i] += "*"
			}
		}
		fmt.Fprintf(&b, "%s: %s. %s\n    %s\n", k.Name, k.Title, k.Help, strings.Join(names, ", "))
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print the kinds: %w", err)
	}
	return nil
}
