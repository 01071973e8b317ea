package store

import (
	"context"
	"encoding/json"
	"fmt"

	"keypull/pull/journal"
)

// demandOwn is where a publisher's own tries are kept, as a part of its demand.
const demandTries = "own"

// Try keeps what a publisher itself tried in vain; it counts in nothing.
func (d *Demand) Try(ctx context.Context, publisher string, t journal.Trace) error {
	const op = "keep a try"
	d.mu.Lock()
	defer d.mu.Unlock()
	kept, err := d.readTries(ctx, publisher, op)
	if err != nil {
		return err
	}
	if !kept.value.Try(t, d.clock().In(d.zoneOf(publisher))) {
		return nil
	}
	_, err = writeDocument(ctx, d.backend, kept.key, op, kept.value, uint64(kept.revision))
	d.noteTexts(publisher)
	return err
}

// readTries reads the tries of a publisher.
func (d *Demand) readTries(ctx context.Context, publisher, op string) (document[journal.Own], error) {
	kept, err := findDocument[journal.Own](ctx, d.backend, demandKey(publisher, demandTries), op)
	if kept.value == nil {
		kept.value = journal.Own{}
	}
	return kept, err
}

// sweepTries forgets tries from before a day.
func (d *Demand) sweepTries(ctx context.Context, pair Pair, from int) error {
	const op = "sweep tries"
	kept, err := decodeDocument[journal.Own](pair, op)
	if err != nil || !kept.value.Prune(from) {
		return err
	}
	b, err := json.Marshal(kept.value)
	if err != nil {
		return fmt.Errorf("%s: encode: %w", op, err)
	}
	_, err = d.backend.Put(ctx, pair.Key, b, pair.Revision)
	return backendError(op, err)
}
