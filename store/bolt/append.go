package bolt

import (
	"bytes"
	"context"

	"keypull/store"
	"keypull/store/internal/engine"
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

func (a *addition) writeRecord(t *engine.Batch) {
	l := a.l
	records, ids := l.bucketsIn(t)
	if bytes.Compare(a.id, l.last) <= 0 {
		if r, ok := l.findRecord(records, ids, a.id); ok {
			a.position = r.Position
			return
		}
	} else {
		l.last = a.id
	}
	l.position++
	a.position = l.position
	key := t.Key(l.position)
	engine.AddSum(l.records, key, a.rec)
	records.Append(key, a.rec)
	ids.Derive(a.id, indexValue(l.ids, a.id, l.position))
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, r store.Record) (uint64, error) {
	if l.err != nil {
		return 0, l.err
	}
	if err := store.CheckRecord(r); err != nil {
		return 0, err
	}
	w := &commit{appends: []addition{newAddition(l, r)}, bytes: len(r.Data)}
	if err := l.engine.Do(ctx, w); err != nil {
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
	return l.engine.Do(ctx, &commit{Outcome: engine.Outcome{Shrinks: true}, reduces: []reduction{r}, bytes: len(data)})
}

// reduction is one record whose data is replaced.
type reduction struct {
	l    *log
	id   string
	data []byte
}

func (w *reduction) writeReduced(t *engine.Batch) {
	records, ids := w.l.bucketsIn(t)
	r, ok := w.l.findRecord(records, ids, []byte(w.id))
	if !ok {
		return
	}
	key, rec := engine.Key(r.Position), encodeRecord(r.At, r.ID, w.data)
	engine.AddSum(w.l.records, key, rec)
	records.Put(key, rec)
}
