package config

import (
	"io"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
)

// NewCommand returns "keypull config", which prints the example for some kinds.
func NewCommand(ks Kinds) *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print a complete, commented configuration to start from",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := Example(ks)
			if err != nil {
				return cli.Failed(err)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), text)
			return cli.Failed(err)
		},
	}
}
