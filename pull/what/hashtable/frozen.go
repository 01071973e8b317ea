package hashtable

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// Frozen maps texts to values, of which few differ, in the bytes that Freeze
// wrote: nothing is read before a text is looked for. It keeps a mark of 40 bits
// of each text, which few hundred of other texts in a million million have as well.
type Frozen[V any] struct {
	values []V
	// begins are four bytes for each bucket, where its slots begin, and for the
	// end of the last one; slots are those of all buckets.
	begins, slots string
	shift         int
}

// A slot is a mark and the place of a value.
const (
	markBytes, slotBytes = 5, 7
	markMask             = 1<<(8*markBytes) - 1
	// perBucket is how many texts share a bucket, about.
	perBucket = 4
)

// Freeze writes texts with the numbers of their values: the same bytes each time.
func Freeze(texts map[string][]uint64) ([]byte, error) {
	type entry struct {
		hash  uint64
		place int
	}
	all := make([]entry, 0, len(texts))
	values := slices.SortedFunc(maps.Values(texts), slices.Compare)
	values = slices.CompactFunc(values, slices.Equal)
	if len(values) > 1<<16 {
		return nil, fmt.Errorf("%d values differ, and only %d may", len(values), 1<<16)
	}
	for text, value := range texts {
		place, _ := slices.BinarySearchFunc(values, value, slices.Compare)
		all = append(all, entry{sum(text), place})
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
	for i := range all[min(1, len(all)):] {
		if all[i].hash == all[i+1].hash {
			return nil, fmt.Errorf("two of %d texts have the same hash", len(all))
		}
	}
	parts := bits.Len(uint(len(all) / perBucket))
	out := binary.AppendUvarint(nil, uint64(len(values)))
	for _, value := range values {
		out = binary.AppendUvarint(out, uint64(len(value)))
		for _, number := range value {
			out = binary.AppendUvarint(out, number)
		}
	}
	out = append(out, byte(parts)) //nolint:gosec // less than 64
	at := 0
	for bucket := range uint64(1)<<parts + 1 {
		for at < len(all) && all[at].hash>>(64-parts) < bucket {
			at++
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(at))
	}
	for _, e := range all {
		slot := e.hash&markMask | uint64(e.place)<<(8*markBytes) //nolint:gosec // a place in a list
		out = append(out, binary.LittleEndian.AppendUint64(nil, slot)[:slotBytes]...)
	}
	return append(out, 0), nil // so that eight bytes may be read from every slot
}

// Open returns the table that Freeze wrote, whose values value makes of their
// numbers. Of nothing at all it is empty.
func Open[V any](frozen string, value func(numbers []uint64) V) *Frozen[V] {
	f := &Frozen[V]{}
	if frozen == "" {
		return f
	}
	r := strings.NewReader(frozen)
	read := func() uint64 {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			panic(err) // it is part of the program
		}
		return n
	}
	f.values = make([]V, read())
	for i := range f.values {
		numbers := make([]uint64, read())
		for at := range numbers {
			numbers[at] = read()
		}
		f.values[i] = value(numbers)
	}
	parts := int(read()) //nolint:gosec // less than 64
	rest := frozen[len(frozen)-r.Len():]
	begins := 4 * (1<<parts + 1)
	f.begins, f.slots, f.shift = rest[:begins], rest[begins:], 64-parts
	return f
}

// Find returns the value of a text, which is not to be changed, or nil if it has
// none.
func (f *Frozen[V]) Find(text string) *V {
	if f.begins == "" {
		return nil
	}
	hash := sum(text)
	bucket := int(hash >> f.shift) //nolint:gosec // less than the buckets
	from, to := load32(f.begins, 4*bucket), load32(f.begins, 4*bucket+4)
	for at := slotBytes * from; at < slotBytes*to; at += slotBytes {
		if slot := load64(f.slots[at:]); (slot^hash)&markMask == 0 {
			return &f.values[slot>>(8*markBytes)&0xffff]
		}
	}
	return nil
}

// Has reports whether a text has a value.
func (f *Frozen[V]) Has(text string) bool { return f.Find(text) != nil }

// sum hashes a text, the same in every run: eight bytes at a time, of which the last
// ones may count twice.
func sum(text string) uint64 {
	h, n := uint64(len(text)), len(text)
	switch {
	case n >= 8:
		for at := 0; at < n-8; at += 8 {
			h = mix(h, load64(text[at:]))
		}
		return mix(h, load64(text[n-8:]))
	case n >= 4:
		return mix(h, uint64(load32(text, 0))<<32|uint64(load32(text, n-4))) //nolint:gosec // four bytes
	case n > 0:
		return mix(h, uint64(text[0])<<16|uint64(text[n/2])<<8|uint64(text[n-1]))
	}
	return mix(h, 0)
}

func load32(s string, at int) int {
	return int(s[at]) | int(s[at+1])<<8 | int(s[at+2])<<16 | int(s[at+3])<<24
}

func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
