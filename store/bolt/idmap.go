package bolt

import (
	"encoding/binary"
	"iter"
)

// idMap leads from hashes to sequences, in 9 to 12 bytes for each, where a map of Go
// takes 36 (a million of uint64 to uint64, measured): 32 bits of
// the hash and the last 32 of the sequence. Several may share the former; which one
// it is, the caller has to compare.
type idMap struct {
	parts [256]idPart
	last  uint64 // the greatest sequence there is
}

// idPart holds the hashes that begin with one byte, side by side from the place
// that their bits name on; 0 is free.
type idPart struct {
	cells []uint64
	count int
}

func (h idHash) partIndex() int { return int(h[0]) }

// countHashes returns how many hashes there are.
func (m *idMap) countHashes() (n int) {
	for i := range m.parts {
		n += m.parts[i].count
	}
	return n
}

// tag is never 0.
func (h idHash) tag() uint64 { return uint64(binary.LittleEndian.Uint32(h[1:]) | 1) }

func (p *idPart) homeOf(tag uint64) int { return int(tag * uint64(len(p.cells)) >> 32) }

func (p *idPart) nextCell(i int) int {
	if i++; i == len(p.cells) {
		return 0
	}
	return i
}

// addHash takes a hash with its sequence, which was not there before.
func (m *idMap) addHash(h idHash, seq uint64) {
	m.last = max(m.last, seq)
	m.parts[h.partIndex()].addCell(h.tag()<<32 | seq&(1<<32-1))
}

func (p *idPart) addCell(c uint64) {
	if 8*(p.count+1) > 7*len(p.cells) {
		p.resize(len(p.cells)*5/4 + 8)
	}
	i := p.homeOf(c >> 32)
	for p.cells[i] != 0 {
		i = p.nextCell(i)
	}
	p.cells[i] = c
	p.count++
}

func (p *idPart) resize(size int) {
	was := p.cells
	p.cells, p.count = make([]uint64, size), 0
	for _, c := range was {
		if c != 0 {
			p.addCell(c)
		}
	}
}

// findSequences returns the sequences whose hash may be this one.
func (m *idMap) findSequences(h idHash) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		p, tag := &m.parts[h.partIndex()], h.tag()
		if p.count == 0 {
			return
		}
		for i := p.homeOf(tag); p.cells[i] != 0; i = p.nextCell(i) {
			if p.cells[i]>>32 == tag && !yield(m.fullSequence(p.cells[i])) {
				return
			}
		}
	}
}

// fullSequence returns the greatest one up to the last that ends in these 32 bits.
func (m *idMap) fullSequence(c uint64) uint64 {
	return m.last - uint64(uint32(m.last)-uint32(c)) //nolint:gosec // the last bits are meant
}

// addRecord takes the ids of a record.
func (m *idMap) addRecord(r idRecord) {
	for i := range r.countHashes() {
		if h := r.hashAt(i); h != (idHash{}) {
			m.addHash(h, r.first+uint64(i))
		}
	}
}

// removeRecord drops the ids of a record.
func (m *idMap) removeRecord(r idRecord) {
	for i := range r.countHashes() {
		if h := r.hashAt(i); h != (idHash{}) {
			seq := r.first + uint64(i)
			m.parts[h.partIndex()].removeCell(h.tag()<<32 | seq&(1<<32-1))
		}
	}
}

// removeCell takes a cell out, and closes the gap with what would not be found beyond
// it.
func (p *idPart) removeCell(c uint64) {
	if p.count == 0 {
		return
	}
	i := p.homeOf(c >> 32)
	for p.cells[i] != c {
		if p.cells[i] == 0 {
			return
		}
		i = p.nextCell(i)
	}
	for j := p.nextCell(i); p.cells[j] != 0; j = p.nextCell(j) {
		home := p.homeOf(p.cells[j] >> 32)
		// What has its home behind the gap and up to where it stands must stay.
		if between := i < home && home <= j; i <= j && between || i > j && (i < home || home <= j) {
			continue
		}
		p.cells[i] = p.cells[j]
		i = j
	}
	p.cells[i] = 0
	p.count--
	if len(p.cells) > 64 && 4*p.count < len(p.cells) {
		p.resize(p.count*5/4 + 8)
	}
}
