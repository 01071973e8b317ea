package messengers

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Named walks the places where a name stands in a text, whichever its case, as a word
// of its own: what is before each, and after it.
func Named(text, name string) iter.Seq2[string, string] {
	return func(yield func(before, after string) bool) {
		for at := range text {
			end := at + len(name)
			if name == "" || end > len(text) || !strings.EqualFold(text[at:end], name) {
				continue
			}
			before, _ := utf8.DecodeLastRuneInString(text[:at])
			after, _ := utf8.DecodeRuneInString(text[end:])
			if !inWord(before) && !inWord(after) && !yield(text[:at], text[end:]) {
				return
			}
		}
	}
}

// inWord says that a character may be part of a user's name, or of a mail address.
func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
