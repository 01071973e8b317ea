package bolt

import (
	"bytes"

	"github.com/tidwall/btree"
	"go.etcd.io/bbolt"
)

// cursor goes through a bucket and what is laid over it, in the order of keys.
type cursor struct {
	b          *bucket
	base       *bbolt.Cursor
	key, value []byte // where base stands
	over       [2]overlaid
}

// overlaid is how far one sheet has been gone through.
type overlaid struct {
	iter btree.IterG[cell]
	on   bool
}

// First is the first key with its value; nil where there is none.
func (c *cursor) First() (key, value []byte) {
	if c.base != nil {
		c.key, c.value = c.base.First()
	}
	for i, s := range c.b.sheets {
		if s != nil {
			c.over[i].iter = s.tree.Iter()
			c.over[i].on = c.over[i].iter.First()
		}
	}
	return c.Next()
}

// Seek is the first key from a key on.
func (c *cursor) Seek(from []byte) (key, value []byte) {
	if c.base != nil {
		c.key, c.value = c.base.Seek(from)
	}
	for i, s := range c.b.sheets {
		if s != nil {
			c.over[i].iter = s.tree.Iter()
			c.over[i].on = c.over[i].iter.Seek(cell{key: from})
		}
	}
	return c.Next()
}

// Next is the next key behind that of First, Seek or Next.
func (c *cursor) Next() (key, value []byte) {
	for {
		least, value := c.least()
		if least == nil {
			return nil, nil
		}
		c.pass(least)
		if value != nil {
			return least, value
		}
	}
}

// least is the smallest key of all, with the newest of its values.
func (c *cursor) least() (key, value []byte) {
	key, value = c.key, c.value
	for i := len(c.over) - 1; i >= 0; i-- {
		if !c.over[i].on {
			continue
		}
		if at := c.over[i].iter.Item(); key == nil || bytes.Compare(at.key, key) <= 0 {
			key, value = at.key, at.value
		}
	}
	return key, value
}

// pass steps over a key wherever it stands.
func (c *cursor) pass(key []byte) {
	if c.key != nil && bytes.Equal(c.key, key) {
		c.key, c.value = c.base.Next()
	}
	for i := range c.over {
		if o := &c.over[i]; o.on && bytes.Equal(o.iter.Item().key, key) {
			o.on = o.iter.Next()
		}
	}
}

// Last is the last key.
func (c *cursor) Last() (key, value []byte) { return c.Before(nil) }

// Before is the last key in front of a key; of all where that is nil. Next does
// not go on from it.
func (c *cursor) Before(limit []byte) (key, value []byte) {
	for {
		key, value = c.filedBefore(limit)
		for i := len(c.b.sheets) - 1; i >= 0; i-- {
			if at, ok := lastBefore(c.b.sheets[i], limit); ok && (key == nil || bytes.Compare(at.key, key) >= 0) {
				key, value = at.key, at.value
			}
		}
		if key == nil || value != nil {
			return key, value
		}
		limit = key
	}
}

func (c *cursor) filedBefore(limit []byte) (key, value []byte) {
	if c.base == nil {
		return nil, nil
	}
	if limit != nil {
		if at, _ := c.base.Seek(limit); at != nil {
			return c.base.Prev()
		}
	}
	return c.base.Last()
}

func lastBefore(s *sheet, limit []byte) (at cell, ok bool) {
	switch {
	case s == nil:
		return at, false
	case limit == nil:
		return s.tree.Max()
	}
	s.tree.Descend(cell{key: limit}, func(c cell) bool {
		at, ok = c, !bytes.Equal(c.key, limit)
		return !ok
	})
	return at, ok
}
