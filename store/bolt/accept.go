package bolt

import (
	"context"
	"time"

	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/internal/engine"
	"keypull/store/internal/knownid"
)

// acceptance is the work of Accept.
type acceptance struct {
	engine.Outcome
	q       *queue
	entries []accepting
	results []pipeline.Accepted
	bytes   int

	oneEntry  [1]accepting // room for the usual call
	oneResult [1]pipeline.Accepted
}

func newAcceptance(q *queue, entries int) *acceptance {
	w := &acceptance{q: q}
	if entries == 1 {
		w.entries, w.results = w.oneEntry[:], w.oneResult[:]
		return w
	}
	w.entries, w.results = make([]accepting, entries), make([]pipeline.Accepted, entries)
	return w
}

type accepting struct {
	id  knownid.Sought
	due time.Time
	rec []byte
	// bind makes of the payload, the last so many bytes of rec, what is written.
	bind    func([]byte, uint64) []byte
	payload int
}

// boundRecord returns the record of the entry that gets that sequence.
func (a *accepting) boundRecord(seq uint64) []byte {
	if a.bind == nil {
		return a.rec
	}
	head := len(a.rec) - a.payload
	return append(a.rec[:head:head], a.bind(a.rec[head:], seq)...)
}

// Accept implements store.Queue.
func (q *queue) Accept(ctx context.Context, entries []store.Entry) ([]pipeline.Accepted, error) {
	if q.err != nil {
		return nil, q.err
	}
	if len(entries) == 0 {
		return nil, ctx.Err()
	}
	w := newAcceptance(q, len(entries))
	for i, e := range entries {
		if err := store.CheckEntry(e); err != nil {
			return nil, err
		}
		a := accepting{due: e.Due, bind: e.Bind, payload: len(e.Payload)}
		if e.ID != "" {
			a.id = q.rules.HashEntry(&e)
		}
		if e.ID != "" && e.Scope != store.Whole {
			e.ID = idOfHash(idHash(a.id.Hash))
		}
		a.rec = encodeEntry(e)
		w.entries[i] = a
		w.bytes += len(a.rec)
	}
	if err := q.engine.Do(ctx, w); err != nil {
		return nil, err
	}
	return w.results, nil
}

// Size implements engine.Work.
func (w *acceptance) Size() int { return w.bytes }

// Check refuses entries while there is still room to finish those before them.
func (w *acceptance) Check(t *engine.Batch) error { return t.Room() }

func (w *acceptance) Write(t *engine.Batch) error {
	q := w.q
	b := t.Bucket(q.entries)
	t.Observe(q)
	for i := range w.entries {
		e := &w.entries[i]
		seq, anew := q.findDuplicate(t, &e.id)
		if seq != 0 {
			w.results[i] = pipeline.Accepted{Seq: seq, Duplicate: true}
			continue
		}
		q.seq++
		key, rec := t.Key(q.seq), e.boundRecord(q.seq)
		engine.AddSum(q.entries, key, rec)
		b.Put(key, rec)
		q.addFresh(e, rec)
		w.results[i] = pipeline.Accepted{Seq: q.seq, Anew: anew}
	}
	return nil
}

// addFresh notes the entry that has just got its sequence.
func (q *queue) addFresh(e *accepting, rec []byte) {
	f := &q.fresh
	if len(f.items) == 0 {
		f.first = q.seq
	}
	h := idHash(e.id.Hash)
	f.hashes = append(f.hashes, h)
	if h != (idHash{}) {
		f.names[[nameBytes]byte(h[:])] = struct{}{}
		f.withID = true
	}
	f.items = append(f.items, q.readyItem(q.seq, e.due, rec))
}

// Publish implements engine.Observer: it lets claims and later accepts see what is durable now.
func (q *queue) Publish() {
	if q.fresh.withID {
		q.ids.addBatch(q.fresh.first, q.fresh.hashes)
	}
	q.ready.Add(q.fresh.items...)
	q.ready.Remove(q.acked...)
	q.fresh.items = q.fresh.items[:0]
}

// Forget implements engine.Observer: it empties what the batch collected; items that are still there were not
// published.
func (q *queue) Forget() {
	f := &q.fresh
	for _, it := range f.items {
		if it.Value != nil {
			q.kept.Add(-1)
			q.bytes.Add(-int64(len(it.Value)))
		}
	}
	clear(f.names)
	clear(f.items[:cap(f.items)])
	f.items, f.hashes, f.withID = f.items[:0], f.hashes[:0], false
	q.acked = q.acked[:0]
}

// Ack implements store.Queue.
func (q *queue) Ack(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	w := &commit{
		Outcome: engine.Outcome{Shrinks: true},
		acks:    []removal{{q: q, seqs: append([]uint64(nil), seqs...)}},
	}
	return q.engine.Do(ctx, w)
}

// removal are entries to be removed from a queue.
type removal struct {
	q    *queue
	seqs []uint64
}

func (r *removal) removeEntries(t *engine.Batch) {
	b := t.Bucket(r.q.entries)
	for _, seq := range r.seqs {
		b.Remove(t.Key(seq))
	}
	t.Observe(r.q)
	r.q.acked = append(r.q.acked, r.seqs...)
}
