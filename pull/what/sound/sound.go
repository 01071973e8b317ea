// Package sound tells how words of most scripts sound, coarsely enough that a
// word and its usual romanisations meet. It compares and does not transcribe:
// nobody reads its keys. What Chinese characters sound like depends on their
// language: Spellings tells how texts with them are written in Latin letters.
package sound

import "strings"

// Key returns a coarse key of how a folded form sounds, so that a word and
// its usual romanisations meet: кисель and "kisel", なごや and "nagoya". The
// key is written in small Latin letters, C for the sounds of "ch" and "ts",
// digits, and one space between words. It is "" for a text with letters of
// which no sound is known, Chinese characters above all. A key is its own key.
func Key(folded string) string {
	text, ok := romanise(folded)
	if !ok {
		return ""
	}
	e := ear{out: make([]byte, 0, len(text)+4)}
	e.hear(text)
	e.end()
	return keep(e.out, folded)
}

// Skeleton returns the consonants of a folded form for comparing Arabic and
// Hebrew, where most vowels are not written, with Latin. It is coarser than
// sound: w and y are vowels; b, p, f and v are one, as are g and j; an article
// is left out. Skeletons below three letters say little.
func Skeleton(folded string) string {
	text, ok := romaniseBones(folded)
	if !ok {
		return ""
	}
	e := ear{out: make([]byte, 0, len(text)+4), bones: true}
	e.hear(text)
	e.end()
	bones := e.out[:0]
	for _, c := range e.out {
		if c == 'a' || c == ' ' && (len(bones) == 0 || bones[len(bones)-1] == ' ') {
			continue
		}
		bones = append(bones, c)
	}
	return strings.TrimRight(keep(bones, folded), " ")
}

// keep returns b as a string, and s itself where they are the same.
func keep(b []byte, s string) string {
	if string(b) == s {
		return s
	}
	return string(b)
}

// ear writes a key letter by letter. What it has written of a word is always a
// key already: a letter that would make it none takes back the one before, so
// that the work stays linear and a key is its own key.
type ear struct {
	out []byte
	// start is where the word began.
	start int
	// bones makes one vowel of all, for skeletons.
	bones bool
}

func (e *ear) last() byte {
	if len(e.out) == e.start {
		return 0
	}
	return e.out[len(e.out)-1]
}

func (e *ear) drop() { e.out = e.out[:len(e.out)-1] }

func (e *ear) put(c byte) { e.out = append(e.out, c) }

// end ends a word.
func (e *ear) end() {
	e.settle()
	if e.bones && e.last() == 'h' {
		e.drop()
	}
	for len(e.out) > 0 && e.out[len(e.out)-1] == ' ' {
		e.drop()
	}
	e.start = len(e.out)
}

func (e *ear) space() {
	e.end()
	if len(e.out) > 0 {
		e.put(' ')
	}
	e.start = len(e.out)
}

func (e *ear) digit(c byte) {
	e.settle()
	e.put(c)
}

// vowel hears a, e, i or o, which stands for u as well: "ou" is either, from
// one language to the next.
func (e *ear) vowel(v byte) {
	if e.bones {
		v = 'a'
	}
	last := e.last()
	switch {
	case last == 'e' && (v == 'e' || v == 'i'):
		e.drop()
		e.vowel('i')
	case last == v:
	case v == 'e' && (last == 'i' || last == 'a'):
		e.drop()
		e.vowel('e')
	case last == 'i':
		e.drop()
		e.glide()
		e.put(v)
	default:
		e.put(v)
	}
}

// glide hears j, and what is written as j somewhere: y before a vowel, zh.
func (e *ear) glide() {
	if last := e.last(); e.bones {
		e.consonant('g')
	} else if last != 'j' && last != 'i' {
		e.put('j')
	}
}

// settle makes an i of a j that no vowel follows.
func (e *ear) settle() {
	if e.last() == 'j' {
		e.drop()
		e.vowel('i')
	}
}

func (e *ear) consonant(c byte) {
	if c == 'h' {
		e.breath()
		return
	}
	e.settle()
	last := e.last()
	switch {
	case e.bones && (c == 'p' || c == 'f' || c == 'v'):
		e.consonant('b')
		return
	case last == c, c == 's' && last == 'C', c == 'C' && last == 's':
		return
	case last == 't' && (c == 's' || c == 'C'):
		e.drop()
		e.consonant('C')
		return
	case last == 'n' && (c == 'p' || c == 'b') && !e.bones:
		e.drop()
		e.consonant('m')
	}
	e.put(c)
}

// breath hears an h: kh is h and ph is f, and other consonants swallow it.
func (e *ear) breath() {
	switch last := e.last(); last {
	case 'k':
		e.drop()
		e.breath()
	case 'p':
		e.drop()
		e.consonant('f')
	case 0, 'a', 'e', 'i', 'o', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		e.put('h')
	}
}
