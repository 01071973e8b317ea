package pull

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// label is the editor's text before a part: in the reader's language, else in
// the publisher's default one, else "".
func (s *sheet) label(p catalogue.Part) string {
	for _, l := range []string{s.language, s.edition.Languages[0]} {
		if text := strings.TrimSpace(p.Label.In(l)); text != "" {
			return text
		}
	}
	return ""
}

// factLabel is never empty: a bare number says nothing.
func (s *sheet) factLabel(p catalogue.Part) string {
	if text := s.label(p); text != "" {
		return text
	}
	return FactLabel(p.Show, append([]string{s.language}, s.edition.Languages...)...)
}

// FactLabel is what a fact is called in the first of the languages in which
// readers are served, if the service knows a word for it, else its name made
// readable.
func FactLabel(name string, languages ...string) string {
	if key := "label." + name; words.Core().Has(key) {
		for _, l := range languages {
			if words.Serves(l) {
				return words.Core().Say(l, key, nil)
			}
		}
	}
	return readable(name)
}

// readable makes words of a name: "rest_minutes" is "Rest", since the value
// tells the unit.
func readable(name string) string {
	text := strings.Join(strings.FieldsFunc(strings.TrimSuffix(name, minutesSuffix), func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || unicode.IsSpace(r)
	}), " ")
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return name
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
