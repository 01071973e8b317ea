package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"

	"keypull/web/messengers"
)

// markdown is Discord's markup. An address in angle brackets is a link that is
// not followed for a preview.
//
//nolint:gochecknoglobals // a value that nobody changes
var markdown = messengers.Markup{
	Name: "markdown", Bold: [2]string{"**", "**"}, Italic: [2]string{"*", "*"}, Link: "[{text}]({url})",
	Escape: marked, EscapeURL: escapeURL,
}

//nolint:gochecknoglobals // values that nobody changes
var (
	signs = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`, "[", `\[`, "]", `\]`, "<", `\<`,
		"(", `\(`, ")", `\)`)
	brackets = strings.NewReplacer("<", "%3C", ">", "%3E", "(", "%28", ")", "%29", `\`, "%5C")
	// beginnings are what makes a line something else than a line.
	beginnings = regexp.MustCompile(`(?m)^(\s*)([->#+])`)
)

// marked writes text so that none of it is markup.
func marked(s string) string {
	return beginnings.ReplaceAllString(signs.Replace(s), `$1\$2`)
}

func escapeURL(s string) string { return "<" + brackets.Replace(s) + ">" }

// units counts text in UTF-16 units, of which there are never fewer than
// characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cutAt is the best place to divide set text within so many units: at ends of
// lines or words, and never within an escape or a link.
func cutAt(s string, most int) int {
	var line, space, whole int
	n, inside, escaped := 0, false, false
	for at, r := range s {
		if !inside && !escaped && at > 0 {
			whole = at
			switch {
			case r == '\n':
				line = at
			case unicode.IsSpace(r):
				space = at
			}
		}
		if n += utf16.RuneLen(r); n > most {
			break
		}
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '[' || r == '<':
			inside = true
		case r == '>':
			inside = false
		}
	}
	const quarter = 4
	switch {
	case line > whole/quarter:
		return line
	case space > 0:
		return space
	case whole > 0:
		return whole
	}
	return len(s) // a single link that is longer than all there is room for
}
