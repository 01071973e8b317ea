package standby

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"keypull/cmd/keypull/safe"
	"keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
)

// PromoteFile returns the file that asks a standby which runs to take over.
func PromoteFile(store string) string { return store + ".promote" }

// AskToPromote asks a standby that runs to take over. It removes the file once it has.
func AskToPromote(store string) error {
	f, err := private.OpenFile(PromoteFile(store), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	return f.Close() //nolint:wrapcheck // it names the file
}

// PromoteOptions say which copy takes over.
type PromoteOptions struct {
	StorePath, KeyPath string
	// Force takes a copy of which not all keys were destroyed that the primary had destroyed.
	Force  bool
	Clock  func() time.Time
	Logger *slog.Logger
}

// Promoted is what became of a take-over.
type Promoted struct {
	Epoch uint64 `json:"epoch"`
	// Former is the primary before, Taken the moment up to which everything of it is here.
	Former string    `json:"former"`
	Taken  time.Time `json:"taken"`
	// Forgotten are readers whose keys were destroyed before their documents.
	Forgotten int `json:"forgotten"`
}

// Promote makes the copy of a standby that does not run a primary, of the next epoch. Documents whose
// keys are destroyed go first. The errors are sentences.
func Promote(ctx context.Context, o PromoteOptions) (done Promoted, err error) {
	state, ok, err := ReadState(o.StorePath)
	switch {
	case err != nil:
		return done, err
	case !ok:
		return done, words.Fail(nil, "standby.none", words.Args{"store": o.StorePath})
	case state.Promoted:
		return done, words.Fail(nil, "standby.promoted", nil)
	case !state.Whole:
		return done, words.Fail(store.ErrDamaged, "standby.not_whole", nil)
	case state.Behind && !o.Force:
		return done, words.Fail(nil, "standby.behind", nil)
	}
	if err := checkKey(o.KeyPath, state.Key); err != nil {
		return done, err
	}
	s, err := safe.Open(ctx, safe.Options{Store: o.StorePath, Keys: o.KeyPath, MinFree: -1, Clock: o.Clock, Logger: o.Logger})
	if err != nil {
		return done, err //nolint:wrapcheck // it is a sentence
	}
	done = Promoted{Epoch: state.Epoch + 1, Former: state.Of, Taken: state.Taken}
	_, done.Forgotten, _, err = store.Standing{Store: s.File, Sealer: s.Ring}.DropForgotten(ctx)
	if err == nil {
		err = Epoch{Number: done.Epoch, Former: state.Of}.Write(ctx, s.Store)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return done, fmt.Errorf("promote: %w", err)
	}
	state.Promoted, state.Epoch = true, done.Epoch
	return done, state.Write(o.StorePath)
}

// Standing returns why nobody may serve from a store that follows another, or nil.
func Standing(storePath string) error {
	state, ok, err := ReadState(storePath)
	if err != nil || !ok || state.Promoted {
		return err
	}
	return words.Fail(errors.Join(ErrSuperseded, store.ErrDamaged), "standby.follows", words.Args{"store": storePath, "of": state.Of})
}
