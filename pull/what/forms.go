package what

import (
	"encoding/binary"
	"hash/maphash"
)

// forms maps a form to a phrase, or, where it is negative, to ^ a list. A form
// and what it maps to lie side by side in one run of bytes, and a slot is eight
// bytes: a look-up touches the memory twice however large the catalogue is,
// where a map of strings touches it four times.
type forms struct {
	seed  maphash.Seed
	slots []slot
	// bytes holds, for each form, its length, its value and itself.
	bytes []byte
	count int
}

// slot is part of a form's hash and the place of the form plus one; a place of
// zero is an empty slot.
type slot struct{ hash, place uint32 }

// formHead is the length and the value before each form.
const formHead = 8

// fullness is how many of four slots may be taken.
const fullness = 3

func newForms(size int) *forms {
	slots := 8
	for slots*fullness < size*4 {
		slots *= 2
	}
	return &forms{seed: maphash.MakeSeed(), slots: make([]slot, slots)}
}

// find returns what a form maps to.
func (f *forms) find(form string) (int32, bool) {
	place, _ := f.look(form)
	if place == 0 {
		return 0, false
	}
	return int32(binary.LittleEndian.Uint32(f.bytes[place-1+4:])), true //nolint:gosec // written as an int32
}

// look returns the place of a form, zero where it is not there, and its slot.
func (f *forms) look(form string) (place uint32, at int) {
	sum := maphash.String(f.seed, form)
	hash, mask := uint32(sum>>32), len(f.slots)-1
	for at = int(sum) & mask; ; at = (at + 1) & mask { //nolint:gosec // only the low bits count
		s := f.slots[at]
		if s.place == 0 || s.hash == hash && string(f.at(s.place)) == form {
			return s.place, at
		}
	}
}

// at returns the form at a place, as a view of the bytes.
func (f *forms) at(place uint32) []byte {
	start := int(place-1) + formHead
	length := int(binary.LittleEndian.Uint32(f.bytes[place-1:]))
	return f.bytes[start : start+length]
}

// set maps a form to a value.
func (f *forms) set(form string, value int32) {
	place, at := f.look(form)
	if place != 0 {
		binary.LittleEndian.PutUint32(f.bytes[place-1+4:], uint32(value)) //nolint:gosec // read back as an int32
		return
	}
	if (f.count+1)*4 > len(f.slots)*fullness {
		f.grow()
		_, at = f.look(form)
	}
	sum := maphash.String(f.seed, form)
	f.slots[at] = slot{hash: uint32(sum >> 32), place: uint32(len(f.bytes)) + 1} //nolint:gosec // a catalogue has far less than 4 GiB of words
	f.bytes = binary.LittleEndian.AppendUint32(f.bytes, uint32(len(form)))       //nolint:gosec // as above
	f.bytes = binary.LittleEndian.AppendUint32(f.bytes, uint32(value))           //nolint:gosec // read back as an int32
	f.bytes = append(f.bytes, form...)
	f.count++
}

// grow doubles the slots.
func (f *forms) grow() {
	old := f.slots
	f.slots = make([]slot, 2*len(old))
	mask := len(f.slots) - 1
	for _, s := range old {
		if s.place == 0 {
			continue
		}
		at := int(maphash.Bytes(f.seed, f.at(s.place))) & mask //nolint:gosec // only the low bits count
		for f.slots[at].place != 0 {
			at = (at + 1) & mask
		}
		f.slots[at] = s
	}
}
