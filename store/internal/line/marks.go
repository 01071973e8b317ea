package line

const wordBits = 64

// marks is a set of sequences. They are given one after the other, so a bit
// each, from the lowest that is set on, takes next to nothing.
type marks struct {
	base  uint64 // sequence of the first bit, a multiple of wordBits
	words []uint64
}

func (m *marks) set(seq uint64) {
	word := seq / wordBits
	if len(m.words) == 0 {
		m.base = word * wordBits
	}
	if first := m.base / wordBits; word < first {
		m.words = append(make([]uint64, first-word, first-word+uint64(len(m.words))), m.words...)
		m.base = word * wordBits
	}
	at := word - m.base/wordBits
	if n := uint64(len(m.words)); at >= n {
		m.words = append(m.words, make([]uint64, at-n+1)...)
	}
	m.words[at] |= 1 << (seq % wordBits)
}

// clear takes a sequence out and says whether it was in.
func (m *marks) clear(seq uint64) bool {
	if seq < m.base || (seq-m.base)/wordBits >= uint64(len(m.words)) {
		return false
	}
	at, bit := (seq-m.base)/wordBits, uint64(1)<<(seq%wordBits)
	if m.words[at]&bit == 0 {
		return false
	}
	m.words[at] &^= bit
	for len(m.words) > 0 && m.words[0] == 0 {
		m.words = m.words[1:]
		m.base += wordBits
	}
	return true
}
