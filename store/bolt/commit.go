package bolt

import (
	"bytes"
	"context"
	"errors"

	"keypull/store"
)

// batch is the work of Commit, CommitLater and everything that is a part of
// them.
type batch struct {
	outcome
	db      *DB
	puts    []put
	appends []addition
	reduces []reduction
	deletes [][]byte
	acks    []removal
	bytes   int
}

// Commit implements store.Committer.
func (db *DB) Commit(ctx context.Context, b store.Batch) ([]store.Revision, error) {
	w, err := db.batch(b)
	if err != nil {
		return nil, err
	}
	if err := db.do(ctx, w); err != nil {
		return nil, err
	}
	revisions := make([]store.Revision, len(w.puts))
	for i := range w.puts {
		revisions[i] = w.puts[i].now
	}
	return revisions, nil
}

// CommitLater implements store.LaterCommitter.
func (db *DB) CommitLater(ctx context.Context, b store.Batch) error {
	if err := store.CheckLater(b); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := db.batch(b)
	if err != nil {
		return err
	}
	if db.inbox.crowded() {
		return db.do(ctx, w)
	}
	w.later = true
	_, err = db.inbox.add(w, true)
	return err
}

// batch copies b, so that the caller has his slices back.
func (db *DB) batch(b store.Batch) (*batch, error) {
	if err := store.CheckBatch(b); err != nil {
		return nil, err
	}
	w := &batch{db: db}
	if len(b.Puts) > 0 {
		w.puts = make([]put, len(b.Puts))
	}
	for i, p := range b.Puts {
		w.puts[i] = newPut(p)
		w.bytes += len(p.Value)
	}
	for _, key := range b.Deletes {
		w.deletes = append(w.deletes, []byte(key))
	}
	err := errors.Join(w.records(b), w.removals(b))
	w.shrinks = len(b.Puts) == 0 && w.bytes <= w.frees()
	return w, err
}

// frees is about what the batch gives back: an entry takes more than the mark of
// how its ask ended, and what is reduced gets smaller.
func (w *batch) frees() int {
	const entry = 100
	freed := 0
	for i := range w.acks {
		freed += entry * len(w.acks[i].seqs)
	}
	for i := range w.reduces {
		freed += len(w.reduces[i].data)
	}
	return freed
}

// records copies what b writes into logs.
func (w *batch) records(b store.Batch) error {
	for _, a := range b.Appends {
		l := w.db.log(a.Log)
		if l.err != nil {
			return l.err
		}
		w.appends = append(w.appends, newAddition(l, a.Record))
		w.bytes += len(a.Record.Data)
	}
	for _, r := range b.Reduces {
		l := w.db.log(r.Log)
		if l.err != nil {
			return l.err
		}
		w.reduces = append(w.reduces, reduction{l: l, id: r.Record.ID, data: bytes.Clone(r.Record.Data)})
		w.bytes += len(r.Record.Data)
	}
	return nil
}

// removals copies what b takes out of queues.
func (w *batch) removals(b store.Batch) error {
	for _, a := range b.Acks {
		q := w.db.queue(a.Queue)
		if q.err != nil {
			return q.err
		}
		w.acks = append(w.acks, removal{q: q, seqs: append([]uint64(nil), a.Seqs...)})
	}
	return nil
}

func (w *batch) size() int { return w.bytes }

func (w *batch) check(t *turn) error {
	if len(w.puts) == 0 {
		return nil
	}
	kv := t.bucket(kvBucket)
	for i := range w.puts {
		if err := w.db.expect(kv, w.puts[i].key, w.puts[i].when); err != nil {
			return err
		}
	}
	return nil
}

func (w *batch) write(t *turn) error {
	w.writeValues(t)
	for i := range w.appends {
		if err := w.appends[i].write(t); err != nil {
			return err
		}
	}
	for i := range w.reduces {
		if err := w.reduces[i].write(t); err != nil {
			return err
		}
	}
	for i := range w.acks {
		if err := w.acks[i].write(t); err != nil {
			return err
		}
	}
	return nil
}

// writeValues writes and removes keys.
func (w *batch) writeValues(t *turn) {
	if len(w.puts) == 0 && len(w.deletes) == 0 {
		return
	}
	kv := t.bucket(kvBucket)
	for i := range w.puts {
		w.puts[i].write(t, w.db, kv)
	}
	for _, key := range w.deletes {
		if w.db.value(kv, key) != nil {
			w.db.drop(t, kv, key)
		}
	}
}
