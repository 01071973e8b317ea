package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"sync/atomic"

	"keypull/store"
	"keypull/store/internal/engine"
)

// log is one named log: records by position, positions by id. Fields below
// the empty line are the writer's own.
type log struct {
	engine  *engine.Engine
	err     error // of the name or of loading
	records []byte
	ids     []byte
	// begins is a position before which no record stands. Records are put behind the last one and go from the
	// first on, and what went is walked over in memtables until these are merged.
	begins atomic.Uint64

	position uint64
	// last is no smaller than any id there is. Ids of the usual kind grow, and
	// one that is greater needs no look at the file to be known as new.
	last []byte
	// below is no smaller than any id that stands below the memtables that are written,
	// which were begun when others had been frozen so often.
	below  []byte
	frozen uint64
}

var _ store.Log = (*log)(nil)

func (db *DB) openLog(name string) *log {
	db.mu.Lock()
	defer db.mu.Unlock()
	if l, ok := db.logs[name]; ok {
		return l
	}
	l := &log{
		engine:  db.engine,
		err:     store.CheckName(name),
		records: []byte(logPrefix + name),
		ids:     []byte(logIDsPrefix + name),
	}
	if l.err == nil {
		l.err = db.engine.View(context.Background(), l.loadPosition)
	}
	db.logs[name] = l
	return l
}

func (l *log) loadPosition(v *engine.Snapshot) error {
	if b := v.Bucket(l.records); b != nil {
		l.position = b.Sequence()
		// No position is given twice, whatever became of the sequence.
		c := b.Cursor()
		for k, v := c.Last(); k != nil; k, v = c.Before(k) {
			if r, ok := l.openRecord(k, v); ok {
				l.position = max(l.position, r.Position)
				break
			}
		}
	}
	if b := v.Bucket(l.ids); b != nil {
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
	err := l.viewBuckets(ctx, func(records, _ *engine.Bucket) error {
		c := records.Cursor()
		begins := l.begins.Load()
		k, v := c.Seek(engine.Key(max(from, begins)))
		if k != nil && from <= begins {
			l.begins.Store(engine.Number(k))
		}
		for ; k != nil && len(out) < limit; k, v = c.Next() {
			if r, ok := l.openRecord(k, v); ok {
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
	err := l.viewBuckets(ctx, func(records, ids *engine.Bucket) error {
		r, found = l.findRecord(records, ids, []byte(id))
		r.Data = bytes.Clone(r.Data)
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("record %s: %w", id, store.ErrNotFound)
	}
	return r, err
}

// openRecord opens what stands in the file; what is damaged is set aside.
func (l *log) openRecord(k, v []byte) (store.Record, bool) {
	return engine.Decode(l.engine, l.records, k, v, l.soundRecord)
}

func (l *log) soundRecord(k, v []byte) (store.Record, bool) {
	body, ok := l.engine.Verified(l.records, k, v)
	if !ok || len(k) != 8 {
		return store.Record{}, false
	}
	r, err := decodeRecord(engine.Number(k), body)
	return r, err == nil
}

// findRecord returns the record of an id. An index that leads to the record of
// another id is set aside, and the id is not there.
func (l *log) findRecord(records, ids *engine.Bucket, id []byte) (store.Record, bool) {
	v := l.findIndex(ids, id)
	if v == nil {
		return store.Record{}, false
	}
	r, ok, sound := l.followIndex(records, id, v)
	if !sound {
		key := bytes.Clone(id)
		l.engine.Quarantine(l.ids, key, func(now *engine.Snapshot, v []byte) bool {
			_, _, sound := l.followIndex(now.Bucket(l.records), key, v)
			return sound
		})
	}
	return r, ok
}

// followIndex follows an index to the record of that id. One that leads to nothing,
// or to a record that is damaged itself, is sound.
func (l *log) followIndex(records *engine.Bucket, id, v []byte) (r store.Record, ok, sound bool) {
	key, sound := l.engine.Verified(l.ids, id, v)
	if !sound || records == nil {
		return r, false, sound
	}
	rec := records.Get(key)
	if rec == nil {
		return r, false, true
	}
	if r, ok = l.openRecord(key, rec); !ok {
		return r, false, true
	}
	same := r.ID == string(id)
	return r, same, same
}

// indexValue returns the value of an id in the bucket of a log's ids.
func indexValue(ids, id []byte, position uint64) []byte {
	v := binary.BigEndian.AppendUint64(make([]byte, engine.HeadBytes, engine.HeadBytes+8), position)
	engine.AddSum(ids, id, v)
	return v
}

// viewBuckets reads, unless nothing was ever appended.
func (l *log) viewBuckets(ctx context.Context, fn func(records, ids *engine.Bucket) error) error {
	if l.err != nil {
		return l.err
	}
	return l.engine.View(ctx, func(v *engine.Snapshot) error {
		records, ids := v.Bucket(l.records), v.Bucket(l.ids)
		if records == nil || ids == nil {
			return nil
		}
		return fn(records, ids)
	})
}

// bucketsIn returns the two of the log in the batch under way.
func (l *log) bucketsIn(t *engine.Batch) (records, ids *engine.Bucket) {
	if frozen := t.Frozen(); l.below == nil || l.frozen != frozen {
		l.below, l.frozen = append([]byte{}, l.last...), frozen
	}
	return t.Bucket(l.records), t.Bucket(l.ids)
}
