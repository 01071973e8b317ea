package slot

import (
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// maxSlot bounds the typed value of a slot that is not text, in bytes.
const maxSlot = 120

// Parse reads the value of a slot as a reader of these languages writes it,
// most preferred first. The value is in one form whatever was typed:
//
//   - date: "2006-01-02" in now's location. A weekday is the next such day,
//     today among them, a day without a year the next such day of the year.
//   - number: a decimal with a point and without grouping, "-1234.5".
//   - amount: a decimal of that form and an ISO 4217 code, "12.50 EUR". A
//     number without a currency is none.
//   - language: a base tag, "fr".
//   - text, and any other kind: the text without space around it.
//
// It reports false where the text is no such value.
func Parse(kind Kind, text string, now time.Time, preferred ...string) (value string, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || !utf8.ValidString(text) {
		return "", false
	}
	switch kind {
	case Date, Number, Amount, Language:
		if len(text) > maxSlot {
			return "", false
		}
	}
	switch kind {
	case Date:
		return parseDate(text, now, preferred)
	case Number:
		return parseNumber(text, preferred)
	case Amount:
		return parseAmount(text, preferred)
	case Language:
		return parseLanguage(text)
	default:
		return text, true
	}
}

// ParsePast is Parse of a date of what has happened: a weekday is the last such day, today among
// them, and a day without a year the nearest.
func ParsePast(text string, now time.Time, preferred ...string) (value string, ok bool) {
	const week, before = 7, 6
	value, ok = Parse(Date, text, now, preferred...)
	day, _ := time.ParseInLocation(dateLayout, value, now.Location())
	if !ok || !day.After(now) {
		return value, ok
	}
	for _, from := range []time.Time{now.AddDate(0, 0, -before), now.AddDate(-1, 0, 1)} {
		// A weekday, or a day of the year, is the same whenever it is said; "tomorrow" is not.
		earlier, _ := Parse(Date, text, from, preferred...)
		switch was, _ := time.ParseInLocation(dateLayout, earlier, now.Location()); {
		case was.Equal(day.AddDate(0, 0, -week)) && day.Before(now.AddDate(0, 0, week)), was.AddDate(1, 0, 0).Equal(day) && now.Sub(was) < day.Sub(now):
			return earlier, true
		}
	}
	return value, true
}

// leapDay is a day from which every day of a year is still to come.
var leapDay = time.Date(2028, time.January, 1, 0, 0, 0, 0, time.UTC)

// Fits reports whether a text can be a value of a slot, whatever the day
// and the language.
func Fits(kind Kind, text string) bool {
	_, ok := Parse(kind, text, leapDay)
	return ok
}

func parseLanguage(text string) (string, bool) {
	table := languageTable()
	normal := textform.Normal(text)
	folded := textform.FoldNormal(normal)
	for _, form := range [...]string{normal, folded} {
		if tag := table.Find(form); tag != nil {
			return *tag, true
		}
	}
	for _, frame := range languageFrames() {
		for _, rest := range []string{strings.TrimPrefix(folded, frame), strings.TrimSuffix(folded, frame)} {
			if rest == folded || utf8.RuneCountInString(rest) <= 2 {
				continue
			}
			if tag := table.Find(strings.TrimSpace(rest)); tag != nil {
				return *tag, true
			}
		}
	}
	return "", false
}
