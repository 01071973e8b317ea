package what

import (
	"hash/maphash"
	"math/bits"
)

// table maps hashes of 64 bits to phrases: a number, or, where it is negative,
// ^ a list. It keeps no texts: that two of a few million different texts share
// a hash, whose seed nobody outside knows, is less likely than a broken memory.
type table struct {
	seed   maphash.Seed
	keys   []uint64
	values []int32
	count  int
}

// relation is the kind of text that was hashed, so that all kinds live in one
// table.
type relation uint64

const (
	byFold relation = iota + 1
	byBag
	byStem
	byLightStem
	byCompact
	bySound
	bySkeleton
	byLatinSkeleton
	byWord
)

func newTable(size int) *table {
	slots := 8
	for slots*3 < size*4 {
		slots *= 2
	}
	return &table{seed: maphash.MakeSeed(), keys: make([]uint64, slots), values: make([]int32, slots)}
}

// hash hashes a text as one kind of text; it is never zero.
func (t *table) hash(r relation, text string) uint64 {
	return mix(maphash.String(t.seed, text), uint64(r))
}

// mix makes one hash of two.
func mix(h, with uint64) uint64 {
	hi, lo := bits.Mul64(h^with*0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	if h = hi ^ lo; h == 0 {
		return 1
	}
	return h
}

func (t *table) find(key uint64) (int32, bool) {
	mask := len(t.keys) - 1
	for at := int(key>>1) & mask; ; at = (at + 1) & mask {
		switch t.keys[at] {
		case key:
			return t.values[at], true
		case 0:
			return 0, false
		}
	}
}

func (t *table) set(key uint64, value int32) {
	if (t.count+1)*8 > len(t.keys)*7 {
		t.grow()
	}
	t.place(key, value)
}

func (t *table) place(key uint64, value int32) {
	mask := len(t.keys) - 1
	at := int(key>>1) & mask
	for t.keys[at] != 0 && t.keys[at] != key {
		at = (at + 1) & mask
	}
	if t.keys[at] == 0 {
		t.count++
	}
	t.keys[at], t.values[at] = key, value
}

func (t *table) grow() {
	old := *t
	t.keys, t.values, t.count = make([]uint64, 2*len(old.keys)), make([]int32, 2*len(old.keys)), 0
	for at, key := range old.keys {
		if key != 0 {
			t.place(key, old.values[at])
		}
	}
}
