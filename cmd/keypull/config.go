package main

import (
	"io"

	"github.com/spf13/cobra"
)

func newConfigCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print a complete, commented configuration to start from",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := exampleConfig(allKinds())
			if err != nil {
				return failed(err)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), text)
			return failed(err)
		},
	}
}
