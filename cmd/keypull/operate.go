package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"keypull/web/console"
)

// operate calls f with what carries operations out: the running server of the
// configuration's store, or, where none runs, a house opened for the moment.
func operate(ctx context.Context, c *Config, dry bool, f func(console.Doer) error) error {
	path := (&house{config: c}).storePath()
	if path != "" {
		client := console.Client{Path: socketPath(path)}
		if _, err := os.Stat(client.Path); err == nil {
			if err := f(client); !errors.Is(err, console.ErrNoServer) {
				return err
			}
		}
	}
	h, err := openHouse(ctx, c, slog.New(slog.DiscardHandler), dry)
	if err != nil {
		return err
	}
	return errors.Join(f(operator{h.console}), h.Close())
}

// operator carries operations out in the name of whoever holds the machine.
type operator struct{ *console.Console }

// Do has the console do it.
func (o operator) Do(ctx context.Context, name string, in []byte) ([]byte, error) {
	return o.Console.Do(console.As(ctx, console.Operator()), name, in)
}
