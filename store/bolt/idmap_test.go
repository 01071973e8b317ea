package bolt

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

func hashOfNumber(n uint64) idHash {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, n))
	return idHash(sum[:hashBytes])
}

// TestAnIDMapIsAMap holds the map of ids against Go's own.
func TestAnIDMapIsAMap(t *testing.T) {
	const cases = 10_000
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // which ids is no secret
	var m idMap
	want := map[uint64]idHash{} // by sequence
	for seq := uint64(1); seq <= cases; seq++ {
		h := hashOfNumber(random.Uint64N(2000)) // some come again
		m.addHash(h, seq)
		want[seq] = h
		if gone := random.Uint64N(seq) + 1; random.IntN(3) > 0 {
			if h, ok := want[gone]; ok {
				m.removeRecord(idRecord{first: gone, hashes: h[:]})
				delete(want, gone)
			}
		}
		h = hashOfNumber(random.Uint64N(2000))
		var found []uint64
		for s := range m.findSequences(h) {
			if want[s] == h { // others may share the bits that are kept
				found = append(found, s)
			}
		}
		var expected []uint64
		for s, other := range want {
			if seq%50 == 0 && other == h {
				expected = append(expected, s)
			}
		}
		slices.Sort(found)
		slices.Sort(expected)
		if seq%50 == 0 && !slices.Equal(found, expected) || m.countHashes() != len(want) {
			t.Fatalf("at %d: %v of %d, want %v of %d", seq, found, m.countHashes(), expected, len(want))
		}
	}
}

// TestABloomFilterHoldsWhatWasAdded and hardly anything else.
func TestABloomFilterHoldsWhatWasAdded(t *testing.T) {
	const cases = 10_000
	f := newBloomFilter(cases)
	for n := range uint64(cases) {
		f.addHash(hashOfNumber(n).spreadBits())
	}
	wrong := 0
	for n := range uint64(cases) {
		if !f.mayHold(hashOfNumber(n).spreadBits()) {
			t.Fatalf("%d was added", n)
		}
		if f.mayHold(hashOfNumber(cases + n).spreadBits()) {
			wrong++
		}
	}
	if wrong > cases/50 {
		t.Errorf("%d of %d others are taken for what was added", wrong, cases)
	}
}
