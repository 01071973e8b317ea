package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/web/console"
)

// absence is what becomes of a command where there is no store.
type absence int

const (
	// refused: it reads or changes what only a store holds.
	refused absence = iota
	// passing: it reads what stands in the configuration file, beside a store that
	// goes with the command.
	passing
	// made: it begins a store.
	made
)

// withOperations calls f in a context in which operations are carried out: by the running
// server of the configuration's store, here or at another machine, or, where none runs, by an
// installation opened for the moment. What only reads makes no store.
func withOperations(ctx context.Context, c *config.Config, dry bool, without absence, f func(context.Context) error) error {
	path := c.OwnPath()
	socket, err := socketFile(path)
	if err != nil {
		return err
	}
	client := console.Client{Path: socket, Token: os.Getenv(tokenVariable), Language: cli.Language()}
	if _, err := os.Stat(client.Path); err == nil {
		if err := f(console.WithDoer(ctx, client)); !errors.Is(err, console.ErrNoServer) {
			return err
		}
	}
	switch {
	case without == made || !hasNoStore(c):
	case without == refused || len(c.Publishers) == 0:
		return words.Fail(nil, "cli.no_store", words.Args{"file": filepath.Base(path)})
	default:
		own, tidy, err := passingConfig(c)
		if err != nil {
			return err
		}
		defer tidy()
		c = own
	}
	begun := without == made && c.StorePath() != "" && hasNoStore(c)
	before := filesOfStore(c)
	quiet := slog.New(slog.DiscardHandler)
	h, err := openInstallation(ctx, c, quiet, dry)
	if errors.Is(err, store.ErrInUse) && c.StorePath() == "" && c.Standby.Secret.Reveal() != "" {
		// It works on another machine.
		reach := newStandbyClient(quiet)
		defer reach.Close()
		client.Send = newTaker(c, reach).Command
		return f(console.WithDoer(ctx, client))
	}
	if err != nil {
		return err
	}
	who, err := whoAsks(ctx, h)
	if err == nil {
		err = f(console.WithCaller(console.WithDoer(ctx, h.console), who))
	}
	switch {
	case begun && err != nil:
		removeFiles(filesOfStore(c), before)
	case begun:
		whole, _ := filepath.Abs(path) // as that of the socket was
		cli.Note(ctx, "cli.store_begun", words.Args{"file": whole})
	}
	return errors.Join(err, h.Close())
}

// filesOfStore lists what lies at the names of a configuration's store and keys.
func filesOfStore(c *config.Config) (files []string) {
	for _, name := range []string{c.OwnPath(), c.Secrets.KeyFile} {
		found, _ := filepath.Glob(name + "*") // a name that is a pattern has what it finds
		files = append(files, found...)
	}
	return files
}

// removeFiles removes files that were not there before. Nobody else has a store to which they belong: it is open here still.
func removeFiles(files, before []string) {
	for _, file := range files {
		if !slices.Contains(before, file) {
			_ = os.Remove(file) // what is left is an empty store
		}
	}
}

// isServed reports whether a server listens at the socket of a configuration's store.
func isServed(ctx context.Context, c *config.Config) bool {
	socket, err := socketFile(c.OwnPath())
	if err != nil {
		return false
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	return err == nil && conn.Close() == nil
}

// hasNoStore reports whether there is no store of a configuration, nor anything that
// was beside one. A database is one once there are keys to it.
func hasNoStore(c *config.Config) bool {
	if sealed.Orphaned(c.Secrets.KeyFile) {
		return false
	}
	if c.StorePath() == "" {
		_, err := os.Stat(c.Secrets.KeyFile)
		return errors.Is(err, fs.ErrNotExist)
	}
	left, err := filepath.Glob(c.StorePath() + "*")
	return err == nil && len(left) == 0
}

// passingConfig returns a configuration with a store of its own, which tidy removes.
func passingConfig(c *config.Config) (own *config.Config, tidy func(), err error) {
	folder, err := os.MkdirTemp("", "keypull-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a folder: %w", err)
	}
	copied := *c
	copied.Store.URL, copied.Secrets.KeyFile = "bolt:"+filepath.Join(folder, "keypull.db"), filepath.Join(folder, "keypull.key")
	return &copied, func() { _ = os.RemoveAll(folder) }, nil
}

// onServer carries operations out in the name of whoever holds the machine, at
// the running server or, where none runs, on the store itself.
func onServer(cmd *cobra.Command, path string, f func(context.Context) error) error {
	return onStore(cmd, path, refused, f)
}

// onFile is onServer of what the configuration file can tell without a store.
func onFile(cmd *cobra.Command, path string, f func(context.Context) error) error {
	return onStore(cmd, path, passing, f)
}

// onNew is onServer of what may be done before there is a store.
func onNew(cmd *cobra.Command, path string, f func(context.Context) error) error {
	return onStore(cmd, path, made, f)
}

func onStore(cmd *cobra.Command, path string, without absence, f func(context.Context) error) error {
	c, err := servedConfig(cmd, path)
	if err != nil {
		return err
	}
	return withOperations(cmd.Context(), c, true, without, hintKnownIDs(cmd, f))
}

// tokenVariable holds a token in whose name commands act; where it is empty they
// act in the name of whoever holds the machine.
const tokenVariable = "KEYPULL_TOKEN"

func whoAsks(ctx context.Context, h *installation) (console.Principal, error) {
	who, token := console.Operator(), os.Getenv(tokenVariable)
	if token != "" {
		var err error
		if who, err = h.gate.Bearer(ctx, token, ""); err != nil {
			return who, words.Fail(err, "cli.field", words.Args{"field": tokenVariable, "reason": words.Said(err)})
		}
		who.Face = console.FaceSocket
	}
	who.Language = cli.Language()
	return who, nil
}
