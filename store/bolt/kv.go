package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"keypull/store"
)

// revisionBytes stand before each value: the revision that wrote it.
const revisionBytes = 8

// kvFill leaves room in split pages, since documents are written at random
// places and grow.
const kvFill = 0.7

// put is one key to be written; buf is room for the revision, then the value.
type put struct {
	key  []byte
	buf  []byte
	when store.Revision
	now  store.Revision // the new one
	bind func([]byte, store.Revision) []byte
}

func newPut(p store.Pair) put {
	buf := make([]byte, revisionBytes+len(p.Value))
	copy(buf[revisionBytes:], p.Value)
	return put{key: []byte(p.Key), buf: buf, when: p.Revision, bind: p.Bind}
}

func (p *put) write(t *turn, db *DB, kv *bbolt.Bucket) error {
	t.dirty = true
	db.revision++
	p.now = store.Revision(db.revision)
	buf := p.buf
	if p.bind != nil {
		buf = append(make([]byte, revisionBytes, len(buf)+store.MaxBound), p.bind(buf[revisionBytes:], p.now)...)
	}
	binary.BigEndian.PutUint64(buf, db.revision)
	if err := kv.Put(p.key, buf); err != nil {
		return err
	}
	t.change(p.key, buf[revisionBytes:], p.now)
	return kv.SetSequence(db.revision)
}

// change notes what watchers have to be told. The hub copies the value.
func (t *turn) change(key, value []byte, revision store.Revision) {
	if t.watched {
		t.changes = append(t.changes, store.Change{Key: string(key), Value: value, Revision: revision})
	}
}

// expect says with ErrConflict that the key is not at revision when.
func expect(kv *bbolt.Bucket, key []byte, when store.Revision) error {
	if when == store.Any {
		return nil
	}
	var at store.Revision
	if v := kv.Get(key); v != nil {
		at = store.Revision(binary.BigEndian.Uint64(v))
	}
	if at != when {
		return fmt.Errorf("%s is at revision %d, not %d: %w", key, at, when, store.ErrConflict)
	}
	return nil
}

// kv is the bucket of all values.
func (t *turn) kv() (*bbolt.Bucket, error) { return t.bucket(kvBucket, kvFill) }

// Get implements store.KV.
func (db *DB) Get(ctx context.Context, key string) (store.Pair, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Pair{}, err
	}
	var p store.Pair
	err := db.view(ctx, func(tx *bbolt.Tx) error {
		v := tx.Bucket(kvBucket).Get([]byte(key))
		if v == nil {
			return fmt.Errorf("%s: %w", key, store.ErrNotFound)
		}
		p = pair(key, v)
		return nil
	})
	return p, err
}

// pair copies what stands in the file.
func pair(key string, v []byte) store.Pair {
	return store.Pair{
		Key:      key,
		Value:    append(make([]byte, 0, len(v)-revisionBytes), v[revisionBytes:]...),
		Revision: store.Revision(binary.BigEndian.Uint64(v)),
	}
}

// Put implements store.KV.
func (db *DB) Put(ctx context.Context, key string, value []byte, when store.Revision) (store.Revision, error) {
	revisions, err := db.Commit(ctx, store.Batch{Puts: []store.Pair{{Key: key, Value: value, Revision: when}}})
	if err != nil {
		return 0, err
	}
	return revisions[0], nil
}

// Delete implements store.KV.
func (db *DB) Delete(ctx context.Context, key string, when store.Revision) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	return db.do(ctx, &deletion{outcome: outcome{shrinks: true}, db: db, key: []byte(key), when: when})
}

type deletion struct {
	outcome
	db      *DB
	key     []byte
	when    store.Revision
	missing bool
}

func (d *deletion) size() int { return len(d.key) }

func (d *deletion) check(t *turn) error {
	kv, err := t.kv()
	if err != nil {
		return err
	}
	d.missing = kv.Get(d.key) == nil
	if d.missing && d.when != store.Any {
		return fmt.Errorf("%s: %w", d.key, store.ErrConflict)
	}
	return expect(kv, d.key, d.when)
}

func (d *deletion) write(t *turn) error {
	if d.missing {
		return nil
	}
	kv, err := t.kv()
	if err != nil {
		return err
	}
	return d.db.drop(t, kv, d.key)
}

// drop removes a key that is there.
func (db *DB) drop(t *turn, kv *bbolt.Bucket, key []byte) error {
	t.dirty = true
	db.revision++
	t.change(key, nil, store.Revision(db.revision))
	if err := kv.SetSequence(db.revision); err != nil {
		return err
	}
	return kv.Delete(key)
}

// Scan implements store.KV.
func (db *DB) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Pair, error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
		return nil, err
	}
	if prefix != "" {
		prefix += "."
	}
	var pairs []store.Pair
	err := db.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(kvBucket).Cursor()
		k, v := c.Seek([]byte(max(prefix, after)))
		if string(k) == after {
			k, v = c.Next()
		}
		for ; k != nil && len(pairs) < limit && bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
			pairs = append(pairs, pair(string(k), v))
		}
		return nil
	})
	return pairs, err
}

// Watch implements store.KV.
func (db *DB) Watch(ctx context.Context, prefix string) (<-chan store.Change, error) {
	return db.hub.Add(ctx, prefix)
}
