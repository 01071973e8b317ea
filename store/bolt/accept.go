package bolt

import (
	"context"
	"time"

	"keypull/pull/pipeline"
	"keypull/store"
)

// acceptance is the work of Accept.
type acceptance struct {
	outcome
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
	id  sought
	due time.Time
	rec []byte
	// bind makes of the payload, the last so many bytes of rec, what is written.
	bind    func([]byte, uint64) []byte
	payload int
}

// bound is the record of the entry that gets that sequence.
func (a *accepting) bound(seq uint64) []byte {
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
			a.id = q.db.ids.sought(&e)
		}
		if e.ID != "" && e.Scope != store.Whole {
			e.ID = hashed(a.id.hash)
		}
		a.rec = encodeEntry(e)
		w.entries[i] = a
		w.bytes += len(a.rec)
	}
	if err := q.db.do(ctx, w); err != nil {
		return nil, err
	}
	return w.results, nil
}

func (w *acceptance) size() int { return w.bytes }

// check refuses entries while there is still room to finish those before them.
func (w *acceptance) check(t *turn) error {
	if !t.looked {
		t.looked, t.room = true, w.q.db.Room()
	}
	return t.room
}

func (w *acceptance) write(t *turn) error {
	q := w.q
	b := t.bucket(q.entries)
	t.touch(q)
	for i := range w.entries {
		e := &w.entries[i]
		seq, anew := q.known(t, &e.id)
		if seq != 0 {
			w.results[i] = pipeline.Accepted{Seq: seq, Duplicate: true}
			continue
		}
		q.seq++
		key, rec := t.key(q.seq), e.bound(q.seq)
		guard(q.entries, key, rec)
		b.put(key, rec)
		q.add(e, rec)
		w.results[i] = pipeline.Accepted{Seq: q.seq, Anew: anew}
	}
	return nil
}

// add notes the entry that has just got its sequence.
func (q *queue) add(e *accepting, rec []byte) {
	f := &q.fresh
	if len(f.items) == 0 {
		f.first = q.seq
	}
	h := e.id.hash
	f.hashes = append(f.hashes, h)
	if h != (idHash{}) {
		f.names[[nameBytes]byte(h[:])] = struct{}{}
		f.withID = true
	}
	f.items = append(f.items, q.item(q.seq, e.due, rec))
}

// publish lets claims and later accepts see what is durable now.
func (q *queue) publish() {
	if q.fresh.withID {
		q.ids.learn(q.fresh.first, q.fresh.hashes)
	}
	q.line.Add(q.fresh.items...)
	q.line.Remove(q.acked...)
	q.fresh.items = q.fresh.items[:0]
}

// forget empties what the turn collected; items that are still there were not
// published.
func (q *queue) forget() {
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
	q.touched = false
}

// Ack implements store.Queue.
func (q *queue) Ack(ctx context.Context, seqs ...uint64) error {
	if q.err != nil {
		return q.err
	}
	w := &batch{
		db:      q.db,
		outcome: outcome{shrinks: true},
		acks:    []removal{{q: q, seqs: append([]uint64(nil), seqs...)}},
	}
	return q.db.do(ctx, w)
}

// removal are entries to be removed from a queue.
type removal struct {
	q    *queue
	seqs []uint64
}

func (r *removal) write(t *turn) error {
	b := t.bucket(r.q.entries)
	for _, seq := range r.seqs {
		b.remove(t.key(seq))
	}
	t.touch(r.q)
	r.q.acked = append(r.q.acked, r.seqs...)
	return nil
}
