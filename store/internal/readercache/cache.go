// Package readercache caches what is known of readers in a few large blocks without
// pointers: however many readers there are, the collector has nothing to scan.
package readercache

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

const (
	shards      = 16
	blockBytes  = 16 << 10
	leastBlocks = 4
	// blockShare is what part of its bytes a cache takes for blocks: the rest is for
	// the index.
	blockShare = 7. / 8
	// stripes are in how many parts it is noted that somebody was dropped.
	stripes = 1 << 10
)

// Cache is safe for use by many goroutines. When it is full, readers leave by the CLOCK
// algorithm: about who has not been looked up for longest.
type Cache struct {
	seed maphash.Seed
	// moved counts the drops of readers, by their hashes.
	moved  [stripes]atomic.Uint64
	shards [shards]shard
}

// Reader is what is known of one.
type Reader struct {
	// Slot names the reader's key, Revision is that of the document.
	Slot, Revision uint64
	// Marked: a mark of a STOP may be there.
	Marked bool
	// Document is as it is written, unsealed.
	Document []byte
}

// Moment is one at which somebody began to read or write.
type Moment uint64

// New returns a cache that takes about so many bytes.
func New(bytes int) *Cache {
	c := &Cache{seed: maphash.MakeSeed()}
	c.Bound(bytes)
	return c
}

// Bound sets about how many bytes it may take. It begins empty.
func (c *Cache) Bound(bytes int) {
	c.empty(func(p *shard) { p.most = max(int(float64(bytes)*blockShare)/shards/blockBytes, leastBlocks) })
}

// Clear forgets everybody.
func (c *Cache) Clear() { c.empty(func(*shard) {}) }

func (c *Cache) empty(also func(*shard)) {
	for i := range c.moved {
		c.moved[i].Add(1)
	}
	for i := range c.shards {
		p := &c.shards[i]
		p.mu.Lock()
		p.index, p.blocks, p.ends, p.hand = make(map[uint64]uint32), nil, nil, 0
		also(p)
		p.mu.Unlock()
	}
}

// Now returns the moment that Keep asks for; take it before you read or write what is about
// a reader.
func (c *Cache) Now(key string) Moment { return Moment(c.movedOf(maphash.String(c.seed, key)).Load()) }

func (c *Cache) movedOf(hash uint64) *atomic.Uint64 { return &c.moved[hash/shards%stripes] }

// Find returns what is known of a reader, without the document.
func (c *Cache) Find(key string) (r Reader, ok bool) {
	c.lookUp(key, func(e entry) { r = e.decodeReader() })
	r.Document = nil
	return r, r.Revision != 0
}

// Read returns what is known of a reader.
func (c *Cache) Read(key string) (r Reader, ok bool) {
	c.lookUp(key, func(e entry) {
		r = e.decodeReader()
		r.Document = bytes.Clone(r.Document)
	})
	return r, r.Revision != 0
}

func (c *Cache) lookUp(key string, f func(entry)) {
	p, hash := c.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.find(hash, key); e != nil {
		e.setUsed()
		f(e)
	}
}

// Keep keeps what was read or written since a moment, unless the reader was dropped since
// then, or a later revision is known. An earlier one goes all the same: it is told nobody
// any more, nor is what others have read of it and are about to keep.
func (c *Cache) Keep(since Moment, key string, r Reader) {
	p, hash := c.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.find(hash, key)
	switch {
	case since != Moment(c.movedOf(hash).Load()) || r.Revision == 0 || len(key) > mostKey || len(r.Document) > mostDocument:
		if e == nil || e.decodeReader().Revision < r.Revision {
			c.dropEntry(p, hash, e)
		}
	case e == nil:
		p.add(hash, key, len(r.Document)).encodeReader(r)
	case e.decodeReader().Revision > r.Revision:
	case e.documentRoom() < len(r.Document):
		e.wipeDocument()
		e = p.add(hash, key, len(r.Document))
		e.encodeReader(r)
		e.setUsed()
	default:
		e.encodeReader(r)
		e.setUsed()
	}
}

// Mark notes that a mark of a STOP may be there.
func (c *Cache) Mark(key string) {
	c.lookUp(key, func(e entry) { e[flagsAt] |= marked })
}

// Drop forgets a reader, and whatever anybody has read or written until now and
// is about to keep.
func (c *Cache) Drop(key string) {
	p, hash := c.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	c.dropEntry(p, hash, p.find(hash, key))
}

// dropEntry forgets a reader, whose entry is nil where there is none.
func (c *Cache) dropEntry(p *shard, hash uint64, e entry) {
	c.movedOf(hash).Add(1)
	if e != nil {
		delete(p.index, hash)
		e.wipeDocument()
	}
}

func (c *Cache) of(key string) (*shard, uint64) {
	hash := maphash.String(c.seed, key)
	return &c.shards[hash%shards], hash
}

// shard is some of the readers, in blocks that are filled one after the other. The hand
// goes round: the block under it is filled.
type shard struct {
	mu     sync.Mutex
	index  map[uint64]uint32 // by hash of the key: the block, and where in it
	blocks [][]byte
	ends   []int // of what is in each block
	hand   int
	most   int // blocks
}

const offsetBits = 14 // in a block

// find returns the entry of a reader, or nil.
func (p *shard) find(hash uint64, key string) entry {
	at, ok := p.index[hash]
	if !ok {
		return nil
	}
	if e := entry(p.blocks[at>>offsetBits][at&(1<<offsetBits-1):]); e.readerKey() == key {
		return e
	}
	return nil
}

// add begins an entry for a document of so many bytes, with some room to grow.
func (p *shard) add(hash uint64, key string, length int) entry {
	const grain = 32
	room := (length/grain + 1) * grain
	size := headBytes + len(key) + room
	for p.blocks == nil || p.ends[p.hand]+size > blockBytes {
		p.advance()
	}
	end := p.ends[p.hand]
	e := entry(p.blocks[p.hand][end : end+size])
	binary.LittleEndian.PutUint64(e[hashAt:], hash)
	binary.LittleEndian.PutUint16(e[roomAt:], uint16(room)) //nolint:gosec // less than a block
	e[keyAt] = byte(len(key))                               //nolint:gosec // at most mostKey
	copy(e[headBytes:], key)
	p.index[hash] = uint32(p.hand<<offsetBits | end) //nolint:gosec // few blocks
	p.ends[p.hand] += size
	return e
}

// advance goes on to the next block: a new one, or else the oldest, in which only those
// stay who were looked up since the hand was there.
func (p *shard) advance() {
	if len(p.blocks) < p.most {
		p.blocks, p.ends = append(p.blocks, make([]byte, blockBytes)), append(p.ends, 0)
		p.hand = len(p.blocks) - 1
		return
	}
	p.hand = (p.hand + 1) % len(p.blocks)
	block, end := p.blocks[p.hand], 0
	for from := 0; from < p.ends[p.hand]; {
		e, at := entry(block[from:]), uint32(p.hand<<offsetBits|from) //nolint:gosec // few blocks
		size := e.entryBytes()
		from += size
		hash := binary.LittleEndian.Uint64(e[hashAt:])
		if stands, ok := p.index[hash]; !ok || stands != at {
			continue
		}
		if !e.clearUsed() {
			delete(p.index, hash)
			continue
		}
		copy(block[end:], e[:size])
		p.index[hash] = uint32(p.hand<<offsetBits | end) //nolint:gosec // few blocks
		end += size
	}
	clear(block[end:p.ends[p.hand]])
	p.ends[p.hand] = end
}
