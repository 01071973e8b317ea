package discord

import (
	"regexp"
	"strings"

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

// cutAt is the best place to divide set text within so many units: never within
// an escape or a link.
func cutAt(s string, most int) int {
	inside, escaped := false, false
	return messengers.BreakMarked(s, most, func(r rune) bool {
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
		return inside || escaped
	})
}
