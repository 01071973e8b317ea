package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
)

func newCheckCommand() *cobra.Command {
	var (
		path            string
		asJSON, offline bool
	)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find everything wrong with a configuration, at once",
		Long: "check reads the configuration, holds the catalogue against the rules, and asks every\n" +
			"source and every account once. It stores nothing and sends nothing.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := check(cmd.Context(), cmd.ErrOrStderr(), path, offline)
			if err := printFindings(cmd.OutOrStdout(), found, asJSON); err != nil {
				return cli.Failed(err)
			}
			if n := found.Errors(); n > 0 {
				return &cli.Exit{Code: codeOf(found), Silent: true, Err: fmt.Errorf("%d errors", n)}
			}
			return nil
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON, one line each")
	cmd.Flags().BoolVar(&offline, "offline", false, "leave the sources alone")
	return cmd
}

// codeOf is what check ends with where there are errors.
func codeOf(found config.Findings) int {
	if slices.ContainsFunc(found, func(f config.Finding) bool { return f.Code == codeDamaged }) {
		return cli.Damaged
	}
	return cli.Findings
}

func check(ctx context.Context, progress io.Writer, path string, offline bool) config.Findings {
	c, found := config.Load(path, os.LookupEnv, allKinds())
	if c == nil || found.Errors() > 0 {
		return found
	}
	found = append(found, c.Standing(allKinds(), os.Environ())...)
	found = append(found, c.Lint(allKinds())...)
	found = append(found, kept(ctx, c)...)
	if offline {
		return found
	}
	working := cli.Working(progress, "cli.working_check")
	defer working.End()
	return append(found, try(ctx, c, working.Tell)...)
}

func printFindings(w io.Writer, found config.Findings, asJSON bool) error {
	if !asJSON {
		text := found.In(cli.Language()).String()
		if len(found) == 0 {
			text = cli.Say("cli.no_findings", nil) + "\n"
		}
		_, err := io.WriteString(w, text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, f := range found.In(cli.Language()) {
		if err := e.Encode(f); err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
	}
	return nil
}
