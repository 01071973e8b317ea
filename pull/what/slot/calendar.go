package slot

import (
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull/what/textform"
)

// calendar is calendarWords made ready: folded words and what they mean.
type calendar struct {
	offsets          map[string]int
	weekdays, months map[string]int
	in, ago          map[string]bool
	days, weeks      map[string]bool
	next, filler     map[string]bool
}

var calendarTables = sync.OnceValue(func() map[string]*calendar {
	tables := map[string]*calendar{}
	for language, w := range calendars {
		c := &calendar{
			offsets: map[string]int{}, weekdays: numbered(w.weekdays, 0), months: numbered(w.months, 1),
			in: foldedSet(w.in), ago: foldedSet(w.ago), days: foldedSet(w.days), weeks: foldedSet(w.weeks), next: foldedSet(w.next), filler: foldedSet(w.filler),
		}
		for i, phrases := range w.offsets {
			for phrase := range strings.SplitSeq(phrases, ",") {
				if form := textform.FoldNormal(textform.Normal(phrase)); form != "" {
					c.offsets[form] = i - 2
				}
			}
		}
		tables[language] = c
	}
	return tables
})

// isNoDateWord tells most messages from dates at once: a word that no calendar
// knows, in letters that are not written together with others.
func isNoDateWord(word string) bool {
	return textform.IsASCII(word) && !isDigits(word) && !dateWords()[word]
}

// dateWords is the set of the folded words of all calendars.
var dateWords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for word := range spokenNumbers() {
		all[word] = true
	}
	for _, c := range calendarTables() {
		for phrase := range c.offsets {
			for word := range strings.FieldsSeq(spaced(phrase)) {
				all[word] = true
			}
		}
		for _, names := range []map[string]int{c.weekdays, c.months} {
			for word := range names {
				all[word] = true
			}
		}
		for _, set := range []map[string]bool{c.in, c.ago, c.days, c.weeks, c.next, c.filler} {
			maps.Copy(all, set)
		}
	}
	return all
})

func numbered(texts string, from int) map[string]int {
	table := map[string]int{}
	if texts == "" {
		return table
	}
	for i, names := range strings.Split(texts, "|") {
		for _, name := range strings.Fields(names) {
			for _, form := range textform.FoldsNormal(textform.Normal(name)) {
				table[form] = i + from
			}
		}
	}
	return table
}

func foldedSet(texts string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(texts) {
		for part := range strings.FieldsSeq(textform.FoldNormal(textform.Normal(word))) {
			set[part] = true
		}
	}
	return set
}

// read reads a date in the words of one language. Readers of another language
// do not mean its short words.
func (c *calendar) read(folded string, words []string, today time.Time, own bool) (time.Time, bool) {
	if !own && guarded(folded) {
		return time.Time{}, false
	}
	if n, ok := c.offsets[folded]; ok {
		return today.AddDate(0, 0, n), true
	}
	if day, ok := c.weekday(words, today); ok {
		return day, true
	}
	if day, ok := c.away(words, today); ok {
		return day, true
	}
	return c.named(words, today)
}

// weekday reads the name of a day with nothing but small words around it. The
// next Friday is never today.
func (c *calendar) weekday(words []string, today time.Time) (time.Time, bool) {
	found, next := -1, false
	for _, word := range words {
		day, ok := c.weekdays[word]
		if !ok {
			word, next = c.ahead(word, next)
			day, ok = c.weekdays[word]
		}
		switch {
		case ok && found < 0:
			found = day
		case c.next[word]:
			next = true
		case word != "" && !c.filler[word]:
			return time.Time{}, false
		}
	}
	if found < 0 {
		return time.Time{}, false
	}
	away := (found - int(today.Weekday()) + 7) % 7
	if next && away == 0 {
		away = 7
	}
	return today.AddDate(0, 0, away), true
}

// ahead takes a word for next off a name that it is written to.
func (c *calendar) ahead(word string, next bool) (rest string, isNext bool) {
	for n := range c.next {
		if rest, ok := strings.CutPrefix(word, n); ok && rest != "" && !textform.IsASCII(n) {
			return rest, true
		}
		if rest, ok := strings.CutSuffix(word, n); ok && rest != "" && !textform.IsASCII(n) {
			return rest, true
		}
	}
	return word, next
}

// away reads a number of days or weeks from today: in 3 days, 3日後.
func (c *calendar) away(words []string, today time.Time) (time.Time, bool) {
	number, unit, sign := -1, 0, 0
	for _, word := range words {
		n, isNumber := spokenNumbers()[word]
		if !isNumber && isDigits(word) && len(word) <= 4 {
			n, _ = strconv.Atoi(word)
			isNumber = true
		}
		known := isNumber && number < 0
		if known {
			number = n
		}
		switch {
		case c.days[word]:
			unit, known = max(unit, 1), true
		case c.weeks[word]:
			unit, known = 7, true
		}
		switch {
		case c.ago[word]:
			sign, known = -1, true
		case c.in[word]:
			sign, known = 1, true
		}
		if !known && !c.filler[word] {
			return time.Time{}, false
		}
	}
	if number < 0 || unit == 0 || sign == 0 || number*unit > maxAway {
		return time.Time{}, false
	}
	return today.AddDate(0, 0, sign*number*unit), true
}

// named reads a day and the name of its month, with or without a year.
func (c *calendar) named(words []string, today time.Time) (time.Time, bool) {
	day, month, year := 0, 0, 0
	for _, word := range words {
		m, isMonth := c.months[word]
		n, err := strconv.Atoi(word)
		_, isWeekday := c.weekdays[word]
		switch {
		case err == nil && len(word) <= 2 && day == 0:
			day = n
		case err == nil && len(word) == 4 && year == 0:
			year = n
		case isMonth && month == 0:
			month = m
		case !c.filler[word] && !isWeekday:
			return time.Time{}, false
		}
	}
	switch {
	case day == 0 || month == 0:
		return time.Time{}, false
	case year == 0:
		return comingDay(month, day, today)
	default:
		return exactDay(year, month, day)
	}
}
