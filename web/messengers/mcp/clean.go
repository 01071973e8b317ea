package mcp

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/web/messengers"
)

// Bounds of what others wrote, in characters.
const (
	maxTitle   = 300
	maxSummary = 1000
	maxFact    = 1000
	maxName    = 64
)

// comments are what stands in a text and nobody sees.
var comments = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)

// clean takes out of a text what a person does not see and a model reads: hidden
// signs, comments, signs that turn the order of others round. A picture in
// Markdown, which would be fetched unasked, becomes plain signs.
func clean(s string, most int) string {
	s = uncommented(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, s))
	s = messengers.Around(s, func(text string) string { return strings.ReplaceAll(text, "![", `!\[`) })
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return s[:messengers.Undivided(s, len(string([]rune(s)[:most-1])))] + "…"
}

// cleaned returns some texts clean.
func cleaned(texts []string, most int) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = clean(text, most)
	}
	return all
}

// uncommented takes comments out, but for what looks like one in an address.
func uncommented(s string) string {
	for at := 0; ; {
		found := comments.FindStringIndex(s[at:])
		if found == nil {
			return s
		}
		from := at + found[0]
		if at = from + 1; messengers.Undivided(s, from) == from {
			s, at = s[:from]+s[from+found[1]-found[0]:], from
		}
	}
}

// hidden says whether a sign is not seen. Those that join letters, and those that
// set a name apart from what runs the other way, are part of honest texts.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r >= 0x202A && r <= 0x202E, r == 0x200B, r >= 0x2060 && r <= 0x2064, r == 0xFEFF, r == 0x00AD, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return unicode.IsControl(r)
}

// cleanName returns the name of a fact as a name in JSON.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	return clean(s, maxName)
}

// cleanLink returns an address of the web; "" for any other.
func cleanLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsFunc(s, hidden) || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return s
}
