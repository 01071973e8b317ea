package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
)

// ailment is one thing that is wrong with an installation.
type ailment struct {
	Code string `json:"code"`
	// Harm is 3 where asks are lost or refused, or secrets lie open, 2 where something fails
	// or would once it is needed, 1 where something is in the way.
	Harm int    `json:"harm"`
	What string `json:"what"`
	// Mend is the command that mends it, or what to do.
	Mend string `json:"mend"`
	// Section is where docs/operators.md tells more of it.
	Section string `json:"section,omitempty"`
	// Fixed: --fix has mended it.
	Fixed bool `json:"fixed,omitempty"`

	fix func() error
}

func newDoctorCommand() *cobra.Command {
	var (
		path        string
		asJSON, fix bool
	)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say in order of harm what is wrong, and the command that mends it",
		Long: "doctor looks at the configuration, the store with its log and keys, modes, the clock, folders and\n" +
			"backups, and asks the running server what fails, or else each source and account once. It changes\n" +
			"nothing but with --fix, which mends modes, a stale socket, files that were left over, and missing\n" +
			"folders of backups. It ends with 1 where something is wrong.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cli.Failed(doctor(cmd, path, asJSON, fix)) },
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON, one line each")
	cmd.Flags().BoolVar(&fix, "fix", false, "mend what is mended without loss")
	return cmd
}

func doctor(cmd *cobra.Command, path string, asJSON, fix bool) error {
	found := examine(cmd.Context(), path, cmd.Flags().Changed("config"), time.Now())
	slices.SortStableFunc(found, func(a, b ailment) int { return cmp.Compare(b.Harm, a.Harm) })
	wrong := 0
	var failed error
	for i := range found {
		if fix && found[i].fix != nil {
			err := found[i].fix()
			found[i].Fixed = err == nil
			failed = errors.Join(failed, err)
		}
		if !found[i].Fixed {
			wrong++
		}
	}
	if err := errors.Join(printAilments(cmd, found, asJSON), failed); err != nil {
		return err
	}
	if wrong > 0 {
		return &cli.Exit{Code: cli.Findings, Silent: true, Err: fmt.Errorf("%d things are wrong", wrong)}
	}
	return nil
}

func printAilments(cmd *cobra.Command, found []ailment, asJSON bool) error {
	out := cmd.OutOrStdout()
	if len(found) == 0 && !asJSON {
		_, err := fmt.Fprintln(out, cli.Say("doctor.well", nil))
		return err //nolint:wrapcheck // of the terminal
	}
	for i := range found {
		a := &found[i]
		var err error
		if asJSON {
			err = cli.PrintJSONLine(out, a)
		} else {
			mend := a.Mend
			if a.Fixed {
				mend = cli.Say("doctor.fixed", nil)
			}
			_, err = fmt.Fprintf(out, "%d  %s  %s\n   %s\n", a.Harm, a.Code, a.What, mend)
			if err == nil && a.Section != "" && !a.Fixed {
				_, err = fmt.Fprintln(out, "   "+a.Section)
			}
		}
		if err != nil {
			return fmt.Errorf("print what is wrong: %w", err)
		}
	}
	return nil
}

// shellQuoted returns a path as a shell takes it.
func shellQuoted(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }

// removing is the mend of a file that is in the way.
func removing(a ailment, path string) ailment {
	a.Mend, a.fix = "rm "+shellQuoted(path), func() error { return os.Remove(path) }
	return a
}

// sectionOf returns where the manual tells of a sentence that a start is refused with: of what it
// quotes, where that is one of them.
func sectionOf(said words.Text) string {
	key := said.Key
	for _, inner := range said.Args {
		if quoted, ok := inner.(words.Text); ok && refusesStart(quoted.Key) {
			key = quoted.Key
		}
	}
	if !refusesStart(key) {
		return ""
	}
	return "operators.md#" + key
}

// refusesStart says that a sentence is one of the store's, its keys', their files' or of the address to serve at.
func refusesStart(key string) bool {
	return slices.ContainsFunc([]string{"store.", "keys.", "safe.", "database.", "standby.", "check.orphaned", "cli.listen"}, func(p string) bool { return strings.HasPrefix(key, p) })
}
