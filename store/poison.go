package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"keypull/pull/pipeline"
)

// poisonKey is where it stands which asks the process ended in.
const poisonKey = "suspicions"

// PoisonRecords are what is known of asks in whose resolving the process ended.
// Nothing of a reader stands there.
type PoisonRecords struct{ kv KV }

var _ pipeline.PoisonRecords = PoisonRecords{}

// NewPoisonRecords returns those of a store.
func NewPoisonRecords(kv KV) PoisonRecords { return PoisonRecords{kv} }

// PoisonRecords reads them; none is no error.
func (s PoisonRecords) PoisonRecords(ctx context.Context) (map[uint64]pipeline.PoisonRecord, error) {
	all := map[uint64]pipeline.PoisonRecord{}
	pair, err := s.kv.Get(ctx, poisonKey)
	if errors.Is(err, ErrNotFound) {
		return all, nil
	}
	if err != nil {
		return all, fmt.Errorf("read poison messages: %w", err)
	}
	if err := json.Unmarshal(pair.Value, &all); err != nil {
		return map[uint64]pipeline.PoisonRecord{}, fmt.Errorf("read poison messages: %w", err)
	}
	return all, nil
}

// PutPoisonRecords writes them.
func (s PoisonRecords) PutPoisonRecords(ctx context.Context, all map[uint64]pipeline.PoisonRecord) error {
	value, err := json.Marshal(all)
	if err == nil {
		_, err = s.kv.Put(ctx, poisonKey, value, Any)
	}
	if err != nil {
		return fmt.Errorf("write poison messages: %w", err)
	}
	return nil
}
