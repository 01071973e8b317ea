package store

import (
	"context"

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
	d, err := findDocument[map[uint64]pipeline.PoisonRecord](ctx, s.kv, poisonKey, "read poison messages")
	if d.value == nil {
		d.value = map[uint64]pipeline.PoisonRecord{}
	}
	return d.value, err
}

// PutPoisonRecords writes them.
func (s PoisonRecords) PutPoisonRecords(ctx context.Context, all map[uint64]pipeline.PoisonRecord) error {
	_, err := writeDocument(ctx, s.kv, poisonKey, "write poison messages", all, uint64(Any))
	return err
}
