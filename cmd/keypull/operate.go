package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"keypull/cmd/keypull/config"
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
		client := console.Client{Path: socket, Token: os.Getenv(tokenVariable)}
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
	token := os.Getenv(tokenVariable)
	if token == "" {
		return console.Operator(), nil
	}
	who, err := h.gate.Bearer(ctx, token, "")
	if err != nil {
		return who, fmt.Errorf("%s: %w", tokenVariable, err)
	}
	who.Face = console.FaceSocket
	return who, nil
}
