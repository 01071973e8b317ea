package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
)

// release is the version of this source tree.
const release = "0.4.0"

// stamped is the version that deploy/release gives to what it builds, by the
// linker; empty in every other binary.
var stamped string

// releaseVersion returns the release and, where the binary knows it, the commit.
func releaseVersion() string {
	if stamped != "" {
		return stamped
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	for _, s := range info.Settings {
		const short = 12
		if s.Key == "vcs.revision" && len(s.Value) >= short {
			return release + "+" + s.Value[:short]
		}
	}
	return release
}

// versionLine returns what "keypull version" and "keypull --version" print.
func versionLine() string {
	return fmt.Sprintf("keypull %s %s %s/%s", releaseVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func newVersionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return cli.Failed(cli.PrintJSON(cmd.OutOrStdout(), map[string]string{
					"version": releaseVersion(), "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
				}))
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), versionLine())
			return cli.Failed(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print it as JSON")
	return cmd
}
