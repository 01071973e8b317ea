package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/web/console"
)

// backupFlags are those of "keypull backup".
type backupFlags struct {
	config                string
	keys, overwrite, json bool
}

func newBackupCommand() *cobra.Command {
	var f backupFlags
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy of the store, or of the keys, while it works",
		Long: "backup writes a copy of the store that serve can open. The keys are not in it: without\n" +
			"the key file and the file of readers' keys beside it, a copy gives back catalogue and\n" +
			"counts, and readers start anew. --keys copies those two files instead, in place of the\n" +
			"last copy: keep them apart from the copies of the store, and the newest only.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := goodConfig(cmd, f.config)
			if err != nil {
				return cli.Failed(err)
			}
			path, err := filepath.Abs(args[0])
			if err != nil {
				return cli.Failed(fmt.Errorf("%s: %w", args[0], err))
			}
			working := cli.Working(cmd.ErrOrStderr(), "cli.working_backup")
			defer working.End()
			return cli.Failed(withOperations(cmd.Context(), c, true, refused, func(ctx context.Context) error {
				if f.keys {
					return backupKeys(ctx, cmd, path, f)
				}
				return backupStore(ctx, cmd, path, f)
			}))
		},
	}
	configFlag(cmd, &f.config)
	cmd.Flags().BoolVar(&f.keys, "keys", false, "copy the key files in place of the store")
	cmd.Flags().BoolVar(&f.json, "json", false, "print what was written as JSON")
	cmd.Flags().BoolVar(&f.overwrite, "overwrite", false, "replace a copy of the store that is there")
	cli.Apart(cmd, "keys", "overwrite")
	return cmd
}

func backupStore(ctx context.Context, cmd *cobra.Command, path string, f backupFlags) error {
	done, err := console.BackUpStore.Call(ctx, console.StoreBackup{Path: path, Overwrite: f.overwrite})
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), done)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), cli.Say("cli.bytes", words.Args{"path": done.Path, "n": strconv.FormatInt(done.Bytes, 10)}))
	return err
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
