package sound

import "unicode/utf8"

// The blocks of Indic scripts share one plan of 128 places: the sounds of
// their letters are told by the place in it.
var (
	indicVowels = soundsFrom(0x05, "a a i i u u ri l e e e ai o o o au")
	indicSigns  = soundsFrom(0x3e, "a i i u u ri ri e e e ai o o o au")
	indicBase   = soundsFrom(0x15, `k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v
		sh sh s h`)
	indicDotted = soundsFrom(0x58, "k kh g z r rh f y")
	chillu      = soundsFrom(0x7a, "n n r l l k")
)

// Places of blocks and signs.
const (
	virama    = 0x4d
	bengali   = 0x0980
	gurmukhi  = 0x0a00
	gujarati  = 0x0a80
	tamil     = 0x0b80
	malayalam = 0x0d00
)

// syllable is a consonant with the vowel that follows it.
type syllable struct {
	onset, vowel string
	// inherent says that the vowel is not written; nasal that a nasal
	// follows it.
	inherent, nasal bool
}

func sayIndic(dst []byte, word string) []byte {
	first, _ := utf8.DecodeRuneInString(word)
	block := first &^ 0x7f
	var space [24]syllable
	all := syllables(space[:0], word, block)
	switch block {
	case 0x0900, gurmukhi, gujarati:
		dropSchwas(all, true)
	case bengali:
		dropSchwas(all, false)
	case tamil:
		soften(all)
	}
	for i, s := range all {
		dst = append(append(dst, s.onset...), s.vowel...)
		if s.nasal {
			nasal := byte('n')
			if i == len(all)-1 && block > tamil {
				nasal = 'm'
			}
			dst = append(dst, nasal)
		}
	}
	return dst
}

func syllables(all []syllable, word string, block rune) []syllable {
	inherent := "a"
	if block == bengali {
		inherent = "o"
	}
	for _, r := range word {
		place := r & 0x7f
		onset, vowel, sign := indicBase.say(place), indicVowels.say(place), indicSigns.say(place)
		if place >= 0x58 && place <= 0x5f {
			onset = indicDotted.say(place)
		}
		if block == tamil && place == 0x34 {
			onset = "zh"
		}
		last := len(all) - 1
		switch {
		case onset != "":
			all = append(all, syllable{onset: onset, vowel: inherent, inherent: true})
		case vowel != "":
			all = append(all, syllable{vowel: vowel})
		case block == bengali && place == 0x4e:
			all = append(all, syllable{onset: "t"})
		case block == malayalam && chillu.say(place) != "":
			all = append(all, syllable{onset: chillu.say(place)})
		case last < 0:
		case sign != "" && all[last].inherent:
			all[last].vowel, all[last].inherent = sign, false
		case place == virama && all[last].inherent:
			all[last].vowel, all[last].inherent = "", false
		case place == 1 || place == 2 || block == gurmukhi && place == 0x70:
			all[last].nasal = true
		}
	}
	return all
}

// dropSchwas takes away the inherent vowels that are not said: at the end of a
// word and, for Hindi and its neighbours, between a syllable that ends in a
// vowel and one that has a vowel.
func dropSchwas(all []syllable, within bool) {
	for i := len(all) - 1; i > 0; i-- {
		s := &all[i]
		if !s.inherent || s.nasal {
			continue
		}
		before := all[i-1]
		if i == len(all)-1 {
			if before.vowel != "" || !isLiquid(s.onset) {
				s.vowel = ""
			}
			continue
		}
		after := all[i+1]
		if within && before.vowel != "" && !before.nasal && after.onset != "" && after.vowel != "" {
			s.vowel = ""
		}
	}
}

// isLiquid covers the consonants that keep the vowel at the end after another.
func isLiquid(onset string) bool {
	return onset == "r" || onset == "y" || onset == "l" || onset == "v"
}

// soften gives the stops of Tamil the sound that their place makes: voiced
// within a word unless they are doubled.
func soften(all []syllable) {
	hard := ""
	for i := range all {
		s := &all[i]
		doubled := s.onset == hard && i > 0 && all[i-1].vowel == ""
		hard = s.onset
		if s.onset == "ch" && !doubled && (i+1 == len(all) || s.vowel != "") {
			s.onset = "s"
		}
		if i == 0 || doubled || i+1 < len(all) && s.vowel == "" && all[i+1].onset == s.onset {
			continue
		}
		switch s.onset {
		case "k":
			s.onset = "g"
		case "t":
			s.onset = "d"
		case "p":
			s.onset = "b"
		}
	}
}
