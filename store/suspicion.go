package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"keypull/pull/pipeline"
)

// suspicionsKey is where it stands which asks the process ended in.
const suspicionsKey = "suspicions"

// Suspicions are what is known of asks in whose resolving the process ended.
// Nothing of a reader stands there.
type Suspicions struct{ kv KV }

var _ pipeline.Suspicions = Suspicions{}

// NewSuspicions returns those of a store.
func NewSuspicions(kv KV) Suspicions { return Suspicions{kv} }

// Suspicions reads them; none is no error.
func (s Suspicions) Suspicions(ctx context.Context) (map[uint64]pipeline.Suspicion, error) {
	all := map[uint64]pipeline.Suspicion{}
	pair, err := s.kv.Get(ctx, suspicionsKey)
	if errors.Is(err, ErrNotFound) {
		return all, nil
	}
	if err != nil {
		return all, fmt.Errorf("read suspicions: %w", err)
	}
	if err := json.Unmarshal(pair.Value, &all); err != nil {
		return map[uint64]pipeline.Suspicion{}, fmt.Errorf("read suspicions: %w", err)
	}
	return all, nil
}

// PutSuspicions writes them.
func (s Suspicions) PutSuspicions(ctx context.Context, all map[uint64]pipeline.Suspicion) error {
	value, err := json.Marshal(all)
	if err == nil {
		_, err = s.kv.Put(ctx, suspicionsKey, value, Any)
	}
	if err != nil {
		return fmt.Errorf("write suspicions: %w", err)
	}
	return nil
}
