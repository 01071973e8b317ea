package bolt

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"keypull/store"
	"keypull/store/internal/engine"
)

// AcceptedIDs calls each with the ids that a queue knows, the latest first and no more
// than about so many, and returns the last sequence that it gave.
func (db *DB) AcceptedIDs(ctx context.Context, queue string, most int, each func(store.AcceptedIDs) error) (last uint64, err error) {
	q := db.openQueue(queue)
	if q.err != nil {
		return 0, q.err
	}
	// What stands in memory may be in the file by the time that is read, never in neither.
	w := &idReading{q: q, Outcome: engine.Outcome{Shrinks: true}}
	if err := db.engine.Do(ctx, w); err != nil {
		return 0, err
	}
	for _, r := range slices.Backward(w.runs) {
		most -= r.countHashes()
		if err := each(store.AcceptedIDs{First: r.first, At: r.at, Hashes: r.hashes}); err != nil {
			return 0, err
		}
	}
	return w.last, db.engine.View(ctx, func(v *engine.Snapshot) error {
		b := v.Bucket(q.ids.bucket)
		if b == nil {
			return nil
		}
		before := q.rules.aging().Add(-q.rules.horizon)
		c := b.Cursor()
		for k, value := c.Last(); k != nil && most > 0; k, value = c.Before(k) {
			r, ok := q.ids.openRecord(k, value)
			if _, told := w.runs.recordOf(r.first); !ok || told {
				continue
			}
			if r.at.Before(before) {
				return nil
			}
			most -= r.countHashes()
			if err := each(store.AcceptedIDs{First: r.first, At: r.at, Hashes: bytes.Clone(r.hashes)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// idReading is the work of AcceptedIDs: what only the writer may look at.
type idReading struct {
	engine.Outcome
	q    *queue
	runs idRuns
	last uint64
}

// Size implements engine.Work.
func (*idReading) Size() int { return 0 }

// Check implements engine.Work.
func (*idReading) Check(*engine.Batch) error { return nil }

// Write implements engine.Work: it writes nothing.
func (w *idReading) Write(*engine.Batch) error {
	w.last, w.runs = w.q.seq, nil
	for _, runs := range []idRuns{w.q.ids.frozen, w.q.ids.fresh} {
		for _, r := range runs {
			r.hashes = bytes.Clone(r.hashes)
			w.runs = append(w.runs, r)
		}
	}
	return nil
}

// AdoptIDs has a queue know ids that another copy of the store has accepted since, and give
// no sequence up to last again: what was answered once is known when it comes again, and
// no ask has the number of another.
func (db *DB) AdoptIDs(ctx context.Context, queue string, ids []store.AcceptedIDs, last uint64) error {
	q := db.openQueue(queue)
	if q.err != nil {
		return q.err
	}
	w := &idAdoption{q: q, ids: slices.Clone(ids), last: last, Outcome: engine.Outcome{Shrinks: true}}
	slices.SortFunc(w.ids, func(a, b store.AcceptedIDs) int { return cmp.Compare(a.First, b.First) })
	return db.engine.Do(ctx, w)
}

// idAdoption is the work of AdoptIDs.
type idAdoption struct {
	engine.Outcome
	q    *queue
	ids  []store.AcceptedIDs
	last uint64
}

// Size implements engine.Work.
func (*idAdoption) Size() int { return 0 }

// Check implements engine.Work.
func (*idAdoption) Check(*engine.Batch) error { return nil }

func (w *idAdoption) Write(t *engine.Batch) error {
	t.Bucket(w.q.entries).SetSequence(w.last)
	t.Observe(w)
	return nil
}

// Publish implements engine.Observer.
func (w *idAdoption) Publish() {
	q := w.q
	for _, run := range w.ids {
		r := idRecord{first: run.First, at: run.At, hashes: run.Hashes}
		for i := range r.countHashes() {
			seq, h := r.first+uint64(i), r.hashAt(i)
			if seq <= q.seq || seq > w.last {
				continue
			}
			q.ids.fresh.addID(seq, h, r.at)
			if h != (idHash{}) {
				q.ids.recent.addHash(h, seq)
			}
		}
	}
	q.seq = max(q.seq, w.last)
}

// Forget implements engine.Observer.
func (*idAdoption) Forget() {}
