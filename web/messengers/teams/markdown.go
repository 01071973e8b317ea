package teams

import (
	"regexp"
	"strings"

	"keypull/web/messengers"
)

// markdown is Teams' own, as far as all of its clients show it.
var markdown = messengers.Markup{
	Name: "markdown", Bold: [2]string{"**", "**"}, Italic: [2]string{"_", "_"}, Link: "[{text}]({url})",
	Escape: literal, EscapeURL: address,
}

// signs are those that markdown and HTML have a meaning for. A line ends only
// where two spaces, or another line end, stand before.
var signs = strings.NewReplacer(
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "#", `\#`, "|", `\|`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "\n\n", "\n\n", "\n", "  \n",
)

// addresses are written so that nothing of them ends a link or begins emphasis.
var addresses = strings.NewReplacer(
	`\`, "%5C", "*", "%2A", "~", "%7E", "`", "%60", "[", "%5B", "]", "%5D", "(", "%28", ")", "%29", "|", "%7C", `"`, "%22", "<", "%3C", ">", "%3E",
)

// emphasis is where "_" begins or ends it: not within a word.
var emphasis = regexp.MustCompile(`(^|[^\pL\pN])_+|_+([^\pL\pN]|$)`)

func address(s string) string {
	return emphasis.ReplaceAllStringFunc(addresses.Replace(s), func(found string) string { return strings.ReplaceAll(found, "_", "%5F") })
}

// heads make a list, a rule or a heading of the line that they begin.
var heads = regexp.MustCompile(`(?m)^(\s{0,3})(?:([-+=])|(\d{1,9})(\.))`)

// literal writes text so that none of it is taken for markup.
func literal(s string) string { return heads.ReplaceAllString(signs.Replace(s), `$1$3\$2$4`) }
