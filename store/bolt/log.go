package bolt

import (
	"bytes"
	"context"
	"fmt"

	"go.etcd.io/bbolt"

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
		records: []byte("log:" + name),
		ids:     []byte("logids:" + name),
	}
	if l.err == nil {
		l.err = db.view(context.Background(), l.load)
	}
	db.logs[name] = l
	return l
}

func (l *log) load(tx *bbolt.Tx) error {
	if b := tx.Bucket(l.records); b != nil {
		l.position = b.Sequence()
	}
	if b := tx.Bucket(l.ids); b != nil {
		last, _ := b.Cursor().Last()
		l.last = bytes.Clone(last)
	}
	return nil
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	var out []store.Record
	err := l.view(ctx, func(records, _ *bbolt.Bucket) error {
		c := records.Cursor()
		for k, v := c.Seek(key8(from)); k != nil && len(out) < limit; k, v = c.Next() {
			r, err := decodeRecord(number(k), bytes.Clone(v))
			if err != nil {
				return err
			}
			out = append(out, r)
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
	err := l.view(ctx, func(records, ids *bbolt.Bucket) (err error) {
		position := ids.Get([]byte(id))
		if position == nil {
			return nil
		}
		found = true
		r, err = decodeRecord(number(position), bytes.Clone(records.Get(position)))
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("record %s: %w", id, store.ErrNotFound)
	}
	return r, err
}

// view reads, unless nothing was ever appended.
func (l *log) view(ctx context.Context, fn func(records, ids *bbolt.Bucket) error) error {
	if l.err != nil {
		return l.err
	}
	return l.db.view(ctx, func(tx *bbolt.Tx) error {
		records, ids := tx.Bucket(l.records), tx.Bucket(l.ids)
		if records == nil || ids == nil {
			return nil
		}
		return fn(records, ids)
	})
}

// buckets are the two of the log in the turn under way.
func (l *log) buckets(t *turn) (records, ids *bbolt.Bucket, err error) {
	if records, err = t.bucket(l.records, logFill); err != nil {
		return nil, nil, err
	}
	ids, err = t.bucket(l.ids, idsFill)
	return records, ids, err
}
