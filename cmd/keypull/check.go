package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
)

func newCheckCommand() *cobra.Command {
	var (
		config          string
		asJSON, offline bool
	)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find everything wrong with a configuration, at once",
		Long: "check reads the configuration, holds the catalogue against the rules, and asks every\n" +
			"source and every account once. It stores nothing and sends nothing.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := check(cmd.Context(), config, offline)
			if err := printFindings(cmd.OutOrStdout(), found, asJSON); err != nil {
				return failed(err)
			}
			if n := found.errors(); n > 0 {
				return &exit{code: found.code(), silent: true, err: fmt.Errorf("%d errors", n)}
			}
			return nil
		},
	}
	configFlag(cmd, &config)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON, one line each")
	cmd.Flags().BoolVar(&offline, "offline", false, "leave the sources alone")
	return cmd
}

// code is what check ends with where there are errors.
func (fs findings) code() int {
	if slices.ContainsFunc(fs, func(f finding) bool { return f.Code == codeDamaged }) {
		return exitDamaged
	}
	return exitFindings
}

func check(ctx context.Context, path string, offline bool) findings {
	c, found := loadConfig(path, os.LookupEnv, allKinds())
	if c == nil || found.errors() > 0 {
		return found
	}
	found = append(found, c.standing(allKinds())...)
	found = append(found, c.lint(allKinds())...)
	found = append(found, c.kept(ctx)...)
	if offline {
		return found
	}
	return append(found, c.try(ctx)...)
}

func printFindings(w io.Writer, found findings, asJSON bool) error {
	if !asJSON {
		text := found.String()
		if len(found) == 0 {
			text = "No findings.\n"
		}
		_, err := io.WriteString(w, text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, f := range found {
		if err := e.Encode(f); err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
	}
	return nil
}
