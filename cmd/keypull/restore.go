package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/words"
)

// restoreFlags are those of "keypull restore".
type restoreFlags struct {
	config, newest, into, sheet, identity string
	rehearse, json                        bool
}

// What restore reads of the environment, so that nothing secret stands in a command line.
const (
	passphraseVariable = "KEYPULL_BACKUP_PASSPHRASE" //nolint:gosec // its name
	sheetVariable      = "KEYPULL_RECOVERY_SHEET"
	identityVariable   = "KEYPULL_BACKUP_IDENTITY"
)

func newRestoreCommand() *cobra.Command {
	var f restoreFlags
	cmd := &cobra.Command{
		Use:   "restore ARCHIVE",
		Short: "Put an installation back from an archive and the newest half",
		Long: "restore puts an installation back into a folder of its own, from an archive of any age and the newest\n" +
			"half: all of it, or nothing. STOPs, erasures and withdrawals hold until the moment of the newest half,\n" +
			"which is told; asks that were accepted since the archive are counted as lost. Who reads the halves is\n" +
			"the secret age key in --identity, or in " + identityVariable + ", or the passphrase in\n" +
			passphraseVariable + "; the recovery sheet, or a copy of the key file, is --sheet, or in\n" +
			sheetVariable + ", or comes by the standard input. Point [store] and [secrets] at the\n" +
			"files that it names, and serve.",
		Example: "  keypull restore keypull-20261125T030000Z.archive --newest keypull.newest --into /var/lib/keypull --identity age.txt --sheet sheet.txt\n" +
			"  keypull restore keypull-20261125T030000Z.archive --newest keypull.newest --into /tmp/try --rehearse --json < sheet.txt",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return cli.Failed(restore(cmd, f, args[0])) },
	}
	cmd.Flags().StringVarP(&f.config, "config", "c", "", "configuration `file`, where a half lies in a bucket")
	cmd.Flags().StringVar(&f.newest, "newest", "", "`file` of the newest half")
	cmd.Flags().StringVar(&f.into, "into", "", "`folder` that is empty, or not there yet")
	cmd.Flags().StringVar(&f.sheet, "sheet", "", "`file` with the recovery sheet, or a copy of the key file; - is the standard input")
	cmd.Flags().StringVar(&f.identity, "identity", "", "`file` with the secret age key that reads the halves")
	cmd.Flags().BoolVar(&f.rehearse, "rehearse", false, "put everything back, look at it, and take it away again")
	cmd.Flags().BoolVar(&f.json, "json", false, "print what was put back as JSON")
	_ = cmd.MarkFlagRequired("newest") // they are there: see above
	_ = cmd.MarkFlagRequired("into")
	return cmd
}

func restore(cmd *cobra.Command, f restoreFlags, archive string) error {
	keys, err := secretText(cmd, f.identity, identityVariable, false)
	if err != nil {
		return err
	}
	who, err := backup.IdentitiesOf(keys, os.Getenv(passphraseVariable))
	if err != nil {
		return err
	}
	if len(who) == 0 {
		return cli.Misused("backup.who_reads", words.Args{"flag": "--identity", "variable": passphraseVariable})
	}
	text, err := secretText(cmd, f.sheet, sheetVariable, true)
	if err != nil {
		return err
	}
	key, err := backup.ReadSheet(text)
	if err != nil {
		return err
	}
	var s3 config.S3Config
	if f.config != "" {
		c, err := goodConfig(cmd, f.config)
		if err != nil {
			return err
		}
		s3 = c.Backup.S3
	} else if config.IsAddress(archive + f.newest) {
		return cli.Misused("backup.s3_flag", words.Args{"flag": "--config"})
	}
	working := cli.Working(cmd.ErrOrStderr(), "cli.working_restore")
	defer working.End()
	done, err := backup.Restore(cmd.Context(), backup.RestoreOptions{
		Archive: archive, Newest: f.newest, S3: s3, Into: f.into, Identities: who, Key: key, Rehearse: f.rehearse,
		Version: releaseVersion(), Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	for i := range done.SetAside {
		done.SetAside[i].What = done.SetAside[i].Said.In(cli.Language())
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), done)
	}
	return tellRestored(cmd.OutOrStdout(), done)
}

// secretText returns what is told by a file, by the environment, or, where piped allows it, by
// the standard input.
func secretText(cmd *cobra.Command, path, variable string, piped bool) (string, error) {
	const most = 64 << 10
	switch text := os.Getenv(variable); {
	case path != "" && path != standardInput:
		b, err := os.ReadFile(path) //nolint:gosec // the operator names it
		return string(b), err       //nolint:wrapcheck // it names the file
	case path == "" && (text != "" || !piped):
		return text, nil
	}
	b, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), most))
	if err != nil {
		return "", words.Fail(err, "cli.stdin", words.Args{"reason": words.Said(err)})
	}
	return string(b), nil
}

// tellRestored prints what was put back, a line for each thing to be known.
func tellRestored(out io.Writer, r backup.Restored) error {
	moment := func(t time.Time) string { return t.Local().Format(time.DateTime) }
	done := "backup.restored"
	if r.Rehearsed {
		done = "backup.rehearsed"
	}
	lines := []string{
		cli.Say(done, words.Args{"folder": r.Into, "moment": moment(r.Archive)}),
		cli.Say("backup.knows_until", words.Args{"moment": moment(r.KnowsUntil), "stops": r.Stops, "forgotten": r.Forgotten}),
		cli.Say("backup.lost", words.Args{"n": int(r.LostAsks)}), //nolint:gosec // far from that many
	}
	if r.Departed > 0 {
		lines = append(lines, cli.Say("backup.departed", words.Args{"n": r.Departed}))
	}
	for _, a := range r.SetAside {
		lines = append(lines, a.What)
	}
	if !r.Rehearsed {
		lines = append(lines, "", strings.Join(r.Files, "\n"))
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err //nolint:wrapcheck // of the terminal
}
