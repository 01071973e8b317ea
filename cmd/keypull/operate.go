package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/words"
	"keypull/web/console"
)

// operate calls f in a context in which operations are carried out: by the running
// server of the configuration's store, or, where none runs, by an installation
// opened for the moment.
func operate(ctx context.Context, c *config.Config, dry bool, f func(context.Context) error) error {
	path := c.StorePath()
	if path != "" {
		socket, err := socketFile(path)
		if err != nil {
			return err
		}
		client := console.Client{Path: socket, Token: os.Getenv(tokenVariable), Language: cli.Language()}
		if _, err := os.Stat(client.Path); err == nil {
			if err := f(console.On(ctx, client)); !errors.Is(err, console.ErrNoServer) {
				return err
			}
		}
	}
	h, err := openInstallation(ctx, c, slog.New(slog.DiscardHandler), dry)
	if err != nil {
		return err
	}
	who, err := whoAsks(ctx, h)
	if err != nil {
		return errors.Join(err, h.Close())
	}
	return errors.Join(f(console.As(console.On(ctx, h.console), who)), h.Close())
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
