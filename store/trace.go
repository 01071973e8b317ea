package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"keypull/pull/journal"
	"keypull/pull/pipeline"
)

// settledAsk is what is read of a record of the log.
type settledAsk struct {
	Publisher string        `json:"publisher"`
	Trace     journal.Trace `json:"trace"`
}

// Mark is a moment in the log of settled asks: what was settled before it.
type Mark struct{ upTo reached }

// Now returns the present moment in the log.
func (d *Demand) Now(ctx context.Context) (Mark, error) {
	var m Mark
	var err error
	if m.upTo.Asks, err = firstOf(ctx, d.asks, nil); err != nil {
		return m, err
	}
	m.upTo.Counts, err = firstOf(ctx, d.counts, nil)
	return m, err
}

// Traces calls f for every ask that counts, that arrived at or after since and
// was settled before the mark: those that Fold folds, so that whoever adds them
// up counts the same. The first error of f ends it and is returned. Of readers
// who have not agreed that anything is kept, and of those who were erased, a
// trace has no more than may be counted.
//
// Records that can't be opened, since the key of their day is gone, are left
// out.
func (d *Demand) Traces(ctx context.Context, since time.Time, before Mark, f func(publisher string, t journal.Trace) error) error {
	counted := func(a foldedAsk) error { return f(a.Publisher, a.Trace) }
	if err := d.tracesOf(ctx, asksLog, since, before.upTo.Asks, func(a foldedAsk) error {
		if !a.isCountedHere() {
			return nil
		}
		return counted(a)
	}); err != nil {
		return err
	}
	return d.tracesOf(ctx, countsLog, since, before.upTo.Counts, func(a foldedAsk) error {
		if a.Trace.Outcome == journal.Clicked {
			return nil
		}
		return counted(a)
	})
}

// longestLog is more than any record stays in a log.
const longestLog = 500 * 24 * time.Hour

// tracesOf reads one log.
func (d *Demand) tracesOf(ctx context.Context, name string, since time.Time, before uint64, f func(foldedAsk) error) error {
	log := d.backend.Log(name)
	from, err := firstOf(ctx, log, func(r Record) bool {
		// One that is dated long before may be of a clock that was not set.
		return r.At.Before(since.Add(-LogDisorder)) && !r.At.Before(since.Add(-longestLog))
	})
	if err != nil {
		return err
	}
	unopened := 0
	for r, err := range recordsFrom(ctx, log, from, "read traces") {
		if err != nil {
			return err
		}
		if r.Position >= before {
			break
		}
		if r.At.Before(since) || len(r.Data) == 0 {
			continue
		}
		plain, err := openRecord(d.sealer, name, r)
		if err != nil {
			return err
		}
		if plain == nil {
			unopened++
			continue
		}
		a, err := decodeFoldedAsk(plain)
		if err != nil {
			return fmt.Errorf("record %s: %w", r.ID, err)
		}
		if err := f(a); err != nil {
			return err
		}
	}
	if unopened > 0 {
		d.logger.Info("records of asks whose key is gone were left out of the counts", "records", unopened)
	}
	return nil
}

// firstOf returns a position before which every record is passed over, by looking
// at some 64 records: one that passes tells that of all before it; what lies
// between positions was trimmed. Where passes is nil, all records pass, and the
// position is that behind the last.
func firstOf(ctx context.Context, log Log, passes func(Record) bool) (uint64, error) {
	low, high := uint64(0), uint64(math.MaxUint64)
	for low < high {
		middle := low + (high-low)/2
		found, err := log.Read(ctx, middle, 1)
		if err != nil {
			return 0, backendError("read traces", err)
		}
		if len(found) == 0 || passes != nil && !passes(found[0]) {
			high = middle
			continue
		}
		low = found[0].Position + 1
	}
	return low, nil
}

// Fate tells what became of the reply of a record; empty where it has not left, or nobody
// knows.
func (l *Ledger) Fate(ctx context.Context, ask uint64, of pipeline.Record) (pipeline.Fate, error) {
	var waiting map[string]bool
	if of.Reader != "" {
		var err error
		if waiting, err = waitingAsks(ctx, l.backend, of.Reader); err != nil {
			return "", err
		}
	}
	return l.fateOf(ctx, recordID(ask), of, waiting)
}

// fateOf tells it of a record by its id, beside the asks of its reader that still wait.
func (l *Ledger) fateOf(ctx context.Context, id string, of pipeline.Record, waiting map[string]bool) (pipeline.Fate, error) {
	sent, err := l.sends.Find(ctx, id)
	switch {
	case err == nil:
		return pipeline.Fate(sent.Data), nil
	case !errors.Is(err, ErrNotFound):
		return "", backendError("read the end of an ask", err)
	case of.Reply == nil || waiting[id]:
		return "", nil
	}
	return pipeline.Sent, nil // the usual end, which is not noted
}
