package catalogue

import (
	"unicode"
	"unicode/utf8"
)

// minNeighbour is from how many characters on typing errors are forgiven, and
// so from when two phrases can be too alike.
const minNeighbour = 4

// A phrase is hashed as a number whose digits are its characters, the first one
// lowest. What is behind a character that is taken out moves down by one place.
const (
	radix = 0x9e3779b97f4a7c15
	// down is what radix has to be multiplied by to give 1.
	down = 0xf1de83e19937733d
)

func hashText(text string) uint64 {
	total, height := uint64(0), uint64(1)
	for _, r := range text {
		total += digit(r) * height
		height *= radix
	}
	return total
}

func digit(r rune) uint64 { return uint64(r) + 1 } //nolint:gosec // characters are not negative

// spreadBits makes 32 bits that depend on all of them.
func spreadBits(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return uint32(h >> 32)
}

// shortenedHashes hashes the folded phrase, and what is left of it without each one
// character, in the phrase's language. Phrases one edit apart share a hash, so
// that no pair of strangers is ever compared. Short phrases have none.
func shortenedHashes(u *use) []uint32 {
	n := utf8.RuneCountInString(u.folded)
	if n < minNeighbour {
		return nil
	}
	language, whole := hashText(u.language)*radix, hashText(u.folded)
	hashes := append(make([]uint32, 0, n+1), spreadBits(language+whole))
	before, height, last := uint64(0), uint64(1), rune(-1)
	for _, r := range u.folded {
		through := before + digit(r)*height
		if r != last {
			hashes = append(hashes, spreadBits(language+before+(whole-through)*down))
		}
		before, last = through, r
		height *= radix
	}
	return hashes
}

// tooNear says whether two phrases of one language are neighbours.
func tooNear(a, b *use) bool {
	return utf8.RuneCountInString(a.folded) >= minNeighbour && utf8.RuneCountInString(b.folded) >= minNeighbour &&
		oneEdit(a.folded, b.folded)
}

// oneEdit says whether one character more, less or other, or two neighbours
// swapped, makes b of a. Digits are no typing errors: "part 1" is not "part 2".
func oneEdit(a, b string) bool {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			break
		}
		a, b = a[n:], b[m:]
	}
	x, n := utf8.DecodeRuneInString(a)
	y, m := utf8.DecodeRuneInString(b)
	switch {
	case a == "" && b == "":
		return false
	case b[m:] == a:
		return !unicode.IsDigit(y)
	case a[n:] == b:
		return !unicode.IsDigit(x)
	case unicode.IsDigit(x) || unicode.IsDigit(y):
		return false
	case a[n:] == b[m:]:
		return true
	}
	x2, n2 := utf8.DecodeRuneInString(a[n:])
	y2, m2 := utf8.DecodeRuneInString(b[m:])
	return x == y2 && y == x2 && a[n+n2:] == b[m+m2:]
}
