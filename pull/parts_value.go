package pull

import (
	"strconv"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/when"
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
			return duration(n, s.language)
		}
		return s.united(integer(text, s.language), f.Name, all)
	case what.Decimal:
		return s.united(signed(f.Name, text)+number(text, s.language), f.Name, all)
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
	return number(text, language)
}

// number writes a canonical number as the language does, with the very digits
// that the source wrote: 1,234.50 in English, 1.234,50 in German, and in
// French a comma and narrow spaces that do not break. What is no canonical
// number stays as it is.
func number(text, language string) string {
	digits, negative := strings.CutPrefix(text, "-")
	whole, rest, broken := strings.Cut(digits, ".")
	if !allDigits(whole) || broken && !allDigits(rest) {
		return text
	}
	group, point := ",", "."
	switch base(language) {
	case "fr":
		group, point = "\u202F", ","
	case "de":
		group, point = ".", ","
	}
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	if broken {
		b.WriteString(point + rest)
	}
	return b.String()
}

func allDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// duration is "1 h 20 min".
func duration(minutes int, language string) string {
	hour, minute := " h", " min"
	if base(language) == "de" {
		hour, minute = " Std.", " Min."
	}
	hours, rest := minutes/60, minutes%60
	switch {
	case hours == 0:
		return strconv.Itoa(rest) + minute
	case rest == 0:
		return strconv.Itoa(hours) + hour
	}
	return strconv.Itoa(hours) + hour + " " + strconv.Itoa(rest) + minute
}
