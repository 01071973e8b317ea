package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/words"
)

func newCheckCommand() *cobra.Command {
	var (
		path            string
		asJSON, offline bool
	)
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Find everything wrong with a configuration, at once",
		Long: "check reads the configuration, holds the catalogue against the rules, and asks every\n" +
			"source and every account once. It stores nothing and sends nothing. FILE is the configuration,\n" +
			"as with -c; - is the standard input, which is read as well where it is a pipe and there is no\n" +
			"config.toml.",
		Example: "  keypull check\n  keypull check lecker.toml\n  keypull config | keypull check",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				if cmd.Flags().Changed("config") {
					return cli.Misused("cli.two_files", nil)
				}
				path = args[0]
			} else if !cmd.Flags().Changed("config") && isPiped(cmd.InOrStdin(), path) {
				path = standardInput
			}
			found := checkConfig(cmd, path, offline)
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

// codeOf returns what check ends with where there are errors.
func codeOf(found config.Findings) int {
	if slices.ContainsFunc(found, func(f config.Finding) bool { return f.Code == codeDamaged }) {
		return cli.Damaged
	}
	return cli.Findings
}

// standardInput is a configuration that comes by no file.
const standardInput = "-"

// isPiped reports whether a configuration comes by a pipe, in the place of a file
// that is not there.
func isPiped(in io.Reader, path string) bool {
	f, ok := in.(*os.File)
	if _, err := os.Stat(path); !ok || !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}

// loadConfig returns the configuration that is checked.
func loadConfig(cmd *cobra.Command, path string) (*config.Config, config.Findings) {
	if path != standardInput {
		return config.Load(path, os.LookupEnv, allKinds())
	}
	text, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxInput))
	if err != nil {
		return nil, config.Findings{config.NewFinding(path, "file", words.Text{Key: "cli.stdin", Args: words.Args{"reason": words.Said(err)}})}
	}
	return config.Read(path, text, os.LookupEnv, allKinds())
}

func checkConfig(cmd *cobra.Command, path string, offline bool) config.Findings {
	ctx := cmd.Context()
	c, found := loadConfig(cmd, path)
	if c == nil {
		return found
	}
	if found.Errors() > 0 {
		found = append(found, c.LintBeside(allKinds(), found)...)
		found.Sort()
		return found
	}
	found = append(found, c.Standing(allKinds(), os.Environ())...)
	t := openTrial(ctx, c)
	defer t.closeSources()
	if !offline {
		found = append(found, findUnheard(ctx, c)...)
		working := cli.Working(cmd.ErrOrStderr(), "cli.working_check")
		defer working.End()
		t.askSources(ctx, working.Tell)
		found = append(found, t.findSourceWarnings()...)
	}
	found = append(append(found, c.Lint(allKinds(), t.room.About)...), c.FindEndedKeywords(time.Now())...)
	return append(append(found, checkStored(ctx, c, offline)...), t.found...)
}

func printFindings(w io.Writer, found config.Findings, asJSON bool) error {
	if !asJSON {
		text := found.Folded().In(cli.Language()).String()
		if len(found) == 0 {
			text = cli.Say("cli.no_findings", nil) + "\n"
		}
		_, err := io.WriteString(w, text)
		return err
	}
	for _, f := range found.In(cli.Language()) {
		if err := cli.PrintJSONLine(w, f); err != nil {
			return err
		}
	}
	return nil
}
