// Package hashtable maps texts to numbers without keeping the texts. It is a
// plain table for one writer and many readers after it; what its numbers mean is
// told where they are used.
package hashtable

import (
	"hash/maphash"
	"math/bits"
)

// Table maps hashes of 64 bits to numbers. It keeps no texts: that two of a few million different texts share
// a hash, whose seed nobody outside knows, is less likely than a broken memory.
type Table struct {
	seed   maphash.Seed
	keys   []uint64
	values []int32
	count  int
}

// New returns a table with room for some texts; it grows where they are more.
func New(size int) *Table {
	slots := 8
	for slots*3 < size*4 {
		slots *= 2
	}
	return &Table{seed: maphash.MakeSeed(), keys: make([]uint64, slots), values: make([]int32, slots)}
}

// Hash hashes a text as one kind of text, so that several kinds live in one
// table; it is never zero.
func (t *Table) Hash(kind uint64, text string) uint64 {
	return mix(maphash.String(t.seed, text), kind)
}

// mix makes one hash of two.
func mix(h, with uint64) uint64 {
	hi, lo := bits.Mul64(h^with*0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	if h = hi ^ lo; h == 0 {
		return 1
	}
	return h
}

// Find returns the number of a hash.
func (t *Table) Find(key uint64) (int32, bool) {
	for at := t.home(key); ; at++ {
		if at == len(t.keys) {
			at = 0
		}
		switch t.keys[at] {
		case key:
			return t.values[at], true
		case 0:
			return 0, false
		}
	}
}

// Set gives a hash a number, in place of the one it had.
func (t *Table) Set(key uint64, value int32) {
	if (t.count+1)*8 > len(t.keys)*7 {
		t.grow()
	}
	t.place(key, value)
}

func (t *Table) place(key uint64, value int32) {
	at := t.home(key)
	for t.keys[at] != 0 && t.keys[at] != key {
		if at++; at == len(t.keys) {
			at = 0
		}
	}
	if t.keys[at] == 0 {
		t.count++
	}
	t.keys[at], t.values[at] = key, value
}

// home returns the slot from which on a hash is looked for.
func (t *Table) home(key uint64) int {
	hi, _ := bits.Mul64(key, uint64(len(t.keys)))
	return int(hi) //nolint:gosec // less than the slots
}

func (t *Table) grow() { t.resize(2 * len(t.keys)) }

// Fit gives back the room that nothing was set in: three slots in ten stay free.
func (t *Table) Fit() { t.resize(max(8, t.count*10/7+1)) }

func (t *Table) resize(slots int) {
	old := *t
	t.keys, t.values, t.count = make([]uint64, slots), make([]int32, slots), 0
	for at, key := range old.keys {
		if key != 0 {
			t.place(key, old.values[at])
		}
	}
}
