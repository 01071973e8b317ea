package main

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
)

// pastAsks is what is kept of asks, as readers may see it.
type pastAsks struct{ in *installation }

// Trace returns the trace of a settled ask; false where no more than a count is kept.
func (p pastAsks) Trace(ctx context.Context, ask uint64) (journal.Trace, bool, error) {
	r, ok, err := p.in.ledger.Record(ctx, ask)
	return r.Trace, ok && !r.Reduced && r.Trace.Ask == ask, err
}

// Kept is for how long records are kept.
func (pastAsks) Kept() time.Duration { return textRetention }

// FileLink returns where all that is held of a reader can be fetched.
func (pastAsks) FileLink(*pull.Ask) (string, time.Time) { return "", time.Time{} }
