package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"keypull/store"
)

// revisionBytes stand before each value, behind the head: the revision that
// wrote it.
const revisionBytes = 8

// put is one key to be written; buf is room for head and revision, then the value.
type put struct {
	key  []byte
	buf  []byte
	when store.Revision
	now  store.Revision // the new one
	bind func([]byte, store.Revision) []byte
}

func newPut(p store.Pair) put {
	buf := make([]byte, headBytes+revisionBytes+len(p.Value))
	copy(buf[headBytes+revisionBytes:], p.Value)
	return put{key: []byte(p.Key), buf: buf, when: p.Revision, bind: p.Bind}
}

func (p *put) write(t *turn, db *DB, kv *bucket) {
	db.revision++
	p.now = store.Revision(db.revision)
	const head = headBytes + revisionBytes
	buf := p.buf
	if p.bind != nil {
		buf = append(make([]byte, head, len(buf)+store.MaxBound), p.bind(buf[head:], p.now)...)
	}
	binary.BigEndian.PutUint64(buf[headBytes:], db.revision)
	guard(kvBucket, p.key, buf)
	kv.put(p.key, buf)
	kv.setSequence(db.revision)
	t.change(p.key, buf[head:], p.now)
}

// change notes what watchers have to be told. The hub copies the value.
func (t *turn) change(key, value []byte, revision store.Revision) {
	t.changes = append(t.changes, store.Change{Key: string(key), Value: value, Revision: revision})
}

// expect says with ErrConflict that the key is not at revision when.
// A damaged one is none.
func (db *DB) expect(kv *bucket, key []byte, when store.Revision) error {
	if when == store.Any {
		return nil
	}
	var at store.Revision
	if body := db.value(kv, key); body != nil {
		at = store.Revision(binary.BigEndian.Uint64(body))
	}
	if at != when {
		return fmt.Errorf("%s is at revision %d, not %d: %w", key, at, when, store.ErrConflict)
	}
	return nil
}

// value is what a key holds, its revision first, or nil.
func (db *DB) value(kv *bucket, key []byte) []byte {
	v := kv.Get(key)
	if v == nil {
		return nil
	}
	return db.body(key, v)
}

// body opens a value of the bucket; one that is damaged is none.
func (db *DB) body(key, v []byte) []byte {
	if body, ok := db.soundValue(key, v); ok {
		return body
	}
	db.spoiled(kvBucket, key, func(_ *view, v []byte) bool {
		_, ok := db.soundValue(key, v)
		return ok
	})
	return nil
}

func (db *DB) soundValue(key, v []byte) ([]byte, bool) {
	body, ok := db.guards.open(kvBucket, key, v)
	return body, ok && len(body) >= revisionBytes
}

// Get implements store.KV.
func (db *DB) Get(ctx context.Context, key string) (store.Pair, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Pair{}, err
	}
	var p store.Pair
	if err := db.serves(ctx); err != nil {
		return p, err
	}
	// What was written last is asked for most, and takes no look at the file.
	if value, ok := db.state.Load().find(kvBucket, []byte(key)); ok && value != nil {
		if body, sound := db.soundValue([]byte(key), value); sound {
			return pair(key, body), nil
		}
	}
	err := db.view(ctx, func(v *view) error {
		body := db.value(v.bucket(kvBucket), []byte(key))
		if body == nil {
			return fmt.Errorf("%s: %w", key, store.ErrNotFound)
		}
		p = pair(key, body)
		return nil
	})
	return p, err
}

// pair copies what stands in the file.
func pair(key string, body []byte) store.Pair {
	return store.Pair{
		Key:      key,
		Value:    append(make([]byte, 0, len(body)-revisionBytes), body[revisionBytes:]...),
		Revision: store.Revision(binary.BigEndian.Uint64(body)),
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
	kv := t.bucket(kvBucket)
	d.missing = d.db.value(kv, d.key) == nil
	if d.missing && d.when != store.Any {
		return fmt.Errorf("%s: %w", d.key, store.ErrConflict)
	}
	return d.db.expect(kv, d.key, d.when)
}

func (d *deletion) write(t *turn) error {
	if !d.missing {
		d.db.drop(t, t.bucket(kvBucket), d.key)
	}
	return nil
}

// drop removes a key that is there.
func (db *DB) drop(t *turn, kv *bucket, key []byte) {
	db.revision++
	t.change(key, nil, store.Revision(db.revision))
	kv.setSequence(db.revision)
	kv.remove(key)
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
	err := db.view(ctx, func(v *view) error {
		c := v.bucket(kvBucket).Cursor()
		k, value := c.Seek([]byte(max(prefix, after)))
		if string(k) == after {
			k, value = c.Next()
		}
		for ; k != nil && len(pairs) < limit && bytes.HasPrefix(k, []byte(prefix)); k, value = c.Next() {
			if body := db.body(k, value); body != nil {
				pairs = append(pairs, pair(string(k), body))
			}
		}
		return nil
	})
	return pairs, err
}

// Watch implements store.KV.
func (db *DB) Watch(ctx context.Context, prefix string) (<-chan store.Change, error) {
	return db.hub.Add(ctx, prefix)
}
