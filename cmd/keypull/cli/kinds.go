package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"keypull/web/console"
)

// Kinds returns a command that lists kinds. about brings its words, json says what the
// flag of that name prints, and list finds them in a language.
func Kinds(about cobra.Command, json string, list func(language string) ([]console.KindEntry, error)) *cobra.Command {
	cmd, asJSON := &about, false
	cmd.Use, cmd.Args = "kinds", cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		kinds, err := list(Language())
		if err == nil && asJSON {
			err = PrintJSON(cmd.OutOrStdout(), kinds)
		} else if err == nil {
			err = printKinds(cmd.OutOrStdout(), kinds)
		}
		return Failed(err)
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, json)
	return cmd
}

// printKinds prints a kind with its settings, those with a star that it demands.
func printKinds(out io.Writer, kinds []console.KindEntry) error {
	var b strings.Builder
	for _, k := range kinds {
		names := make([]string, len(k.Fields))
		for i, f := range k.Fields {
			if names[i] = f.Name; f.Required {
				names[i] += "*"
			}
		}
		fmt.Fprintf(&b, "%s: %s. %s\n    %s\n", k.Name, k.Title, k.Help, strings.Join(names, ", "))
		if g := k.Guide; g != nil && g.Cost != "" {
			fmt.Fprintf(&b, "    %s %s\n", g.Cost, g.Live)
		}
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print the kinds: %w", err)
	}
	return nil
}
