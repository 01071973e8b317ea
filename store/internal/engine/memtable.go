package engine

import (
	"bytes"
	"slices"
	"strings"

	"github.com/tidwall/btree"
	"go.etcd.io/bbolt"
)

// cell is a value that is not in the file yet, or a removal where the value is nil.
type cell struct{ key, value []byte }

// memtable holds what was written to one bucket since the last checkpoint.
type memtable struct {
	name     []byte
	tree     *btree.BTreeG[cell]
	sequence uint64
	// floor is the bucket's sequence when the memtable was begun: keys that are
	// numbers beyond it stand nowhere below.
	floor uint64
}

func newTree() *btree.BTreeG[cell] {
	return btree.NewBTreeGOptions(func(a, b cell) bool { return bytes.Compare(a.key, b.key) < 0 }, btree.Options{NoLocks: true, Degree: 16})
}

// memtables are those of all buckets, few enough to be searched in a row.
type memtables []*memtable

func (m memtables) ofBucket(bucket []byte) *memtable {
	for _, t := range m {
		if bytes.Equal(t.name, bucket) {
			return t
		}
	}
	return nil
}

// tables are the memtables that readers see. They are never changed: each batch
// publishes others.
type tables struct{ active, frozen memtables }

// memtablesOf returns the memtables of a bucket, the newer one first; both may be nil.
func (t *tables) memtablesOf(bucket []byte) [2]*memtable {
	return [2]*memtable{t.active.ofBucket(bucket), t.frozen.ofBucket(bucket)}
}

// lookUp returns the newest value of a key, or nil if it was removed, or false if no
// memtable has the key.
func lookUp(memtables [2]*memtable, key []byte) (value []byte, ok bool) {
	for _, t := range memtables {
		if t == nil {
			continue
		}
		if c, ok := t.tree.Get(cell{key: key}); ok {
			return c.value, true
		}
	}
	return nil, false
}

// Snapshot is the store at one moment.
type Snapshot struct {
	tx *bbolt.Tx
	tables
}

// Bucket returns a bucket, or nil if it was never written.
func (s *Snapshot) Bucket(name []byte) *Bucket {
	b := &Bucket{name: name, filed: s.tx.Bucket(name), memtables: s.memtablesOf(name)}
	if b.filed == nil && b.memtables == [2]*memtable{} {
		return nil
	}
	return b
}

// Buckets returns the names of the buckets that hold something, in order.
func (s *Snapshot) Buckets() ([]string, error) {
	filed, err := bucketNames(s.tx)
	names := strings.Split(filed, "\n")
	for _, t := range append(append(memtables{}, s.active...), s.frozen...) {
		names = append(names, string(t.name))
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool {
		b := s.Bucket([]byte(name))
		if b == nil {
			return true
		}
		k, _ := b.Cursor().First()
		return k == nil && b.Sequence() == 0
	}), err
}

// Bucket is one bucket: its memtables laid over what the file holds.
type Bucket struct {
	name      []byte
	filed     *bbolt.Bucket
	memtables [2]*memtable // the newer one first

	// Of a batch, which writes it:
	batch  *Batch
	kind   Kind
	seeker *bbolt.Cursor // of filed: a batch looks into it again and again
}

// Get returns the value of a key, or nil.
func (b *Bucket) Get(key []byte) []byte {
	if v, ok := b.Recent(key); ok {
		return v
	}
	return b.Filed(key)
}

// Recent returns what the memtables have of a key; the value is nil where it was
// removed.
func (b *Bucket) Recent(key []byte) (value []byte, ok bool) { return lookUp(b.memtables, key) }

// Filed returns what the file has under a key, or nil.
func (b *Bucket) Filed(key []byte) []byte {
	switch {
	case b.filed == nil:
		return nil
	case b.batch == nil:
		return b.filed.Get(key)
	case b.seeker == nil:
		b.seeker = b.filed.Cursor()
	}
	return valueAt(b.seeker, key)
}

// Written says that a batch writes the bucket.
func (b *Bucket) Written() bool { return b.batch != nil }

// valueAt returns what a bucket of the file has under a key, or nil.
func valueAt(c *bbolt.Cursor, key []byte) []byte {
	if k, v := c.Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

// Sequence returns the last number that was given.
func (b *Bucket) Sequence() (n uint64) {
	if b.filed != nil {
		n = b.filed.Sequence()
	}
	for _, t := range b.memtables {
		if t != nil {
			n = max(n, t.sequence)
		}
	}
	return n
}

// ForEach calls f for all keys in their order.
func (b *Bucket) ForEach(f func(k, v []byte) error) error {
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := f(k, v); err != nil {
			return err
		}
	}
	return nil
}

// Cursor returns a cursor of the bucket.
func (b *Bucket) Cursor() *Cursor {
	c := &Cursor{b: b}
	if b.filed != nil {
		c.filed = b.filed.Cursor()
	}
	return c
}
