package pull

import (
	"strconv"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
)

// minutesSuffix ends the names of facts that count minutes.
const minutesSuffix = "_minutes"

// value words a fact for the reader. A number carries its unit, "price" that
// of "currency" and any other that of the fact of its name and "_unit", unless
// the editor shows the unit by itself.
func (s *sheet) value(f what.Fact, all what.Facts) string {
	text := strings.TrimSpace(f.Text)
	switch f.Kind {
	case what.Integer:
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && strings.HasSuffix(f.Name, minutesSuffix) {
			return words.Duration(s.language, n)
		}
		return s.united(integer(text, s.language), f.Name, all)
	case what.Decimal:
		return s.united(signed(f.Name, text)+words.Number(s.language, text), f.Name, all)
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return when.Moment(at, s.at, s.zone, s.language)
	}
	return text
}

// signed is the plus before a change for the better.
func signed(name, text string) string {
	if name != "change" || strings.HasPrefix(text, "-") || strings.Trim(text, "0.") == "" {
		return ""
	}
	return "+"
}

func (s *sheet) united(number, name string, all what.Facts) string {
	unit := name + "_unit"
	if name == "price" {
		unit = "currency"
	}
	text := all.Text(unit)
	if number == "" || text == "" || s.ticks(unit) {
		return number
	}
	return number + " " + text
}

// integer groups from five digits on: four may be a year.
func integer(text, language string) string {
	if len(strings.TrimPrefix(text, "-")) < 5 {
		return text
	}
	return words.Number(language, text)
}
