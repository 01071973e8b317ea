package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"keypull/web/console"
)

func newBackupCommand() *cobra.Command {
	var (
		config    string
		overwrite bool
		asJSON    bool
	)
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy of the store, while it works",
		Long: "backup writes a copy of the store that serve can open. The keys are not in it: without\n" +
			"the key file and the file of readers' keys beside it, a copy gives back catalogue and\n" +
			"counts, and readers start anew.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := goodConfig(cmd, config)
			if err != nil {
				return failed(err)
			}
			path, err := filepath.Abs(args[0])
			if err != nil {
				return failed(fmt.Errorf("%s: %w", args[0], err))
			}
			return failed(operate(cmd.Context(), c, true, func(d console.Doer) error {
				done, err := console.Call[console.StoreBackup, console.StoreBackedUp](cmd.Context(), d, "store.backup",
					console.StoreBackup{Path: path, Overwrite: overwrite})
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(cmd.OutOrStdout(), done)
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes\n", done.Path, done.Bytes)
				return err
			}))
		},
	}
	configFlag(cmd, &config)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was written as JSON")
	cmd.Flags().BoolVar(&overwrite, "overwrite", false, "replace a file that is there")
	return cmd
}
