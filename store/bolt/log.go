package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"keypull/store"
)

// log is one named log: records by position, positions by id. Fields below
// the line are the writer's own.
type log struct {
	db      *DB
	err     error // of the name or of loading
	records []byte
	ids     []byte

	position uint64
	// last is no smaller than any id there is. Ids of the usual kind grow, and
	// one that is greater needs no look at the file to be known as new.
	last []byte
	// below is no smaller than any id that stands below the sheets that are written,
	// which were begun when so many were frozen.
	below  []byte
	layers uint64
}

var _ store.Log = (*log)(nil)

func (db *DB) log(name string) *log {
	db.mu.Lock()
	defer db.mu.Unlock()
	if l, ok := db.logs[name]; ok {
		return l
	}
	l := &log{
		db:      db,
		err:     store.CheckName(name),
		records: []byte(logPrefix + name),
		ids:     []byte(logIDsPrefix + name),
	}
	if l.err == nil {
		l.err = db.view(context.Background(), l.load)
	}
	db.logs[name] = l
	return l
}

func (l *log) load(v *view) error {
	if b := v.bucket(l.records); b != nil {
		l.position = b.Sequence()
		// No position is given twice, whatever became of the sequence.
		c := b.Cursor()
		for k, v := c.Last(); k != nil; k, v = c.Before(k) {
			if r, ok := l.record(k, v); ok {
				l.position = max(l.position, r.Position)
				break
			}
		}
	}
	if b := v.bucket(l.ids); b != nil {
		l.last = lastID(b)
	}
	return nil
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	var out []store.Record
	err := l.view(ctx, func(records, _ *bucket) error {
		c := records.Cursor()
		for k, v := c.Seek(key8(from)); k != nil && len(out) < limit; k, v = c.Next() {
			if r, ok := l.record(k, v); ok {
				r.Data = bytes.Clone(r.Data)
				out = append(out, r)
			}
		}
		return nil
	})
	return out, err
}

// Find implements store.Log.
func (l *log) Find(ctx context.Context, id string) (store.Record, error) {
	if err := store.CheckID(id); err != nil {
		return store.Record{}, err
	}
	var r store.Record
	found := false
	err := l.view(ctx, func(records, ids *bucket) error {
		r, found = l.locate(records, ids, []byte(id))
		r.Data = bytes.Clone(r.Data)
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("record %s: %w", id, store.ErrNotFound)
	}
	return r, err
}

// record opens what stands in the file; what is damaged is set aside.
func (l *log) record(k, v []byte) (store.Record, bool) {
	r, ok := l.sound(k, v)
	if !ok {
		key := bytes.Clone(k)
		l.db.spoiled(l.records, key, func(_ *view, v []byte) bool { _, ok := l.sound(key, v); return ok })
	}
	return r, ok
}

func (l *log) sound(k, v []byte) (store.Record, bool) {
	body, ok := l.db.guards.open(l.records, k, v)
	if !ok || len(k) != 8 {
		return store.Record{}, false
	}
	r, err := decodeRecord(number(k), body)
	return r, err == nil
}

// locate returns the record of an id. An index that leads to the record of
// another id is set aside, and the id is not there.
func (l *log) locate(records, ids *bucket, id []byte) (store.Record, bool) {
	v := l.indexOf(ids, id)
	if v == nil {
		return store.Record{}, false
	}
	r, ok, sound := l.leads(records, id, v)
	if !sound {
		key := bytes.Clone(id)
		l.db.spoiled(l.ids, key, func(now *view, v []byte) bool {
			_, _, sound := l.leads(now.bucket(l.records), key, v)
			return sound
		})
	}
	return r, ok
}

// leads follows an index to the record of that id. One that leads to nothing,
// or to a record that is damaged itself, is sound.
func (l *log) leads(records *bucket, id, v []byte) (r store.Record, ok, sound bool) {
	key, sound := l.db.guards.open(l.ids, id, v)
	if !sound || records == nil {
		return r, false, sound
	}
	rec := records.Get(key)
	if rec == nil {
		return r, false, true
	}
	if r, ok = l.record(key, rec); !ok {
		return r, false, true
	}
	same := r.ID == string(id)
	return r, same, same
}

// indexed is the value of an id in the bucket of a log's ids.
func indexed(ids, id []byte, position uint64) []byte {
	v := binary.BigEndian.AppendUint64(make([]byte, headBytes, headBytes+8), position)
	guard(ids, id, v)
	return v
}

// view reads, unless nothing was ever appended.
func (l *log) view(ctx context.Context, fn func(records, ids *bucket) error) error {
	if l.err != nil {
		return l.err
	}
	return l.db.view(ctx, func(v *view) error {
		records, ids := v.bucket(l.records), v.bucket(l.ids)
		if records == nil || ids == nil {
			return nil
		}
		return fn(records, ids)
	})
}

// buckets are the two of the log in the turn under way.
func (l *log) buckets(t *turn) (records, ids *bucket) {
	if layers := l.db.layers; l.below == nil || l.layers != layers {
		l.below, l.layers = append([]byte{}, l.last...), layers
	}
	return t.bucket(l.records), t.bucket(l.ids)
}
