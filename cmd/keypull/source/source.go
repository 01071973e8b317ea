// Package source holds the commands about sources that need no reader and no
// store: what kinds there are, and what one of them makes of an address or of
// documents that were saved.
package source

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/web/console"
)

// World is what the commands work with.
type World struct {
	// Kinds are those of the binary, Described as the console shows them.
	Kinds     []sources.Kind
	Described func() console.Kinds
	Checks    settings.Checks
	// Outside is how a configuration lets sources reach the outside; a file that
	// nobody named may be missing.
	Outside func(cmd *cobra.Command, config string) (outside.Options, error)
	// OnServer calls f where operations are carried out; OnFile does where there is
	// but a configuration file, too, and OnNew before there is a store. Publishers
	// are the ids of those that are there.
	OnServer   func(cmd *cobra.Command, config string, f func(context.Context) error) error
	OnFile     func(cmd *cobra.Command, config string, f func(context.Context) error) error
	OnNew      func(cmd *cobra.Command, config string, f func(context.Context) error) error
	Publishers func(context.Context) ([]string, error)
	// Config adds the flag that names the configuration file.
	Config func(*cobra.Command, *string)
	Clock  func() time.Time
}

// Commands returns the commands.
func (w World) Commands() []*cobra.Command {
	return []*cobra.Command{w.kinds(), w.newListCommand(), w.newTryCommand(), w.newRefreshCommand()}
}

func (w World) kinds() *cobra.Command {
	return cli.Kinds(cobra.Command{
		Short: "List the kinds of sources, with what each needs",
		Long: "kinds lists the places that content can come from, with the settings of each and the facts that\n" +
			"their items have. With --json it prints them as one list, with a JSON schema of the settings.",
		Example: "  keypull source kinds\n  keypull source kinds --json",
	}, "print names, titles, fields, schemas and facts as JSON", func(language string) ([]console.KindEntry, error) {
		listed, err := w.Described().Listed(language)
		return listed.Sources, err //nolint:wrapcheck // it says what was tried
	})
}
