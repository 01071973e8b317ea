package pull

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
)

// minutesSuffix ends the names of facts that count minutes.
const minutesSuffix = "_minutes"

// factValue words a fact for the reader. A number carries its unit, "price" that
// of "currency" and any other that of the fact of its name and "_unit", unless
// the editor shows the unit by itself.
func (s *sheet) factValue(f what.Fact, all what.Facts) string {
	text := strings.TrimSpace(f.Text)
	switch f.Kind {
	case what.Integer:
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && strings.HasSuffix(f.Name, minutesSuffix) {
			return words.Duration(s.language, n)
		}
		return s.withUnit(groupedInteger(text, s.language), f.Name, all)
	case what.Decimal:
		return s.withUnit(plusSign(f.Name, text)+words.Number(s.language, text), f.Name, all)
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return when.Moment(at, s.at, s.zone, s.language)
	}
	return text
}

// plusSign returns the plus before a change for the better.
func plusSign(name, text string) string {
	if name != "change" || strings.HasPrefix(text, "-") || strings.Trim(text, "0.") == "" {
		return ""
	}
	return "+"
}

func (s *sheet) withUnit(number, name string, all what.Facts) string {
	unit := name + "_unit"
	if name == "price" {
		unit = "currency"
	}
	text := all.Text(unit)
	if number == "" || text == "" || s.showsPart(unit) {
		return number
	}
	return number + " " + text
}

// groupedInteger groups from five digits on: four may be a year.
func groupedInteger(text, language string) string {
	if len(strings.TrimPrefix(text, "-")) < 5 {
		return text
	}
	return words.Number(language, text)
}

// partLabel returns the editor's text before a part: in the reader's language, else in
// the publisher's default one, else "".
func (s *sheet) partLabel(p catalogue.Part) string {
	for _, l := range []string{s.language, s.edition.Languages[0]} {
		if text := strings.TrimSpace(p.Label.In(l)); text != "" {
			return text
		}
	}
	return ""
}

// factLabel is never empty: a bare number says nothing.
func (s *sheet) factLabel(p catalogue.Part) string {
	if text := s.partLabel(p); text != "" {
		return text
	}
	return FactLabel(p.Show, append([]string{s.language}, s.edition.Languages...)...)
}

// FactLabel returns what a fact is called in the first of the languages in which
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
	return readableName(name)
}

// readableName makes words of a name: "rest_minutes" is "Rest", since the value
// tells the unit.
func readableName(name string) string {
	text := strings.Join(strings.FieldsFunc(strings.TrimSuffix(name, minutesSuffix), func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || unicode.IsSpace(r)
	}), " ")
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return name
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
