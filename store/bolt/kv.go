package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"keypull/store"
	"keypull/store/internal/engine"
	"keypull/store/internal/watch"
)

// revisionBytes stand before each value, behind the head: the revision that
// wrote it.
const revisionBytes = 8

// kv is the keys of a store. Fields below the empty line are the writer's own.
type kv struct {
	engine *engine.Engine
	hub    watch.Hub

	revision uint64         // of the last put
	changes  []store.Change // of the batch under way
}

// put is one key to be written; buf is room for head and revision, then the value.
type put struct {
	key  []byte
	buf  []byte
	when store.Revision
	now  store.Revision // the new one
	bind func([]byte, store.Revision) []byte
}

func newPut(p store.Pair) put {
	buf := make([]byte, engine.HeadBytes+revisionBytes+len(p.Value))
	copy(buf[engine.HeadBytes+revisionBytes:], p.Value)
	return put{key: []byte(p.Key), buf: buf, when: p.Revision, bind: p.Bind}
}

// writePut writes a put into the bucket.
func (kv *kv) writePut(t *engine.Batch, b *engine.Bucket, p *put) {
	kv.revision++
	p.now = store.Revision(kv.revision)
	const head = engine.HeadBytes + revisionBytes
	buf := p.buf
	if p.bind != nil {
		buf = append(make([]byte, head, len(buf)+store.MaxBound), p.bind(buf[head:], p.now)...)
	}
	binary.BigEndian.PutUint64(buf[engine.HeadBytes:], kv.revision)
	engine.AddSum(kvBucket, p.key, buf)
	b.Put(p.key, buf)
	b.SetSequence(kv.revision)
	kv.addChange(t, p.key, buf[head:])
}

// removeKey removes a key that is there.
func (kv *kv) removeKey(t *engine.Batch, b *engine.Bucket, key []byte) {
	kv.revision++
	kv.addChange(t, key, nil)
	b.SetSequence(kv.revision)
	b.Remove(key)
}

// addChange notes what watchers have to be told. The hub copies the value.
func (kv *kv) addChange(t *engine.Batch, key, value []byte) {
	t.Observe(kv)
	kv.changes = append(kv.changes, store.Change{Key: string(key), Value: value, Revision: store.Revision(kv.revision)})
}

// Publish implements engine.Observer. Who begins to watch from here on began behind
// what is durable already.
func (kv *kv) Publish() {
	if kv.hub.Idle() {
		return
	}
	for _, c := range kv.changes {
		kv.hub.Tell(c)
	}
}

// Forget implements engine.Observer.
func (kv *kv) Forget() {
	clear(kv.changes)
	kv.changes = kv.changes[:0]
}

// checkRevision returns ErrConflict where the key is not at revision when. A damaged
// value counts as absent.
func (kv *kv) checkRevision(b *engine.Bucket, key []byte, when store.Revision) error {
	if when == store.Any {
		return nil
	}
	var at store.Revision
	if body := kv.readValue(b, key); body != nil {
		at = store.Revision(binary.BigEndian.Uint64(body))
	}
	if at != when {
		return fmt.Errorf("%s is at revision %d, not %d: %w", key, at, when, store.ErrConflict)
	}
	return nil
}

// readValue returns what a key holds, its revision first, or nil.
func (kv *kv) readValue(b *engine.Bucket, key []byte) []byte {
	v := b.Get(key)
	if v == nil {
		return nil
	}
	return kv.openBody(key, v)
}

// openBody returns what follows the head of a value, or nil if it is damaged.
func (kv *kv) openBody(key, v []byte) []byte {
	if body, ok := engine.Decode(kv.engine, kvBucket, key, v, kv.soundBody); ok {
		return body
	}
	return nil
}

func (kv *kv) soundBody(key, v []byte) ([]byte, bool) {
	body, ok := kv.engine.Verified(kvBucket, key, v)
	return body, ok && len(body) >= revisionBytes
}

// Get implements store.KV.
func (db *DB) Get(ctx context.Context, key string) (store.Pair, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Pair{}, err
	}
	var p store.Pair
	err := db.engine.View(ctx, func(s *engine.Snapshot) error {
		body := db.kv.readValue(s.Bucket(kvBucket), []byte(key))
		if body == nil {
			return fmt.Errorf("%s: %w", key, store.ErrNotFound)
		}
		p = newPair(key, body)
		return nil
	})
	return p, err
}

// newPair copies what stands in the file.
func newPair(key string, body []byte) store.Pair {
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
	return db.engine.Do(ctx, &deletion{Outcome: engine.Outcome{Shrinks: true}, kv: &db.kv, key: []byte(key), when: when})
}

type deletion struct {
	engine.Outcome
	kv      *kv
	key     []byte
	when    store.Revision
	missing bool
}

// Size implements engine.Work.
func (d *deletion) Size() int { return len(d.key) }

// Check implements engine.Work.
func (d *deletion) Check(t *engine.Batch) error {
	b := t.Bucket(kvBucket)
	d.missing = d.kv.readValue(b, d.key) == nil
	if d.missing && d.when != store.Any {
		return fmt.Errorf("%s: %w", d.key, store.ErrConflict)
	}
	return d.kv.checkRevision(b, d.key, d.when)
}

func (d *deletion) Write(t *engine.Batch) error {
	if !d.missing {
		d.kv.removeKey(t, t.Bucket(kvBucket), d.key)
	}
	return nil
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
	err := db.engine.View(ctx, func(s *engine.Snapshot) error {
		c := s.Bucket(kvBucket).Cursor()
		k, value := c.Seek([]byte(max(prefix, after)))
		if string(k) == after {
			k, value = c.Next()
		}
		for ; k != nil && len(pairs) < limit && bytes.HasPrefix(k, []byte(prefix)); k, value = c.Next() {
			if body := db.kv.openBody(k, value); body != nil {
				pairs = append(pairs, newPair(string(k), body))
			}
		}
		return nil
	})
	return pairs, err
}

// Watch implements store.KV.
func (db *DB) Watch(ctx context.Context, prefix string) (<-chan store.Change, error) {
	return db.kv.hub.Add(ctx, prefix)
}
