package store

import (
	"context"
	"time"

	"keypull/pull"
)

const retentionKey = "retention"

// Retention is what is remembered of dropping what is past its time.
type Retention struct {
	// Last is when it was done last, Believed when the clock was last believed.
	Last     time.Time `json:"last,omitzero"`
	Believed time.Time `json:"believed,omitzero"`
	// Looked is how far guests have been looked for among the readers.
	Looked Revision `json:"looked,omitempty"`
	// Gone is since when publishers, and sources as publisher/source, have been
	// missing.
	Gone map[string]time.Time `json:"gone,omitempty"`
}

// LoadRetention reads it; nothing is remembered before the first time.
func LoadRetention(ctx context.Context, kv KV) (Retention, error) {
	d, err := readDocument[Retention](ctx, kv, retentionKey, "read what is known of retention", "")
	if pull.KindOf(err) == pull.Unknown {
		return Retention{}, nil
	}
	return d.value, err
}

// SaveRetention writes it down.
func SaveRetention(ctx context.Context, kv KV, r Retention) error {
	_, err := writeDocument(ctx, kv, retentionKey, "note what is known of retention", r, uint64(Any))
	return err
}
