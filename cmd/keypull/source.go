package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/publishing"
	"keypull/cmd/keypull/source"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/web/console"
	"keypull/web/messengers"
)

// discoverFlags are those of "keypull source discover".
type discoverFlags struct {
	config, argument, language string
	json                       bool
}

func newSourceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "source", Short: "See what kinds of sources there are, try one, and have one fetched anew", Args: cobra.NoArgs}
	cmd.AddCommand(sourceWorld().Commands()...)
	cmd.AddCommand(newDiscoverCommand())
	return cmd
}

func newKeywordCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "keyword", Short: "See what readers can ask", Args: cobra.NoArgs}
	cmd.AddCommand(sourceWorld().Keywords()...)
	return cmd
}

func newItemCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "item", Short: "Take an item back that must not be told, or correct it", Args: cobra.NoArgs}
	cmd.AddCommand(sourceWorld().Items()...)
	return cmd
}

// sourceWorld returns what commands about sources and their items work with.
func sourceWorld() source.World {
	ks := allKinds()
	return source.World{
		Kinds: ks.Sources, Described: describedKinds, Checks: config.Checks(), Outside: outsideOf,
		OnServer: onServer, OnFile: onFile, OnNew: onNew, Publishers: publisherIDs, Config: configFlag, Clock: time.Now,
	}
}

func newDiscoverCommand() *cobra.Command {
	var f discoverFlags
	cmd := &cobra.Command{
		Use: "discover URL", Short: "Show which sources an address makes possible", Args: cobra.ExactArgs(1),
		Long: "discover fetches an address, and what it leads to, within bounds, and asks every kind of source\n" +
			"what it would make of it. With --json it prints sources and keywords as documents: those of one\n" +
			"place in the two lists belong together. Nothing is saved; no server need run.",
		Example: "  keypull source discover example.org\n  keypull source discover --json 'https://api.example.org/q?s=ACME'",
		RunE:    func(cmd *cobra.Command, args []string) error { return cli.Failed(runDiscover(cmd, f, args[0])) },
	}
	configFlag(cmd, &f.config)
	cmd.Flags().StringVar(&f.argument, "arg", "", "`text` that stands in the place of {symbol}")
	cmd.Flags().StringVar(&f.language, "language", "en", "language `tag` of the words that are proposed")
	cmd.Flags().BoolVar(&f.json, "json", false, "print the documents as JSON")
	return cmd
}

func runDiscover(cmd *cobra.Command, f discoverFlags, address string) error {
	c, err := goodConfig(cmd, f.config)
	if err != nil {
		return err
	}
	out, err := discoverAt(cmd.Context(), c, address, f)
	if err != nil {
		return err
	}
	if f.json {
		return cli.PrintJSON(cmd.OutOrStdout(), map[string]any{"sources": out.Sources, "keywords": out.Keywords, "tried": out.Tried})
	}
	var b strings.Builder
	for i, about := range out.About {
		fmt.Fprintf(&b, "%s: %s %s\n", out.Sources[i]["kind"], about.Title, about.Form)
		for _, text := range about.Shows {
			fmt.Fprintf(&b, "    %s\n", text)
		}
	}
	if _, err := io.WriteString(cmd.OutOrStdout(), b.String()); err != nil {
		return fmt.Errorf("print what was found: %w", err)
	}
	return nil
}

// discoverAt asks the kinds of this binary, without a store, and the keywords that they
// propose.
func discoverAt(ctx context.Context, c *config.Config, address string, f discoverFlags) (console.SourceDiscovered, error) {
	ctx, cancel := context.WithTimeout(ctx, console.DiscoverTime)
	defer cancel()
	logger := slog.New(slog.DiscardHandler)
	client := outside.New(outsideOptions(c, logger))
	defer client.Close()
	cache := pull.NewCache(nil, time.Now)
	defer cache.Close()
	room := publishing.New(publishing.Options{
		Sources: allKinds().Sources, Checks: config.Checks(), Client: client, Cache: cache, Channels: &messengers.Channels{}, Clock: time.Now, Logger: logger,
	})
	defer func() { _ = room.Close() }()
	found, err := room.Trials().Discover(ctx, address, f.argument)
	if err != nil {
		return console.SourceDiscovered{}, err
	}
	return console.Proposed(ctx, found, catalogue.Publisher{ID: "trial", Languages: []string{f.language}, TimeZone: "UTC"}), nil
}

// outsideOptions returns how a configuration lets commands reach the outside.
func outsideOptions(c *config.Config, logger *slog.Logger) outside.Options {
	return outside.Options{AllowPrivate: c.Private(), UserAgent: userAgent(c), Clock: time.Now, Logger: logger, Fetches: c.Fetch.PerHost}
}

// outsideOf is reach of a configuration file.
func outsideOf(cmd *cobra.Command, path string) (outside.Options, error) {
	c, err := goodConfig(cmd, path)
	if err != nil {
		return outside.Options{}, err
	}
	return outsideOptions(c, slog.New(slog.DiscardHandler)), nil
}
