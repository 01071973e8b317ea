package bolt

import (
	"bytes"
	"context"
	"errors"

	"keypull/store"
	"keypull/store/internal/engine"
)

// commit is the work of Commit, CommitLater and everything that is a part of
// them.
type commit struct {
	engine.Outcome
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
	w, err := db.newCommit(b)
	if err != nil {
		return nil, err
	}
	if err := db.engine.Do(ctx, w); err != nil {
		return nil, err
	}
	revisions := make([]store.Revision, len(w.puts))
	for i := range w.puts {
		revisions[i] = w.puts[i].now
	}
	return revisions, nil
}

// CommitLater implements store.Committer.
func (db *DB) CommitLater(ctx context.Context, b store.Batch) error {
	if err := store.CheckLater(b); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := db.newCommit(b)
	if err != nil {
		return err
	}
	return db.engine.DoLater(ctx, w)
}

// newCommit copies b, so that the caller has his slices back.
func (db *DB) newCommit(b store.Batch) (*commit, error) {
	if err := store.CheckBatch(b); err != nil {
		return nil, err
	}
	w := &commit{db: db}
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
	err := errors.Join(w.addRecords(b), w.addRemovals(b))
	w.Shrinks = len(b.Puts) == 0 && w.bytes <= w.freedBytes()
	return w, err
}

// freedBytes is about what the batch gives back: an entry takes more than the mark of
// how its ask ended, and what is reduced gets smaller.
func (w *commit) freedBytes() int {
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

// addRecords copies what b writes into logs.
func (w *commit) addRecords(b store.Batch) error {
	for _, a := range b.Appends {
		l := w.db.openLog(a.Log)
		if l.err != nil {
			return l.err
		}
		w.appends = append(w.appends, newAddition(l, a.Record))
		w.bytes += len(a.Record.Data)
	}
	for _, r := range b.Reduces {
		l := w.db.openLog(r.Log)
		if l.err != nil {
			return l.err
		}
		w.reduces = append(w.reduces, reduction{l: l, id: r.Record.ID, data: bytes.Clone(r.Record.Data)})
		w.bytes += len(r.Record.Data)
	}
	return nil
}

// addRemovals copies what b takes out of queues.
func (w *commit) addRemovals(b store.Batch) error {
	for _, a := range b.Acks {
		q := w.db.openQueue(a.Queue)
		if q.err != nil {
			return q.err
		}
		w.acks = append(w.acks, removal{q: q, seqs: append([]uint64(nil), a.Seqs...)})
	}
	return nil
}

// Size implements engine.Work.
func (w *commit) Size() int { return w.bytes }

// Check implements engine.Work.
func (w *commit) Check(t *engine.Batch) error {
	if len(w.puts) == 0 {
		return nil
	}
	b := t.Bucket(kvBucket)
	for i := range w.puts {
		if err := w.db.kv.checkRevision(b, w.puts[i].key, w.puts[i].when); err != nil {
			return err
		}
	}
	return nil
}

func (w *commit) Write(t *engine.Batch) error {
	w.writeKeys(t)
	for i := range w.appends {
		w.appends[i].writeRecord(t)
	}
	for i := range w.reduces {
		w.reduces[i].writeReduced(t)
	}
	for i := range w.acks {
		w.acks[i].removeEntries(t)
	}
	return nil
}

// writeKeys sets and removes keys.
func (w *commit) writeKeys(t *engine.Batch) {
	if len(w.puts) == 0 && len(w.deletes) == 0 {
		return
	}
	b := t.Bucket(kvBucket)
	for i := range w.puts {
		w.db.kv.writePut(t, b, &w.puts[i])
	}
	for _, key := range w.deletes {
		if w.db.kv.readValue(b, key) != nil {
			w.db.kv.removeKey(t, b, key)
		}
	}
}
