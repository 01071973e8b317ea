package main

import (
	"os"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/config"
)

// completeIDs has shells complete the ids of publishers and channels by the
// configuration file alone: opening the store would take longer than the person
// who types.
func completeIDs(cmd *cobra.Command) {
	for name, ids := range map[string]func(*config.Config, string) []string{"publisher": publishersIn, "channel": channelsIn} {
		if cmd.Flags().Lookup(name) == nil {
			continue
		}
		// It fails for a flag that is not there.
		_ = cmd.RegisterFlagCompletionFunc(name, func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			c, _ := config.Load(flagText(cmd, "config"), os.LookupEnv, allKinds())
			if c == nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return ids(c, flagText(cmd, "publisher")), cobra.ShellCompDirectiveNoFileComp
		})
	}
	for _, below := range cmd.Commands() {
		completeIDs(below)
	}
}

func publishersIn(c *config.Config, _ string) (ids []string) {
	for _, p := range c.Publishers {
		ids = append(ids, p.ID+"\t"+p.Name)
	}
	return ids
}

// channelsIn returns those of one publisher, of all where none is named.
func channelsIn(c *config.Config, publisher string) (ids []string) {
	for _, p := range c.Publishers {
		for _, channel := range p.Channels {
			if publisher == "" || publisher == p.ID {
				ids = append(ids, channel.ID+"\t"+channel.Kind)
			}
		}
	}
	return ids
}
