package bolt

import (
	"bytes"
	"context"
	"time"

	"go.etcd.io/bbolt"

	"keypull/store"
)

// Records are only ever added at the end; ids nearly always are.
const (
	logFill = 1.0
	idsFill = 0.9
)

// trimStep is how many records one commit removes, so that others get in
// between.
const trimStep = 1000

// addition is one record to be appended.
type addition struct {
	l        *log
	id       []byte
	rec      []byte
	position uint64
}

func newAddition(l *log, r store.Record) addition {
	return addition{l: l, id: []byte(r.ID), rec: encodeRecord(r.At, r.ID, r.Data)}
}

func (a *addition) write(t *turn) error {
	l := a.l
	records, ids, err := l.buckets(t)
	if err != nil {
		return err
	}
	if bytes.Compare(a.id, l.last) <= 0 {
		if at := ids.Get(a.id); at != nil {
			a.position = number(at)
			return nil
		}
	} else {
		l.last = a.id
	}
	t.dirty = true
	l.position++
	a.position = l.position
	key := t.key(l.position)
	if err := records.Put(key, a.rec); err != nil {
		return err
	}
	if err := records.SetSequence(l.position); err != nil {
		return err
	}
	return ids.Put(a.id, key8(l.position)) // a value is kept until the commit
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, r store.Record) (uint64, error) {
	if l.err != nil {
		return 0, l.err
	}
	if err := store.CheckRecord(r); err != nil {
		return 0, err
	}
	w := &batch{db: l.db, appends: []addition{newAddition(l, r)}, bytes: len(r.Data)}
	if err := l.db.do(ctx, w); err != nil {
		return 0, err
	}
	return w.appends[0].position, nil
}

// Reduce implements store.Log.
func (l *log) Reduce(ctx context.Context, id string, data []byte) error {
	if l.err != nil {
		return l.err
	}
	if err := store.CheckRecord(store.Record{ID: id, Data: data}); err != nil {
		return err
	}
	r := reduction{l: l, id: id, data: bytes.Clone(data)}
	return l.db.do(ctx, &batch{outcome: outcome{shrinks: true}, db: l.db, reduces: []reduction{r}, bytes: len(data)})
}

// reduction is one record whose data is replaced.
type reduction struct {
	l    *log
	id   string
	data []byte
}

func (w *reduction) write(t *turn) error {
	records, ids, err := w.l.buckets(t)
	if err != nil {
		return err
	}
	position := ids.Get([]byte(w.id))
	if position == nil {
		return nil
	}
	t.dirty = true
	r, err := decodeRecord(number(position), records.Get(position))
	if err != nil {
		return err
	}
	return records.Put(position, encodeRecord(r.At, r.ID, w.data))
}

// Trim implements store.Log. It stops at the first record that is younger than
// before by more than store.LogDisorder.
func (l *log) Trim(ctx context.Context, before time.Time) (int, error) {
	var gone int
	var from uint64
	for {
		step, err := l.aged(ctx, from, before)
		if err != nil {
			return gone, err
		}
		if len(step.keys) > 0 {
			if err := l.db.do(ctx, step); err != nil {
				return gone, err
			}
		}
		gone += step.gone
		if step.over {
			return gone, nil
		}
		from = step.next
	}
}

// aged collects the records that one commit may remove.
func (l *log) aged(ctx context.Context, from uint64, before time.Time) (*trimming, error) {
	w := &trimming{outcome: outcome{shrinks: true}, l: l, over: true}
	young := before.Add(store.LogDisorder)
	seen := 0
	err := l.view(ctx, func(records, _ *bbolt.Bucket) error {
		c := records.Cursor()
		for k, v := c.Seek(key8(from)); k != nil; k, v = c.Next() {
			if seen++; len(w.keys) == trimStep || seen > 10*trimStep {
				w.over, w.next = false, number(k)
				return nil
			}
			r, err := decodeRecord(number(k), v)
			if err != nil {
				return err
			}
			if r.At.After(young) {
				return nil
			}
			if r.At.Before(before) {
				w.keys = append(w.keys, bytes.Clone(k))
				w.ids = append(w.ids, []byte(r.ID))
			}
		}
		return nil
	})
	return w, err
}

// trimming is the work of one step of Trim.
type trimming struct {
	outcome
	l    *log
	keys [][]byte
	ids  [][]byte
	gone int
	over bool
	next uint64
}

func (w *trimming) size() int         { return 0 }
func (w *trimming) check(*turn) error { return nil }

func (w *trimming) write(t *turn) error {
	records, ids, err := w.l.buckets(t)
	if err != nil {
		return err
	}
	t.dirty, w.gone = true, 0
	for i := range w.keys {
		if records.Get(w.keys[i]) == nil {
			continue // somebody else trims as well; the id may be new again
		}
		w.gone++
		if err := records.Delete(w.keys[i]); err != nil {
			return err
		}
		if err := ids.Delete(w.ids[i]); err != nil {
			return err
		}
	}
	return nil
}
