package what

import (
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSlot bounds the typed value of a slot that is not text, in bytes.
const maxSlot = 120

// ParseSlot reads the value of a slot as a reader of these languages writes it,
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
func ParseSlot(kind Slot, text string, now time.Time, languages ...string) (value string, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || !utf8.ValidString(text) {
		return "", false
	}
	switch kind {
	case SlotDate, SlotNumber, SlotAmount, SlotLanguage:
		if len(text) > maxSlot {
			return "", false
		}
	}
	switch kind {
	case SlotDate:
		return parseDate(text, now, languages)
	case SlotNumber:
		return parseNumber(text, languages)
	case SlotAmount:
		return parseAmount(text, languages)
	case SlotLanguage:
		return parseLanguage(text)
	default:
		return text, true
	}
}

// leapDay is a day from which every day of a year is still to come.
var leapDay = time.Date(2028, time.January, 1, 0, 0, 0, 0, time.UTC)

// LooksLike reports whether a text can be a value of a slot, whatever the day
// and the language.
func LooksLike(kind Slot, text string) bool {
	_, ok := ParseSlot(kind, text, leapDay)
	return ok
}

// prepared unifies width and digits and takes the space and the signs around a
// value away. Unlike Normal it keeps what stands between digits.
func prepared(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case isInvisible(r) || unicode.Is(unicode.Mn, r) && r < 0x370:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case r == '\u2212':
			return '-'
		case r == '٫':
			return ','
		case r == '٬':
			return '\''
		case unicode.IsDigit(r):
			return plain(r)
		}
		return unified(r)
	}, norm.NFKC.String(text))
	return strings.Trim(strings.TrimSpace(text), "\"“”„«»:;!?¿¡。*_()[] ")
}

// languageTable maps the normal and folded names of languages, and their base
// tags, to base tags.
var languageTable = sync.OnceValue(func() map[string]string {
	table := map[string]string{"no": "nb", "nn": "nb", "cn": "zh", "jp": "ja", "gr": "el", "ua": "uk", "cz": "cs", "kr": "ko", "vn": "vi"}
	each := func(f func(form, tag string)) {
		for tag, names := range languageNames {
			f(tag, tag)
			for name := range strings.SplitSeq(names, "|") {
				f(Normal(name), tag)
			}
		}
	}
	each(func(form, tag string) { table[form] = tag })
	each(func(form, tag string) {
		for _, f := range folds(form) {
			if _, taken := table[f]; !taken {
				table[f] = tag
			}
		}
	})
	return table
})

// languageFrames are the words around the name of a language: "in French",
// "langue française", "ภาษาไทย".
var languageFrames = ends("in en auf em po на по in het langue idioma lingua sprache bahasa jezyk language язык ภาษา tieng اللغه بال بالل")

func parseLanguage(text string) (string, bool) {
	table := languageTable()
	normal := Normal(text)
	if tag, ok := table[normal]; ok {
		return tag, true
	}
	folded := fold(normal)
	if tag, ok := table[folded]; ok {
		return tag, true
	}
	for _, frame := range languageFrames {
		for _, rest := range []string{strings.TrimPrefix(folded, frame), strings.TrimSuffix(folded, frame)} {
			tag, ok := table[strings.TrimSpace(rest)]
			if ok && rest != folded && utf8.RuneCountInString(rest) > 2 {
				return tag, true
			}
		}
	}
	return "", false
}
