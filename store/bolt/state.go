package bolt

import (
	"bytes"

	"github.com/tidwall/btree"
	"go.etcd.io/bbolt"
)

// What is written stands in the log first, and in memory beside the file, until a
// checkpoint brings it there. Whoever reads sees the file with what stands beside
// it laid over it.

// cell is a value that is not in the file yet; where the value is nil, the key is
// not to be there any more.
type cell struct{ key, value []byte }

// sheet is what stands beside one bucket of the file.
type sheet struct {
	name     []byte
	tree     *btree.BTreeG[cell]
	sequence uint64
	// floor is the bucket's sequence when the sheet was begun: keys that are
	// numbers beyond it stand nowhere below.
	floor uint64
}

// layer are the sheets of some buckets; few enough to look for one in a row.
type layer []*sheet

// state is what readers lay over the file. Nothing in it is ever changed.
type state struct{ active, frozen layer }

func newTree() *btree.BTreeG[cell] {
	return btree.NewBTreeGOptions(func(a, b cell) bool { return bytes.Compare(a.key, b.key) < 0 }, btree.Options{NoLocks: true, Degree: 16})
}

func (l layer) of(name []byte) *sheet {
	for _, s := range l {
		if bytes.Equal(s.name, name) {
			return s
		}
	}
	return nil
}

// find is what stands beside the file under a key; nil where it was removed.
func (s *state) find(bucket, key []byte) (value []byte, ok bool) {
	return laidOver([2]*sheet{s.active.of(bucket), s.frozen.of(bucket)}, key)
}

// laidOver is what the first of some sheets has under a key that has it; nil where it
// was removed.
func laidOver(sheets [2]*sheet, key []byte) (value []byte, ok bool) {
	for _, s := range sheets {
		if s == nil {
			continue
		}
		if c, ok := s.tree.Get(cell{key: key}); ok {
			return c.value, true
		}
	}
	return nil, false
}

// view is the store at one moment.
type view struct {
	tx     *bbolt.Tx
	active layer
	frozen layer
}

// bucket is one bucket at that moment; nil where it was never written.
func (v *view) bucket(name []byte) *bucket {
	b := &bucket{name: name, base: v.tx.Bucket(name), sheets: [2]*sheet{v.active.of(name), v.frozen.of(name)}}
	if b.base == nil && b.sheets == [2]*sheet{} {
		return nil
	}
	return b
}

// bucket is one bucket of the file with what is laid over it.
type bucket struct {
	name   []byte
	base   *bbolt.Bucket
	sheets [2]*sheet     // the newer one first
	turn   *turn         // in which it may be written; nil for readers
	seeker *bbolt.Cursor // of the base, in a turn, which looks into it again and again
}

// Get is what a key holds, or nil.
func (b *bucket) Get(key []byte) []byte {
	if v, ok := laidOver(b.sheets, key); ok {
		return v
	}
	return b.filed(key)
}

// filed is what the file has under a key.
func (b *bucket) filed(key []byte) []byte {
	switch {
	case b.base == nil:
		return nil
	case b.turn == nil:
		return b.base.Get(key)
	case b.seeker == nil:
		b.seeker = b.base.Cursor()
	}
	return at(b.seeker, key)
}

// at is what a bucket of the file has under a key, found by a cursor of it.
func at(c *bbolt.Cursor, key []byte) []byte {
	if k, v := c.Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

// Sequence is the last number that was given.
func (b *bucket) Sequence() (n uint64) {
	if b.base != nil {
		n = b.base.Sequence()
	}
	for _, s := range b.sheets {
		if s != nil {
			n = max(n, s.sequence)
		}
	}
	return n
}

// ForEach goes through all keys in their order.
func (b *bucket) ForEach(fn func(k, v []byte) error) error {
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := fn(k, v); err != nil {
			return err
		}
	}
	return nil
}

// Cursor goes through a bucket.
func (b *bucket) Cursor() *cursor {
	c := &cursor{b: b}
	if b.base != nil {
		c.base = b.base.Cursor()
	}
	return c
}
