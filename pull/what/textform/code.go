package textform

import (
	"strings"
	"unicode"
)

// IsCode reports whether a word is written in capitals, or has a digit.
func IsCode(text string) bool {
	upper := false
	for _, r := range text {
		switch {
		case unicode.IsLower(r), unicode.IsLetter(r) && !unicode.IsUpper(r):
			return strings.ContainsAny(text, "0123456789")
		case unicode.IsUpper(r) || '0' <= r && r <= '9':
			upper = true
		}
	}
	return upper
}
