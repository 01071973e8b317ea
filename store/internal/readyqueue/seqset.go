package readyqueue

const wordBits = 64

// seqSet is a set of sequences. They are given one after the other, so a bit
// each, from the lowest that is set on, takes next to nothing.
type seqSet struct {
	base  uint64 // sequence of the first bit, a multiple of wordBits
	words []uint64
}

func (s *seqSet) addSeq(seq uint64) {
	word := seq / wordBits
	if len(s.words) == 0 {
		s.base = word * wordBits
	}
	if first := s.base / wordBits; word < first {
		s.words = append(make([]uint64, first-word, first-word+uint64(len(s.words))), s.words...)
		s.base = word * wordBits
	}
	at := word - s.base/wordBits
	if n := uint64(len(s.words)); at >= n {
		s.words = append(s.words, make([]uint64, at-n+1)...)
	}
	s.words[at] |= 1 << (seq % wordBits)
}

// removeSeq takes a sequence out and says whether it was in.
func (s *seqSet) removeSeq(seq uint64) bool {
	if seq < s.base || (seq-s.base)/wordBits >= uint64(len(s.words)) {
		return false
	}
	at, bit := (seq-s.base)/wordBits, uint64(1)<<(seq%wordBits)
	if s.words[at]&bit == 0 {
		return false
	}
	s.words[at] &^= bit
	for len(s.words) > 0 && s.words[0] == 0 {
		s.words = s.words[1:]
		s.base += wordBits
	}
	return true
}
