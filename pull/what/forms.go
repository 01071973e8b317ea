package what

import (
	"encoding/binary"
	"hash/maphash"
	"math"
)

// forms maps a form to a phrase, or, where it is negative, to ^ a list. A large
// catalogue does not fit the processor's caches, so what a look-up needs lies
// together: a slot is eight bytes, and a form, what it maps to, and the one
// phrase that it names stand side by side in one run of bytes. A look-up then
// touches far memory twice, where a map of strings touches it five times.
type forms struct {
	seed  maphash.Seed
	slots []slot
	// bytes holds the entries while the index is built, text once it is ready.
	bytes []byte
	text  string
	count int
}

// slot is part of a form's hash and the place of the form plus one; a place of
// zero is an empty slot.
type slot struct{ hash, place uint32 }

const (
	// formHead is the length of the form and its value.
	formHead = 8
	// phraseHead is the lengths of id and spelling, and the language's number.
	phraseHead = 8
	// spelledSo stands for the length of a spelling that is the form itself.
	spelledSo = math.MaxUint16
	// reservedPhrase stands beside the language of a phrase that is a word of
	// the service too.
	reservedPhrase = 1 << 31
	// fullness is how many of eight slots may be taken.
	fullness = 7
)

func newForms(size int) *forms {
	slots := 8
	for slots*fullness < size*8 {
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
	return f.value(place), true
}

// single returns the candidate of a form that names one phrase alone, from what
// stands beside the form. One that is a word of the service too is not alone.
func (f *forms) single(form string, languages []string) (c Candidate, found, alone bool) {
	place, _ := f.look(form)
	if place == 0 {
		return c, false, false
	}
	at := int(place-1) + formHead + len(form)
	if f.value(place) < 0 {
		return c, true, false
	}
	id, spelling := int(get16(f.text[at:])), int(get16(f.text[at+2:]))
	language := get32(f.text[at+4:])
	if language&reservedPhrase != 0 {
		return c, true, false
	}
	at += phraseHead
	c = Candidate{Keyword: f.text[at : at+id], Phrase: f.text[at-phraseHead-len(form) : at-phraseHead], Language: languages[language]}
	if spelling != spelledSo {
		c.Phrase = f.text[at+id : at+id+spelling]
	}
	return c, true, true
}

func get16(s string) uint16 { return uint16(s[0]) | uint16(s[1])<<8 }

func get32(s string) uint32 { return uint32(get16(s)) | uint32(get16(s[2:]))<<16 }

// value is what the form at a place maps to.
func (f *forms) value(place uint32) int32 {
	if f.text != "" {
		return int32(get32(f.text[place-1+4:])) //nolint:gosec // written as an int32
	}
	return int32(binary.LittleEndian.Uint32(f.bytes[place-1+4:])) //nolint:gosec // written as an int32
}

// look returns the place of a form, zero where it is not there, and its slot.
func (f *forms) look(form string) (place uint32, at int) {
	sum := maphash.String(f.seed, form)
	hash, mask := uint32(sum>>32), len(f.slots)-1
	for at = int(sum) & mask; ; at = (at + 1) & mask { //nolint:gosec // only the low bits count
		s := f.slots[at]
		if s.place == 0 || s.hash == hash && f.is(s.place, form) {
			return s.place, at
		}
	}
}

// is reports whether the form at a place is that one.
func (f *forms) is(place uint32, form string) bool {
	if f.text == "" {
		return string(f.at(place)) == form
	}
	start := int(place-1) + formHead
	return int(get32(f.text[place-1:])) == len(form) && f.text[start:start+len(form)] == form
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
	sum := maphash.String(f.seed, form)
	f.slots[at] = slot{hash: uint32(sum >> 32), place: f.end()}
	f.bytes = appendForm(f.bytes, form, value)
	f.count++
}

// end is the place of what is appended next.
func (f *forms) end() uint32 {
	return uint32(len(f.bytes)) + 1 //nolint:gosec // a catalogue has far less than 4 GiB of words
}

func appendForm(b []byte, form string, value int32) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(form))) //nolint:gosec // a phrase is short
	b = binary.LittleEndian.AppendUint32(b, uint32(value))     //nolint:gosec // read back as an int32
	return append(b, form...)
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

// settle puts beside each form the phrase that it names alone. Nothing can be
// set any more.
func (f *forms) settle(phrases []phrase) {
	old := *f
	f.bytes = make([]byte, 0, 2*len(old.bytes))
	for i, s := range old.slots {
		if s.place == 0 {
			continue
		}
		form, value := string(old.at(s.place)), old.value(s.place)
		f.slots[i].place = f.end()
		f.bytes = appendForm(f.bytes, form, value)
		if value >= 0 {
			f.bytes = appendPhrase(f.bytes, &phrases[value], form)
		}
	}
	f.text, f.bytes = string(f.bytes), nil
}

func appendPhrase(b []byte, p *phrase, form string) []byte {
	text, length := p.text, len(p.text)
	if text == form {
		text, length = "", spelledSo
	}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(p.id))) //nolint:gosec // ids are short
	b = binary.LittleEndian.AppendUint16(b, uint16(length))
	language := uint32(p.language) //nolint:gosec // a number of a list
	if p.nature&natureReserved != 0 {
		language |= reservedPhrase
	}
	b = binary.LittleEndian.AppendUint32(b, language)
	b = append(b, p.id...)
	return append(b, text...)
}
