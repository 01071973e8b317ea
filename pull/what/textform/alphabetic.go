package textform

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// charTable remembers what becomes of each character, for texts that are the sum
// of their characters: all but those with marks that join what stands before
// them. A character is worked out when it is first met.
type charTable struct {
	slowly func(string) string
	pages  [maxTabled / pageSize]atomic.Pointer[[pageSize]atomic.Pointer[string]]
}

// maxTabled is the first character without a place in the tables.
const maxTabled, pageSize = 1 << 16, 1 << 7

var (
	compatibleChars = charTable{slowly: compatibleSlowly}
	foldedChars     = charTable{slowly: foldSlowly}
)

// alone stands for a character whose text only the long way can tell, itself for
// one that stays as it is.
var alone, itself = new(string), new(string)

// of returns what becomes of a character, with alone and itself for what they say.
func (t *charTable) of(r rune) *string {
	page := t.pages[r/pageSize].Load()
	if page == nil {
		t.pages[r/pageSize].CompareAndSwap(nil, new([pageSize]atomic.Pointer[string]))
		page = t.pages[r/pageSize].Load()
	}
	if to := page[r%pageSize].Load(); to != nil {
		return to
	}
	to := t.workOut(r)
	page[r%pageSize].Store(to)
	return to
}

func (t *charTable) workOut(r rune) *string {
	text, after := string(r), ""
	switch {
	case r == '\'', r == 'ๆ', r == 'ฯ', isInvisible(r), isMark(r) && !isVowelMark(r):
		return alone
	case isVowelMark(r):
		// What becomes of a mark shows behind a letter.
		after = "क"
	case !norm.NFKC.PropertiesString(text).BoundaryBefore(), !norm.NFKC.PropertiesString(norm.NFKD.String(text)).BoundaryBefore():
		return alone
	case r >= 0x80 && !isSaid(r) && t == &foldedChars:
		return alone
	}
	to, ok := strings.CutPrefix(t.slowly(after+text), after)
	switch {
	case !ok:
		return alone
	case to == text:
		return itself
	}
	return &to
}

func isMark(r rune) bool { return r >= 0x300 && unicode.IsMark(r) }

// isVowelMark covers the marks from Devanagari to Thai, which are vowels and tones
// there, but those that change with what stands around them.
func isVowelMark(r rune) bool {
	return 0x900 <= r && r < 0xe80 && unicode.IsMark(r) && !isNukta(r) && !isRareMark(r)
}

// isRareMark covers marks that join others, in texts that nobody writes.
func isRareMark(r rune) bool {
	switch r {
	case 0x0b56, 0x0bd7, 0x0c55, 0x0c56, 0x0cd5, 0x0cd6, 0x0d57, 0x0dca, 0x0951, 0x0952, 0x0953, 0x0954:
		return true
	}
	return false
}

// all returns the sum of a text's characters; false where a text is more than that.
func (t *charTable) all(s string) (string, bool) {
	same := true
	last := rune(0)
	marks := 0
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRuneInString(s[i:]); r >= maxTabled || r == utf8.RuneError {
				return "", false
			}
		}
		to := t.of(r)
		if to == alone {
			return "", false
		}
		if r >= 0x900 && r < 0xe80 && isMark(r) {
			if marks++; marks > maxMarks || !standsBehind(r, last) {
				return "", false
			}
		} else {
			marks = 0
		}
		same = same && to == itself
		last = r
		i += size
	}
	if same {
		return s, true
	}
	return t.sum(s), true
}

// sum writes what becomes of the characters one by one.
func (t *charTable) sum(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if to := t.of(r); to == itself {
			b.WriteString(s[i : i+size])
		} else {
			b.WriteString(*to)
		}
		i += size
	}
	return b.String()
}

// standsBehind reports whether a vowel mark stays where it is behind a character:
// behind a letter of its kind, or another mark in the order of Unicode that it
// does not join.
func standsBehind(r, last rune) bool {
	switch {
	case last < 0x900 || last >= 0xe80:
		return false
	case !isMark(last):
		return unicode.IsLetter(last)
	}
	mark, before := norm.NFC.PropertiesString(string(r)), norm.NFC.PropertiesString(string(last))
	return mark.CCC() == 0 && mark.BoundaryBefore() || mark.CCC() >= max(before.CCC(), 1)
}
