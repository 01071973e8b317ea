package console

import (
	"strconv"
	"strings"

	"keypull/pull/what/textform"
)

// maxID is the length of an id; settings' check "id" holds it.
const maxID = 32

// slug writes a name in the letters that ids are made of; "" where none is
// left, as of a name in another script.
func slug(name string) string {
	var b strings.Builder
	for _, r := range textform.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxID {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// identify makes an id of what a thing is called, of otherwise where that
// gives none, with a number where somebody else has it.
func identify(name, otherwise string, taken func(id string) bool) string {
	base := slug(name)
	if base == "" {
		base = otherwise
	}
	id := base
	for n := 2; taken(id); n++ {
		number := "-" + strconv.Itoa(n)
		id = strings.TrimRight(base[:min(len(base), maxID-len(number))], "-") + number
	}
	return id
}
