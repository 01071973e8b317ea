package httpjson

import (
	"strings"

	"keypull/web/messengers"
)

// length is that of a text on a screen of so many septets, and how much of such
// a text it holds: signs of the alphabet's extension count twice, and a single
// sign outside of it makes all of them wide.
func length(s string, most int) (n, room int) {
	const septet, wide = 7, 16 // bits
	if _, encoding := messengers.Segments(s); encoding == messengers.GSM7 {
		for _, r := range s {
			n++
			if strings.ContainsRune("^{}\\[~]|€", r) {
				n++
			}
		}
		return n, most
	}
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n, most * septet / wide
}

// withoutLinks drops the addresses of a text, which no telephone's dialogue can
// follow, and what only led to one.
func withoutLinks(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if !strings.Contains(line, "://") {
			lines = append(lines, line)
			continue
		}
		var kept []string
		for _, word := range strings.Fields(line) {
			if !strings.Contains(word, "://") {
				kept = append(kept, word)
			}
		}
		if rest := strings.Join(kept, " "); rest != "" && !strings.HasSuffix(rest, ":") {
			lines = append(lines, rest)
		}
	}
	return strings.Join(lines, "\n")
}

// marks are the signs of onScreen.
var marks = strings.NewReplacer("\x0e", "", "\x0f", "")

func plainScreen(s string) string { return messengers.Folded(marks.Replace(s)) }
