package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// commandName is a word as a command may be called: letters and digits in lower
// case, hyphens between them; "" where it can't be, for it would not be
// understood.
func commandName(label string) string {
	var b strings.Builder
	for _, r := range label {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case unicode.In(r, unicode.Devanagari, unicode.Thai):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && !unicode.IsMark(r):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if utf8.RuneCountInString(name) > maxName || name == generic {
		return ""
	}
	return name
}
