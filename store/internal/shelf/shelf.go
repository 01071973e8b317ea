// Package shelf keeps what is known of readers in memory, in a few large pieces
// without pointers: however many readers there are, the collector has nothing to look
// at in them.
package shelf

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

const (
	parts       = 16
	pieceBytes  = 16 << 10
	leastPieces = 4
	// ofPieces is what part of its bytes a shelf takes for pieces: the rest is where
	// in them readers are found.
	ofPieces = 7. / 8
)

// Shelf is safe for use by many goroutines. Who has not been looked for longest goes
// first when it is full, about.
type Shelf struct {
	seed  maphash.Seed
	moved atomic.Uint64
	parts [parts]part
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

// New returns a shelf that takes about so many bytes.
func New(bytes int) *Shelf {
	s := &Shelf{seed: maphash.MakeSeed()}
	s.Bound(bytes)
	return s
}

// Bound sets about how many bytes it may take. It begins empty.
func (s *Shelf) Bound(bytes int) {
	s.empty(func(p *part) { p.most = max(int(float64(bytes)*ofPieces)/parts/pieceBytes, leastPieces) })
}

// Clear forgets everybody.
func (s *Shelf) Clear() { s.empty(func(*part) {}) }

func (s *Shelf) empty(also func(*part)) {
	s.moved.Add(1)
	for i := range s.parts {
		p := &s.parts[i]
		p.mu.Lock()
		p.index, p.pieces, p.ends, p.hand = make(map[uint64]uint32), nil, nil, 0
		also(p)
		p.mu.Unlock()
	}
}

// Now is to be asked before what is kept is read or written.
func (s *Shelf) Now() Moment { return Moment(s.moved.Load()) }

// Find returns what is known of a reader but for the document.
func (s *Shelf) Find(key string) (r Reader, ok bool) {
	s.look(key, func(b book) { r = b.reader() })
	r.Document = nil
	return r, r.Revision != 0
}

// Read returns what is known of a reader.
func (s *Shelf) Read(key string) (r Reader, ok bool) {
	s.look(key, func(b book) {
		r = b.reader()
		r.Document = bytes.Clone(r.Document)
	})
	return r, r.Revision != 0
}

func (s *Shelf) look(key string, f func(book)) {
	p, hash := s.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.find(hash, key); b != nil {
		b.use()
		f(b)
	}
}

// Keep keeps what was read or written since a moment, unless anybody was dropped since
// then, or a later revision is known.
func (s *Shelf) Keep(since Moment, key string, r Reader) {
	p, hash := s.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.find(hash, key)
	switch {
	case since != s.Now() || r.Revision == 0 || len(key) > mostKey || len(r.Document) > mostDocument:
	case b == nil:
		p.add(hash, key, len(r.Document)).set(r)
	case b.reader().Revision > r.Revision:
	case b.room() < len(r.Document):
		b.wipe()
		b = p.add(hash, key, len(r.Document))
		b.set(r)
		b.use()
	default:
		b.set(r)
		b.use()
	}
}

// Mark notes that a mark of a STOP may be there.
func (s *Shelf) Mark(key string) {
	s.look(key, func(b book) { b[flagsAt] |= marked })
}

// Drop forgets a reader, and whatever anybody has read or written until now and
// is about to keep.
func (s *Shelf) Drop(key string) {
	p, hash := s.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	s.moved.Add(1)
	if b := p.find(hash, key); b != nil {
		delete(p.index, hash)
		b.wipe()
	}
}

func (s *Shelf) of(key string) (*part, uint64) {
	hash := maphash.String(s.seed, key)
	return &s.parts[hash%parts], hash
}

// part is some of the readers, in pieces that are filled one after the other. The hand
// goes round: the piece under it is filled.
type part struct {
	mu     sync.Mutex
	index  map[uint64]uint32 // by hash of the key: the piece, and where in it
	pieces [][]byte
	ends   []int // of what is in each piece
	hand   int
	most   int // pieces
}

const offsetBits = 14 // of a piece

// find returns the book of a reader, nil where there is none.
func (p *part) find(hash uint64, key string) book {
	at, ok := p.index[hash]
	if !ok {
		return nil
	}
	if b := book(p.pieces[at>>offsetBits][at&(1<<offsetBits-1):]); b.key() == key {
		return b
	}
	return nil
}

// add begins a book for a document of so many bytes, with some room to grow.
func (p *part) add(hash uint64, key string, length int) book {
	const grain = 32
	room := (length/grain + 1) * grain
	size := headBytes + len(key) + room
	for p.pieces == nil || p.ends[p.hand]+size > pieceBytes {
		p.turn()
	}
	end := p.ends[p.hand]
	b := book(p.pieces[p.hand][end : end+size])
	binary.LittleEndian.PutUint64(b[hashAt:], hash)
	binary.LittleEndian.PutUint16(b[roomAt:], uint16(room)) //nolint:gosec // less than a piece
	b[keyAt] = byte(len(key))                               //nolint:gosec // at most mostKey
	copy(b[headBytes:], key)
	p.index[hash] = uint32(p.hand<<offsetBits | end) //nolint:gosec // few pieces
	p.ends[p.hand] += size
	return b
}

// turn goes on to the next piece: a new one, or else the oldest, in which only those
// stay who were looked for since the hand was there.
func (p *part) turn() {
	if len(p.pieces) < p.most {
		p.pieces, p.ends = append(p.pieces, make([]byte, pieceBytes)), append(p.ends, 0)
		p.hand = len(p.pieces) - 1
		return
	}
	p.hand = (p.hand + 1) % len(p.pieces)
	piece, end := p.pieces[p.hand], 0
	for from := 0; from < p.ends[p.hand]; {
		b, at := book(piece[from:]), uint32(p.hand<<offsetBits|from) //nolint:gosec // few pieces
		size := b.size()
		from += size
		hash := binary.LittleEndian.Uint64(b[hashAt:])
		if stands, ok := p.index[hash]; !ok || stands != at {
			continue
		}
		if !b.rest() {
			delete(p.index, hash)
			continue
		}
		copy(piece[end:], b[:size])
		p.index[hash] = uint32(p.hand<<offsetBits | end) //nolint:gosec // few pieces
		end += size
	}
	clear(piece[end:p.ends[p.hand]])
	p.ends[p.hand] = end
}
