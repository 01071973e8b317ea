package engine

import (
	"bytes"

	"github.com/tidwall/btree"
	"go.etcd.io/bbolt"
)

// Cursor merges a bucket of the file with its memtables, in the order of keys.
type Cursor struct {
	b          *Bucket
	filed      *bbolt.Cursor
	key, value []byte // at which filed stands
	over       [2]tableIter
}

// tableIter is how far one memtable has been read.
type tableIter struct {
	iter btree.IterG[cell]
	ok   bool
}

// First returns the first key with its value, or nil.
func (c *Cursor) First() (key, value []byte) {
	if c.filed != nil {
		c.key, c.value = c.filed.First()
	}
	for i, t := range c.b.memtables {
		if t != nil {
			c.over[i].iter = t.tree.Iter()
			c.over[i].ok = c.over[i].iter.First()
		}
	}
	return c.Next()
}

// Seek returns the first key that is not smaller than from.
func (c *Cursor) Seek(from []byte) (key, value []byte) {
	if c.filed != nil {
		c.key, c.value = c.filed.Seek(from)
	}
	for i, t := range c.b.memtables {
		if t != nil {
			c.over[i].iter = t.tree.Iter()
			c.over[i].ok = c.over[i].iter.Seek(cell{key: from})
		}
	}
	return c.Next()
}

// Next returns the key behind that of First, Seek or Next.
func (c *Cursor) Next() (key, value []byte) {
	for {
		least, value := c.smallestKey()
		if least == nil {
			return nil, nil
		}
		c.skipKey(least)
		if value != nil {
			return least, value
		}
	}
}

// smallestKey returns the smallest key of all, with the newest of its values.
func (c *Cursor) smallestKey() (key, value []byte) {
	key, value = c.key, c.value
	for i := len(c.over) - 1; i >= 0; i-- {
		if !c.over[i].ok {
			continue
		}
		if at := c.over[i].iter.Item(); key == nil || bytes.Compare(at.key, key) <= 0 {
			key, value = at.key, at.value
		}
	}
	return key, value
}

// skipKey steps over a key wherever it stands.
func (c *Cursor) skipKey(key []byte) {
	if c.key != nil && bytes.Equal(c.key, key) {
		c.key, c.value = c.filed.Next()
	}
	for i := range c.over {
		if o := &c.over[i]; o.ok && bytes.Equal(o.iter.Item().key, key) {
			o.ok = o.iter.Next()
		}
	}
}

// Last returns the last key.
func (c *Cursor) Last() (key, value []byte) { return c.Before(nil) }

// Before returns the last key that is smaller than limit; the last of all where limit
// is nil. Next does not go on from it.
func (c *Cursor) Before(limit []byte) (key, value []byte) {
	for {
		key, value = c.filedBefore(limit)
		for i := len(c.b.memtables) - 1; i >= 0; i-- {
			if at, ok := c.b.memtables[i].lastBefore(limit); ok && (key == nil || bytes.Compare(at.key, key) >= 0) {
				key, value = at.key, at.value
			}
		}
		if key == nil || value != nil {
			return key, value
		}
		limit = key
	}
}

func (c *Cursor) filedBefore(limit []byte) (key, value []byte) {
	if c.filed == nil {
		return nil, nil
	}
	if limit != nil {
		if at, _ := c.filed.Seek(limit); at != nil {
			return c.filed.Prev()
		}
	}
	return c.filed.Last()
}

func (t *memtable) lastBefore(limit []byte) (at cell, ok bool) {
	switch {
	case t == nil:
		return at, false
	case limit == nil:
		return t.tree.Max()
	}
	t.tree.Descend(cell{key: limit}, func(c cell) bool {
		at, ok = c, !bytes.Equal(c.key, limit)
		return !ok
	})
	return at, ok
}
