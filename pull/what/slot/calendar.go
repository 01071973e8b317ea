package slot

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// calendar holds the words of dates of one language, folded, and what they mean.
type calendar struct {
	// offsets are days from today, weekdays begin with Sunday as 0, months with
	// January as 1.
	offsets, weekdays, months map[string]int
	// in and ago stand with a number of days or weeks, next and last with a weekday;
	// filler says nothing.
	in, ago, days, weeks, next, last, filler map[string]bool
}

// dayOffsets are the sections of days that have a name of their own, and how far
// from today they are.
var dayOffsets = map[string]int{"before-yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "after-tomorrow": 2}

var calendarTables = sync.OnceValue(func() map[string]*calendar {
	tables := map[string]*calendar{}
	for _, tag := range languages.Tags() {
		c := &calendar{
			offsets: map[string]int{}, weekdays: map[string]int{}, months: map[string]int{}, in: map[string]bool{}, ago: map[string]bool{},
			days: map[string]bool{}, weeks: map[string]bool{}, next: map[string]bool{}, last: map[string]bool{}, filler: map[string]bool{},
		}
		if c.fill(tag); len(c.weekdays) > 0 {
			tables[tag] = c
		}
	}
	return tables
})

// fill reads the words of one language.
func (c *calendar) fill(tag string) {
	sets := map[string]map[string]bool{"in": c.in, "ago": c.ago, "days": c.days, "weeks": c.weeks, "next": c.next, "last": c.last, "filler": c.filler}
	weekday, month := 0, 1
	for section, line := range languages.Lines(tag, "slots.txt") {
		switch section {
		case "weekdays":
			number(c.weekdays, line, weekday)
			weekday++
		case "months":
			number(c.months, line, month)
			month++
		case "numbers":
		default:
			if away, ok := dayOffsets[section]; ok {
				c.offsets[textform.Fold(line)] = away
				continue
			}
			for word := range strings.FieldsSeq(textform.Fold(line)) {
				sets[section][word] = true
			}
		}
	}
}

// number gives the names of a line a number. A hyphen stands between the words of a name that has two.
func number(table map[string]int, line string, n int) {
	for name := range strings.FieldsSeq(line) {
		for _, form := range textform.Folds(strings.ReplaceAll(name, "-", " ")) {
			table[form] = n
		}
	}
}

// isNoDateWord tells most messages from dates at once: a word that no calendar
// knows, and that is not written together with one for next.
func isNoDateWord(word string) bool {
	if isDigits(word) || dateWords()[word] {
		return false
	}
	return textform.IsASCII(word) || !slices.ContainsFunc(writtenNext(), func(n string) bool {
		return strings.HasPrefix(word, n) || strings.HasSuffix(word, n)
	})
}

// writtenNext lists the words for next and last that are written together with a day.
var writtenNext = sync.OnceValue(func() (all []string) {
	for _, c := range calendarTables() {
		for _, set := range []map[string]bool{c.next, c.last} {
			for n := range set {
				if !textform.IsASCII(n) {
					all = append(all, n)
				}
			}
		}
	}
	return all
})

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
			for name := range names {
				for word := range strings.FieldsSeq(name) {
					all[word] = true
				}
			}
		}
		for _, set := range []map[string]bool{c.in, c.ago, c.days, c.weeks, c.next, c.last, c.filler} {
			maps.Copy(all, set)
		}
	}
	return all
})

// read reads a date in the words of one language. Readers of another language
// do not mean its short words.
func (c *calendar) read(folded string, words []string, today time.Time, own bool) (time.Time, bool) {
	if !own && guarded(folded) {
		return time.Time{}, false
	}
	if n, ok := c.offsets[folded]; ok {
		return today.AddDate(0, 0, n), true
	}
	if n, ok := c.offsets[strings.Join(c.withoutFillers(words), " ")]; ok {
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

// withoutFillers returns words without the small ones before them: "until tomorrow".
func (c *calendar) withoutFillers(words []string) []string {
	for len(words) > 1 && c.filler[words[0]] {
		words = words[1:]
	}
	return words
}

// weekday reads the name of a day with nothing but small words around it. The
// next Friday is never today, and neither is the last.
func (c *calendar) weekday(words []string, today time.Time) (time.Time, bool) {
	found, next, last := -1, false, false
	for i := 0; i < len(words); i++ {
		word := words[i]
		day, ok := c.weekdays[word]
		if i+1 < len(words) {
			if two, isName := c.weekdays[word+" "+words[i+1]]; isName {
				day, ok, i = two, true, i+1
			}
		}
		if !ok {
			if word, next = withoutJoined(word, c.next, next); word == words[i] {
				word, last = withoutJoined(word, c.last, last)
			}
			day, ok = c.weekdays[word]
		}
		switch {
		case ok && found < 0:
			found = day
		case c.next[word]:
			next = true
		case c.last[word]:
			last = true
		case word != "" && !c.filler[word]:
			return time.Time{}, false
		}
	}
	if found < 0 {
		return time.Time{}, false
	}
	away := (found - int(today.Weekday()) + 7) % 7
	switch {
	case last:
		away -= 7
	case next && away == 0:
		away = 7
	}
	return today.AddDate(0, 0, away), true
}

// withoutJoined takes the longest of some words off a name that it is written to; said is whether
// one of them was said.
func withoutJoined(word string, set map[string]bool, before bool) (rest string, said bool) {
	rest, said = word, before
	for n := range set {
		name, ok := strings.CutPrefix(word, n)
		if !ok {
			name, ok = strings.CutSuffix(word, n)
		}
		if ok && name != "" && !textform.IsASCII(n) && len(name) < len(rest) {
			rest, said = name, true
		}
	}
	return rest, said
}

// away reads a number of days or weeks from today: in 3 days, 3日後.
func (c *calendar) away(words []string, today time.Time) (time.Time, bool) {
	number, unit, sign := -1, 0, 0
	for _, word := range words {
		n, isNumber := spokenNumbers()[word]
		// Another language's number may be a word of this one: en, o.
		isNumber = isNumber && !c.in[word] && !c.ago[word] && !c.filler[word]
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
