package textform

import (
	_ "embed" // The table of characters is part of the program.
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed hanzi.txt
var hanziTable string

// hanzi maps traditional Chinese characters, variants and the new forms of
// Japanese to the simplified ones. It is read when it is first needed.
var hanzi = sync.OnceValue(func() map[rune]rune {
	pairs := make(map[rune]rune, len(hanziTable)/7)
	for pair := range strings.FieldsSeq(hanziTable) {
		from, size := utf8.DecodeRuneInString(pair)
		to, rest := utf8.DecodeRuneInString(pair[size:])
		if size+rest == len(pair) {
			pairs[from] = to
		}
	}
	return pairs
})

// simplified writes s in simplified Chinese characters, character by
// character, so that texts in either writing meet; what has no simplified form
// stays. It is made for comparing, not for reading: where one simplified
// character stands for several traditional ones, all become it.
func simplified(s string) string {
	for i, r := range s {
		if !isHanzi(r) {
			continue
		}
		if to, ok := hanzi()[r]; ok && to != r {
			return simplifyFrom(s, i)
		}
	}
	return s
}

// simplifyFrom returns the same for a text that changes at s[at:] first.
func simplifyFrom(s string, at int) string {
	pairs := hanzi()
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:at])
	for i := at; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if to, ok := pairs[r]; ok && isHanzi(r) {
			b.WriteRune(to)
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// isHanzi covers the Chinese characters of everyday text.
func isHanzi(r rune) bool { return 0x3400 <= r && r <= 0x9fff }
