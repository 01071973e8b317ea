package textform

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// alphabetic is how many characters have a place in the tables below: Latin,
// Greek and Cyrillic, in which most messages are written. None of them changes
// beside another one of them, combining marks aside, so that a text of them is
// the sum of its characters.
const alphabetic = 0x530

// charTable holds what becomes of each character; changes says of which
// something does that the table knows.
type charTable struct {
	to   [alphabetic]string
	here [alphabetic]bool
}

// compatibleChars and foldedChars are made by the rules for any text.
var (
	compatibleChars = sync.OnceValue(func() *charTable {
		return newCharTable(compatibleSlowly)
	})
	foldedChars = sync.OnceValue(func() *charTable {
		return newCharTable(foldSlowly)
	})
)

func newCharTable(f func(string) string) *charTable {
	t := &charTable{}
	for r := range rune(alphabetic) {
		if unicode.IsMark(r) || isInvisible(r) || r < 0x80 && r == '\'' {
			continue
		}
		t.to[r], t.here[r] = f(string(r)), true
	}
	return t
}

// all returns the sum of a text's characters; false where one of them has no
// place in the table.
func (t *charTable) all(s string) (string, bool) {
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRuneInString(s[i:]); r >= alphabetic {
				return "", false
			}
		}
		if !t.here[r] {
			return "", false
		}
		i += size
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		b.WriteString(t.to[r])
		i += size
	}
	return b.String(), true
}
