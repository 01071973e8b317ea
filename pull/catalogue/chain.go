package catalogue

import "iter"

// chains is a hash table of uses in two plain slices: a catalogue has hundreds
// of thousands of shortened words, nearly all alone under their hash, and a map
// of slices would spend most of the time of building on them.
type chains struct {
	// heads and next count the links from 1; 0 is the end.
	heads []uint32
	links []link
	free  uint32
	used  int
}

// link is one use under one hash.
type link struct {
	hash, next uint32
	use        *use
}

// minHeads is a power of two, as the number of heads always is.
const minHeads = 64

// newChains returns an empty table with room for n.
func newChains(n int) chains {
	size := minHeads
	for size < n {
		size *= 2
	}
	return chains{heads: make([]uint32, size), links: make([]link, 0, n)}
}

func (c *chains) head(hash uint32) *uint32 { return &c.heads[int(hash)&(len(c.heads)-1)] }

func (c *chains) addUse(hash uint32, u *use) {
	if c.used == len(c.heads) {
		c.grow()
	}
	c.used++
	head := c.head(hash)
	fresh := link{hash: hash, next: *head, use: u}
	if at := c.free; at != 0 {
		c.free = c.links[at-1].next
		c.links[at-1] = fresh
		*head = at
		return
	}
	c.links = append(c.links, fresh)
	*head = uint32(len(c.links)) //nolint:gosec // far fewer than 2^32 fit into memory
}

// removeUse takes away one that was added.
func (c *chains) removeUse(hash uint32, u *use) {
	for at := c.head(hash); *at != 0; at = &c.links[*at-1].next {
		number := *at
		gone := &c.links[number-1]
		if gone.hash == hash && gone.use == u {
			*at = gone.next
			*gone = link{next: c.free}
			c.free = number
			c.used--
			return
		}
	}
}

// usesOf walks what was added under a hash, in any order.
func (c *chains) usesOf(hash uint32) iter.Seq[*use] {
	return func(yield func(*use) bool) {
		for at := *c.head(hash); at != 0; at = c.links[at-1].next {
			if l := &c.links[at-1]; l.hash == hash && !yield(l.use) {
				return
			}
		}
	}
}

func (c *chains) grow() {
	c.heads = make([]uint32, 2*len(c.heads))
	for i := range c.links {
		if l := &c.links[i]; l.use != nil {
			head := c.head(l.hash)
			l.next = *head
			*head = uint32(i + 1)
		}
	}
}
