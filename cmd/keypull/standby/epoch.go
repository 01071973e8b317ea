package standby

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"keypull/pull/words"
	"keypull/store"
)

// ErrSuperseded says that another machine has taken over.
var ErrSuperseded = errors.New("standby: another machine has taken over")

// epochKey is where the store says which primary it is.
const epochKey = "epoch"

// Epoch says which of the primaries that an installation had a store is of.
type Epoch struct {
	// Number grows with each take-over.
	Number uint64 `json:"number"`
	// Former is where the primary before is reached, which has to be told.
	Former string `json:"former,omitempty"`
	// By is the higher epoch that was met, 0 where none was: nobody is answered then.
	By uint64 `json:"by,omitempty"`
}

// ReadEpoch reads it; an installation that was never taken over is of the first.
func ReadEpoch(ctx context.Context, kv store.KV) (e Epoch, err error) {
	pair, err := kv.Get(ctx, epochKey)
	if errors.Is(err, store.ErrNotFound) {
		return Epoch{Number: 1}, nil
	}
	if err == nil {
		err = json.Unmarshal(pair.Value, &e)
	}
	if err != nil {
		return e, fmt.Errorf("read which primary this is: %w", err)
	}
	return e, nil
}

// Write writes it.
func (e Epoch) Write(ctx context.Context, kv store.KV) error {
	b, err := json.Marshal(e)
	if err == nil {
		_, err = kv.Put(ctx, epochKey, b, store.Any)
	}
	if err != nil {
		return fmt.Errorf("write which primary this is: %w", err)
	}
	return nil
}

// Superseded returns why nobody may be answered, or nil.
func (e Epoch) Superseded() error {
	if e.By == 0 {
		return nil
	}
	return words.Fail(errors.Join(ErrSuperseded, store.ErrDamaged), "standby.superseded", words.Args{"epoch": fmt.Sprint(e.Number), "by": fmt.Sprint(e.By)})
}
