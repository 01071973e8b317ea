package textform

import "unicode"

// Writing is the script of a text, as far as rules differ by it.
type Writing uint8

// The scripts.
const (
	// WritingOther is any script without a name here, and no letters at all.
	WritingOther Writing = iota
	WritingLatin
	WritingCyrillic
	WritingGreek
	WritingArabic
	WritingHebrew
	WritingDevanagari
	WritingHangul
	WritingBengali
	WritingTamil
	WritingTelugu
	// WritingSpaceless are all that write no spaces between words.
	WritingSpaceless
)

// WritingOf returns the script of a text's first letter.
func WritingOf(s string) Writing {
	for _, r := range s {
		switch {
		case r < 0x80 && !isWordRune(r) || '0' <= r && r <= '9':
			continue
		case r < 0x370 || 0x1e00 <= r && r < 0x1f00:
			return WritingLatin
		case r < 0x400 || 0x1f00 <= r && r < 0x2000:
			return WritingGreek
		case r < 0x530:
			return WritingCyrillic
		case unicode.Is(unicode.Hebrew, r):
			return WritingHebrew
		case unicode.Is(unicode.Arabic, r):
			return WritingArabic
		case unicode.Is(unicode.Devanagari, r):
			return WritingDevanagari
		case unicode.Is(unicode.Hangul, r):
			return WritingHangul
		case unicode.Is(unicode.Bengali, r):
			return WritingBengali
		case unicode.Is(unicode.Tamil, r):
			return WritingTamil
		case unicode.Is(unicode.Telugu, r):
			return WritingTelugu
		case IsSpaceless(r):
			return WritingSpaceless
		}
		return WritingOther
	}
	return WritingOther
}
