package sources

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"keypull/pull/what/textform"
)

// Clean makes text fit to be shown: valid UTF-8 in composed form (NFC), no
// control characters but line feeds, none of the marks that turn the direction
// of the text around them, no invisible ones but joiners, no more than one
// empty line in a row, no space at the ends of lines.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = breaks.Replace(s)
	s = norm.NFC.String(strings.Map(shown, s))
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// isClean spares most texts the work: printable ASCII without double breaks.
func isClean(s string) bool {
	return s == strings.TrimSpace(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func shown(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t', r == '\u00A0':
		return ' '
	case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
		return -1
	case r == '\u200B', r == '\u2060', r == '\uFEFF', r == '\u00AD':
		return -1
	}
	return r
}

// Signless returns the letters and digits of a text alone.
func Signless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// Line is Plain on one line.
func Line(s string) string { return strings.Join(strings.Fields(Plain(s)), " ") }

// LanguageTag returns the BCP 47 tag of a language as documents write it, or "" if it is
// none: some write its name.
func LanguageTag(written string) string {
	tag, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(written), "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// Shorten cuts text to at most limit runes: see textform.ShortenText.
func Shorten(text string, limit int) string { return textform.ShortenText(text, limit) }
