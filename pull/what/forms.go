package what

import (
	"encoding/binary"
	"hash/maphash"
	"math"
)

// forms maps a form to a phrase, or, where it is negative, to ^ a list. A large
// catalogue does not fit the processor's caches, so what a look-up needs lies in
// one place: a settled form has its hash, what it maps to, and where the texts
// of the one phrase that it names begin. A look-up then touches far memory once,
// where a map of strings touches it five times.
type forms struct {
	seed maphash.Seed
	// slots and bytes hold the entries while the index is built, ready and text
	// once it is settled.
	slots []formSlot
	bytes []byte
	ready []readySlot
	text  string
	count int
}

// formSlot is part of a form's hash and the place of the form plus one; a place of
// zero is an empty slot.
type formSlot struct{ hash, place uint32 }

// readySlot is a settled form. That two of a few million forms share a hash of
// 64 bits, whose seed nobody outside knows, is less likely than a broken memory.
type readySlot struct {
	sum uint64
	// value is what the form maps to; text is where it stands, with the phrase's
	// id and spelling behind it, of these lengths.
	value              int32
	text               uint32
	form, id, spelling uint16
	// language is the number of the phrase's language.
	language uint16
}

const (
	// formHead is the length of the form and its value.
	formHead = 8
	// spelledSo stands for the length of a spelling that is the form itself.
	spelledSo = math.MaxUint16
	// reservedPhrase stands beside the language of a phrase that is a word of
	// the service too.
	reservedPhrase = 1 << 15
	// fullness is how many of eight slots may be taken.
	fullness = 7
)

func newForms(size int) *forms {
	slots := 8
	for slots*fullness < size*8 {
		slots *= 2
	}
	return &forms{seed: maphash.MakeSeed(), slots: make([]formSlot, slots)}
}

// find returns what a form maps to.
func (f *forms) find(form string) (int32, bool) {
	if f.ready != nil {
		g := f.glance(form)
		s, ok := f.settled(&g)
		return s.value, ok
	}
	place, _ := f.look(form)
	if place == 0 {
		return 0, false
	}
	return int32(binary.LittleEndian.Uint32(f.bytes[place-1+4:])), true //nolint:gosec // written as an int32
}

// glance is a form's hash, and the first slot that may be its own. A large
// index lies far from the processor, so a glance is taken early, and arrives
// while other things are done.
type glance struct {
	sum   uint64
	first readySlot
}

func (f *forms) glance(form string) glance {
	sum := sumOf(f.seed, form)
	return glance{sum: sum, first: f.ready[int(sum)&(len(f.ready)-1)]} //nolint:gosec // only the low bits count
}

// sumOf returns the hash of a form, never zero.
func sumOf(seed maphash.Seed, form string) uint64 {
	return max(1, maphash.String(seed, form))
}

// settled returns the slot of a form.
func (f *forms) settled(g *glance) (readySlot, bool) {
	mask := len(f.ready) - 1
	for s, at := g.first, int(g.sum); ; s = f.ready[at&mask] { //nolint:gosec // only the low bits count
		if s.sum == g.sum || s.sum == 0 {
			return s, s.sum != 0
		}
		at++
	}
}

// single returns the candidate of a form that names one phrase alone. One that
// is a word of the service too is not alone.
func (f *forms) single(g *glance, languages []string) (c Candidate, alone bool) {
	s, ok := f.settled(g)
	if !ok || s.value < 0 || s.language&reservedPhrase != 0 {
		return c, false
	}
	at := int(s.text)
	c = Candidate{Phrase: f.text[at : at+int(s.form)], Language: languages[s.language]}
	at += int(s.form)
	c.Keyword = f.text[at : at+int(s.id)]
	if s.spelling != spelledSo {
		at += int(s.id)
		c.Phrase = f.text[at : at+int(s.spelling)]
	}
	return c, true
}

// look returns the place of a form while the index is built, or zero if it is
// not there, and its slot.
func (f *forms) look(form string) (place uint32, at int) {
	sum := sumOf(f.seed, form)
	hash, mask := uint32(sum>>32), len(f.slots)-1
	for at = int(sum) & mask; ; at = (at + 1) & mask { //nolint:gosec // only the low bits count
		s := f.slots[at]
		if s.place == 0 || s.hash == hash && string(f.at(s.place)) == form {
			return s.place, at
		}
	}
}

// at returns the form at a place while the index is built, as a view.
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
	if (f.count+1)*8 > len(f.slots)*fullness {
		f.grow()
		_, at = f.look(form)
	}
	f.slots[at] = formSlot{hash: uint32(sumOf(f.seed, form) >> 32), place: uint32(len(f.bytes)) + 1} //nolint:gosec // a catalogue has far less than 4 GiB of words
	f.bytes = binary.LittleEndian.AppendUint32(f.bytes, uint32(len(form)))                           //nolint:gosec // a phrase is short
	f.bytes = binary.LittleEndian.AppendUint32(f.bytes, uint32(value))                               //nolint:gosec // read back as an int32
	f.bytes = append(f.bytes, form...)
	f.count++
}

// grow doubles the slots.
func (f *forms) grow() {
	old := f.slots
	f.slots = make([]formSlot, 2*len(old))
	for _, s := range old {
		if s.place != 0 {
			f.slots[f.free(f.slots, s.place)] = s
		}
	}
}

// free returns the first empty slot for the form at a place.
func (f *forms) free(slots []formSlot, place uint32) int {
	mask := len(slots) - 1
	at := int(max(1, maphash.Bytes(f.seed, f.at(place)))) & mask //nolint:gosec // only the low bits count
	for slots[at].place != 0 {
		at = (at + 1) & mask
	}
	return at
}

// settle puts beside each form the phrase that it names alone. Nothing can be
// set any more.
func (f *forms) settle(phrases []phrase) {
	f.ready = make([]readySlot, len(f.slots))
	text := make([]byte, 0, len(f.bytes))
	for i, s := range f.slots {
		if s.place == 0 {
			continue
		}
		form := string(f.at(s.place))
		value := int32(binary.LittleEndian.Uint32(f.bytes[s.place-1+4:]))                                        //nolint:gosec // written as an int32
		r := readySlot{sum: sumOf(f.seed, form), value: value, text: uint32(len(text)), form: uint16(len(form))} //nolint:gosec // phrases are short
		if value >= 0 {
			text = append(text, form...)
			text = r.name(text, &phrases[value], form)
		}
		f.ready[i] = r
	}
	f.text, f.slots, f.bytes = string(text), nil, nil
}

// name appends what a phrase is called, and notes where it ends.
func (s *readySlot) name(text []byte, p *phrase, form string) []byte {
	s.id, s.spelling = uint16(len(p.id)), spelledSo //nolint:gosec // ids are short
	s.language = uint16(p.language)                 //nolint:gosec // a number of a list
	if p.nature&natureReserved != 0 {
		s.language |= reservedPhrase
	}
	text = append(text, p.id...)
	if p.text == form {
		return text
	}
	s.spelling = uint16(len(p.text)) //nolint:gosec // phrases are short
	return append(text, p.text...)
}
