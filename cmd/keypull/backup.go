package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/store/sealed"
	"keypull/web/console"
)

// backupFlags are those of "keypull backup".
type backupFlags struct {
	config                       string
	keys, overwrite, json, sheet bool
}

func newBackupCommand() *cobra.Command {
	var f backupFlags
	cmd := &cobra.Command{
		Use:   "backup [FILE]",
		Short: "Make a backup now, or print the recovery sheet",
		Long: "backup makes an archive and the newest half, encrypted, where [backup] of the configuration says;\n" +
			"serve does the same by itself. --recovery-sheet prints the key that is in neither half, for paper:\n" +
			"restore asks for it.\n\n" +
			"With a FILE it writes a copy of the store, not encrypted, that serve can open. The keys are not in it:\n" +
			"without the key file and the file of readers' keys beside it, a copy gives back catalogue and\n" +
			"counts, and readers start anew. --keys copies those two files instead, in place of the\n" +
			"last copy: keep them apart from the copies of the store, and the newest only.",
		Example: "  keypull backup -c config.toml\n  keypull backup -c config.toml --recovery-sheet\n  keypull backup -c config.toml copy.db",
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(runBackup(cmd, f, args)) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().BoolVar(&f.keys, "keys", false, "copy the key files in place of the store")
	cmd.Flags().BoolVar(&f.json, "json", false, "print what was written as JSON")
	cmd.Flags().BoolVar(&f.overwrite, "overwrite", false, "replace a copy of the store that is there")
	cmd.Flags().BoolVar(&f.sheet, "recovery-sheet", false, "print the key that restoring takes")
	cli.Apart(cmd, "keys", "overwrite")
	cli.Apart(cmd, "keys", "recovery-sheet")
	return cmd
}

func runBackup(cmd *cobra.Command, f backupFlags, args []string) error {
	if len(args) == 0 && f.keys {
		return cli.Misused("backup.keys_where", nil)
	}
	if f.sheet {
		return printSheet(cmd, f.config)
	}
	c, err := servedConfig(cmd, f.config)
	if err != nil {
		return err
	}
	path := ""
	if len(args) > 0 {
		if path, err = filepath.Abs(args[0]); err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
	}
	working := cli.Working(cmd.ErrOrStderr(), "cli.working_backup")
	defer working.End()
	return withOperations(cmd.Context(), c, true, refused, func(ctx context.Context) error {
		switch {
		case path == "":
			return backupHalves(ctx, cmd, f)
		case f.keys:
			return backupKeys(ctx, cmd, path, f)
		}
		return backupStore(ctx, cmd, path, f)
	})
}

// printSheet prints the recovery sheet of an installation.
func printSheet(cmd *cobra.Command, path string) error {
	c, err := goodConfig(cmd, path)
	if err != nil {
		return err
	}
	key, err := sealed.ReadKey(c.Secrets.KeyFile)
	if err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	return writeSheet(cmd, c.Server.PublicURL, key)
}

func backupHalves(ctx context.Context, cmd *cobra.Command, f backupFlags) error {
	done, err := console.MakeBackup.Call(ctx, struct{}{})
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), done)
	}
	if err := tellCopy(cmd, done.Archive, done.Bytes); err != nil {
		return err
	}
	return tellCopy(cmd, done.Newest, done.NewestBytes)
}

func tellCopy(cmd *cobra.Command, path string, bytes int64) error {
	_, err := fmt.Fprintln(cmd.OutOrStdout(), cli.Say("cli.bytes", words.Args{"path": path, "n": strconv.FormatInt(bytes, 10)}))
	return err //nolint:wrapcheck // of the terminal
}

func backupStore(ctx context.Context, cmd *cobra.Command, path string, f backupFlags) error {
	done, err := console.BackUpStore.Call(ctx, console.StoreBackup{Path: path, Overwrite: f.overwrite})
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), done)
	}
	return tellCopy(cmd, done.Path, done.Bytes)
}

func backupKeys(ctx context.Context, cmd *cobra.Command, path string, f backupFlags) error {
	done, err := console.BackUpKeys.Call(ctx, console.KeysBackup{Path: path})
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), done)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n%s\n", done.Path, done.Slots)
	return err
}
