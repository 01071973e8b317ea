package slot

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"keypull/pull/what/languages"
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

// leapDay is a day from which every day of a year is still to come.
var leapDay = time.Date(2028, time.January, 1, 0, 0, 0, 0, time.UTC)

// Fits reports whether a text can be a value of a slot, whatever the day
// and the language.
func Fits(kind Kind, text string) bool {
	_, ok := Parse(kind, text, leapDay)
	return ok
}

// languageTable maps the normal and folded names of languages, and their base
// tags, to base tags.
var languageTable = sync.OnceValue(func() map[string]string {
	table := map[string]string{"no": "nb", "nn": "nb", "cn": "zh", "jp": "ja", "gr": "el", "ua": "uk", "cz": "cs", "kr": "ko", "vn": "vi"}
	each := func(f func(form, tag string)) {
		for _, tag := range languages.Tags() {
			for section, name := range languages.Lines(tag, "names.txt") {
				if section == "names" {
					f(tag, tag)
					f(textform.Normal(name), tag)
				}
			}
		}
	}
	each(func(form, tag string) { table[form] = tag })
	each(func(form, tag string) {
		for _, f := range textform.FoldsNormal(form) {
			if _, taken := table[f]; !taken {
				table[f] = tag
			}
		}
	})
	return table
})

// languageFrames are the folded words around the name of a language: "in French",
// "langue française", "ภาษาไทย".
var languageFrames = sync.OnceValue(func() []string {
	var frames []string
	for _, tag := range languages.Tags() {
		for section, word := range languages.Lines(tag, "names.txt") {
			if section == "frames" {
				frames = append(frames, textform.FoldNormal(textform.Normal(word)))
			}
		}
	}
	return frames
})

func parseLanguage(text string) (string, bool) {
	table := languageTable()
	normal := textform.Normal(text)
	if tag, ok := table[normal]; ok {
		return tag, true
	}
	folded := textform.FoldNormal(normal)
	if tag, ok := table[folded]; ok {
		return tag, true
	}
	for _, frame := range languageFrames() {
		for _, rest := range []string{strings.TrimPrefix(folded, frame), strings.TrimSuffix(folded, frame)} {
			tag, ok := table[strings.TrimSpace(rest)]
			if ok && rest != folded && utf8.RuneCountInString(rest) > 2 {
				return tag, true
			}
		}
	}
	return "", false
}
