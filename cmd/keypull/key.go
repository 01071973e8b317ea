package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/web/console"
)

// rotatedKey is how a rotation of the master key stands.
type rotatedKey struct {
	// Key names the master key in use.
	Key string `json:"key"`
	// Rotating: some of what is sealed is sealed by a master key of before still.
	Rotating bool `json:"rotating"`
	// Slots and Wrapped are how many slots of keys there are to wrap, and how many of them were come past.
	Slots   int64 `json:"slots,omitempty"`
	Wrapped int64 `json:"wrapped,omitempty"`
}

// takeNextKey is "key.rotate".
var takeNextKey = console.Declare[struct{}, rotatedKey](console.Declaration{ //nolint:gochecknoglobals // as all operations
	Name: "key.rotate", Permission: console.Admin, Audit: true,
	Summary: "Take up the new master key that stands in the key file, and seal by it what former ones sealed.",
})

// rotation is how an installation goes over to a new master key.
type rotation struct {
	one            sync.Mutex // at a time
	slots, wrapped atomic.Int64
	unsealed       atomic.Bool // secrets may be sealed by a key of before
	looked         bool        // under one: unsealed is known
}

// rotateKey carries "key.rotate" out.
func (in *installation) rotateKey(ctx context.Context, _ struct{}) (rotatedKey, error) {
	err := in.goOnRotating(ctx)
	return in.keyStatus(), err
}

// keyStatus tells how the rotation stands.
func (in *installation) keyStatus() rotatedKey {
	s := rotatedKey{Key: in.ring.KeyID(), Rotating: in.ring.Rotating() || in.rotation.unsealed.Load()}
	if s.Rotating {
		s.Slots, s.Wrapped = in.rotation.slots.Load(), in.rotation.wrapped.Load()
	}
	return s
}

// goOnRotating takes up the key file where it has a new master key, and returns once nothing is sealed
// by another one. Whatever breaks it off, what is there opens, and the next call goes on.
func (in *installation) goOnRotating(ctx context.Context) error {
	r := &in.rotation
	r.one.Lock()
	defer r.one.Unlock()
	taken, err := in.ring.TakeNext()
	if err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	if taken {
		in.logger.InfoContext(ctx, "a new master key is in use; what former ones sealed is sealed anew", "key", in.ring.KeyID())
	}
	if !r.looked || taken {
		by, err := store.SealedBy(ctx, in.store)
		if err != nil {
			return err
		}
		r.unsealed.Store(in.ring.Renewed() && by != in.ring.KeyID())
		r.looked = true
	}
	if !in.ring.Rotating() && !r.unsealed.Load() {
		return nil
	}
	r.unsealed.Store(true)
	secrets, err := in.sealSecretsAnew(ctx)
	if err != nil {
		return err
	}
	if err := in.ring.WrapAnew(ctx, func(done, of int) { r.wrapped.Store(int64(done)); r.slots.Store(int64(of)) }); err != nil {
		return err //nolint:wrapcheck // it says what it is
	}
	if err := store.NoteSealedBy(ctx, in.store, in.ring.KeyID()); err != nil {
		return err
	}
	r.unsealed.Store(false)
	in.logger.InfoContext(ctx, "nothing is sealed by a former master key any more", "key", in.ring.KeyID(), "slots", r.slots.Load(), "secrets", secrets)
	return nil
}

// sealSecretsAnew seals secrets in the store anew until it finds none twice: one that was under way
// when the key changed is found then.
func (in *installation) sealSecretsAnew(ctx context.Context) (all int, err error) {
	for clean := 0; clean < 2; clean++ {
		n, err := store.SealValuesAnew(ctx, in.store, in.ring.SealAnew)
		if err != nil {
			return all, err
		}
		things, err := in.room.SealAnew(ctx, in.ring.SealAnew)
		if err != nil {
			return all, err
		}
		if n += things; n > 0 {
			clean = -1
		}
		all += n
	}
	return all, nil
}

// keepRotating goes on with a rotation that was broken off, and takes up a key file that nobody told of.
func (in *installation) keepRotating(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for told := ""; ; {
		err := in.goOnRotating(ctx)
		if err != nil && ctx.Err() == nil && err.Error() != told {
			told = err.Error()
			in.logger.ErrorContext(ctx, "the master key could not be changed; it is tried again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// keepWrapping has the keys that lie in a database wrapped by a new key each day, and the one before
// destroyed.
func (in *installation) keepWrapping(ctx context.Context) {
	const (
		every = 10 * time.Second
		again = 10 * time.Minute // after an error
	)
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-next.C:
		case <-ctx.Done():
			return
		}
		wait := every
		began := in.clock()
		switch n, err := in.ring.WrapPages(ctx, began); {
		case err != nil && ctx.Err() == nil:
			wait = again
			in.logger.ErrorContext(ctx, "the keys in the database could not be wrapped anew; it is tried again", "error", err)
		case n > 0:
			in.logger.InfoContext(ctx, "the keys in the database are wrapped by a new key", "pages", n, "took", in.clock().Sub(began))
		}
		next.Reset(wait)
	}
}

func newKeyCommand() *cobra.Command {
	var (
		path        string
		yes, asJSON bool
	)
	cmd := &cobra.Command{
		Use: "key", Short: "Change the master key", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	rotate := &cobra.Command{
		Use: "rotate", Short: "Make a new master key, and seal by it what the old one sealed", Args: cobra.NoArgs,
		Long: "rotate makes a new master key and prints its recovery sheet. Once somebody says that it is put away,\n" +
			"it puts the new key into the key file, before the old one, and has the running server seal by it all\n" +
			"keys of readers and days and all secrets, while readers are answered. Until it is done both open, and\n" +
			"whatever breaks it off, the next start goes on; then the old key opens nothing that is kept. Readers\n" +
			"keep their pseudonyms, and the new sheet opens backups of before as well.",
		Example: "  keypull key rotate -c config.toml\n  keypull key rotate -c config.toml --yes > sheet.txt",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cli.Failed(rotateKey(cmd, path, yes, asJSON)) },
	}
	cmd.AddCommand(rotate)
	configFlag(rotate, &path)
	rotate.Flags().BoolVar(&yes, "yes", false, "do not ask whether the sheet is put away")
	rotate.Flags().BoolVar(&asJSON, "json", false, "print how it went as JSON, on the standard error")
	return cmd
}

func rotateKey(cmd *cobra.Command, path string, yes, asJSON bool) error {
	c, err := servedConfig(cmd, path)
	if err != nil {
		return err
	}
	return withOperations(cmd.Context(), c, true, refused, func(ctx context.Context) error {
		// Before anything is made: somebody must carry it out.
		if _, err := takeNextKey.Call(ctx, struct{}{}); err != nil {
			return err
		}
		key, err := sealed.ReadKey(c.Secrets.KeyFile)
		if err != nil {
			return err //nolint:wrapcheck // it is a sentence
		}
		next := sealed.NextKey(key)
		if err := writeSheet(cmd, c.Server.PublicURL, next); err != nil {
			return err
		}
		if !yes && !confirmed(cmd, "key.put_away") {
			return words.Fail(nil, "key.kept", nil)
		}
		if err := sealed.PlaceNext(c.Secrets.KeyFile, next); err != nil {
			return err //nolint:wrapcheck // it is a sentence
		}
		done, err := takeNextKey.Call(ctx, struct{}{})
		if err != nil {
			return err
		}
		if asJSON {
			return cli.PrintJSON(cmd.ErrOrStderr(), done)
		}
		_, err = fmt.Fprintln(cmd.ErrOrStderr(), cli.Say("key.rotated", words.Args{"key": done.Key}))
		return err //nolint:wrapcheck // of the terminal
	})
}

// writeSheet prints the recovery sheet of a key.
func writeSheet(cmd *cobra.Command, address string, key []byte) error {
	id, err := sealed.KeyID(key)
	if err != nil {
		return err //nolint:wrapcheck // never
	}
	return backup.WriteSheet(cmd.OutOrStdout(), key, cli.Say("backup.sheet", words.Args{"address": address, "key": id, "lines": strconv.Itoa(backup.SheetLines(key))}))
}
