package bolt

import (
	"bytes"
	"context"

	"keypull/store"
)

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
	records, ids := l.buckets(t)
	if bytes.Compare(a.id, l.last) <= 0 {
		if r, ok := l.locate(records, ids, a.id); ok {
			a.position = r.Position
			return nil
		}
	} else {
		l.last = a.id
	}
	l.position++
	a.position = l.position
	key := t.key(l.position)
	guard(l.records, key, a.rec)
	records.putAt(opAppend, key, a.rec)
	ids.show(cell{key: a.id, value: indexed(l.ids, a.id, l.position)})
	return nil
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
	records, ids := w.l.buckets(t)
	r, ok := w.l.locate(records, ids, []byte(w.id))
	if !ok {
		return nil
	}
	key, rec := key8(r.Position), encodeRecord(r.At, r.ID, w.data)
	guard(w.l.records, key, rec)
	records.put(key, rec)
	return nil
}
