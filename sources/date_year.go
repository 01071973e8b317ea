package sources

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"keypull/pull/words"
)

// What stands before the year of a date that leaves it out, and what may stand behind:
// nothing, or the time of day.
var (
	dayNoYear     = regexp.MustCompile(`^(?:` + weekday + ` ?,? )?(?:(?:the|den|der|dem|am|le|el|il|la) )?(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?: de | of |[ /-])*(\p{L}+)\.?(.*)$`)
	monthNoYear   = regexp.MustCompile(`^((?:` + weekday + ` ?,? )??(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?)(.*)$`)
	numbersNoYear = regexp.MustCompile(`^((?:` + weekday + ` ?,? ?)?)(\d{1,2})([./])(\d{1,2})(\.?)((?:[ ,].*)?)$`)
	easternNoYear = regexp.MustCompile(`^(\d{1,2}) ?[월月] ?(\d{1,2}) ?[일日号號](.*)$`)
	clockBehind   = regexp.MustCompile(`^(?:$|[ ,:|·@–-]* ?(?:at |à |às |um |a las |alle |kl\.? ?|om |ab )?\d{1,2}(?:(?:[:.hH]| [hH] ?)\d{2}(?: ?[AaPp]\.?[Mm])?| ?(?:Uhr|uur|[hH]|[AaPp]\.?[Mm]))(?:\P{L}|$)|[ ,]*(?:\([^)]*\) ?)?[오上下午][전후午])`)
)

// hoursSpan is the time of day from which something lasts to another.
var hoursSpan = regexp.MustCompile(`\b(\d{1,2}(?:[:.hH]\d{2})?)(?: ?([AaPp]\.?[Mm]\.?|Uhr|uur|[hH]))?(?: ?[–—] ?| - | (?:to|till|until|bis|à|a|alle|tot|til) )\d{1,2}(?:[:.hH]\d{2})?(?: ?([AaPp]\.?[Mm]\.?|Uhr|uur|[hH]))?$`)

// SpanStart returns the beginning of what lasts from one hour to another: "10 – 17 Uhr"
// is "10 Uhr"; any other text as it is.
func SpanStart(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	m := hoursSpan.FindStringSubmatch(text)
	if m == nil || len(text) > maxDateBytes {
		return text
	}
	return strings.TrimSuffix(text, m[0]) + m[1] + " " + cmp.Or(m[2], m[3])
}

// daysSpan is what lasts from a day to another.
var daysSpan = regexp.MustCompile(`(?i)^(?:(?:du|vom|from|dal|dall'|del|desde(?: el)?|de|van|od|från|fra|с) ?)?(?:\p{L}{2,12}\.?,? )?(\d.*?) ?(?: (?:au|bis(?: zum)?|to|until|till|al|a|até|tot(?: en met)?|t/m|do|till?|til|по) | [-–—] |[–—])(?:\p{L}{2,12}\.?,? )?(\d.*)$`)

// twoDays are two days of one month, by the first and what stands between it and the second.
var twoDays = regexp.MustCompile(`(?i)^(?:\p{L}{2,12}\.?,? )?(\d{1,2})\.? ?(-|[&+/]| (?:and|und|et|e|y|en|och|og|i|a|ja|и|і|ve|és|și) ) ?(?:\p{L}{2,12}\.?,? )?((\d{1,2})\.? (?:de )?\p{L}.*)$`)

// dayAlone is a day without its month.
var dayAlone = regexp.MustCompile(`^\d{1,2}\.?`)

// Span returns from which day until which something lasts, where a text says both: "Du 12
// octobre 2026 au 28 février 2027", "5–7 December", "5 and 6 December". An end without its year is
// the first such day since a moment.
func (d *Dates) Span(text string, since time.Time) (from, until string, ok bool) {
	if len(text) > 2*maxDateBytes {
		return "", "", false
	}
	text = strings.Join(strings.Fields(text), " ")
	if m := daysSpan.FindStringSubmatch(text); m != nil {
		from, until = m[1], m[2]
	} else if m := twoDays.FindStringSubmatch(text); len(m) > 4 && (m[2] == "-" || ParseNumber(m[4]) == ParseNumber(m[1])+1) {
		from, until = m[1], m[3]
	} else {
		return "", "", false
	}
	until = AddYear(until, since)
	end, ok := d.Day(until)
	if !ok {
		return "", "", false
	}
	if dayAlone.FindString(from) == from {
		from += strings.TrimPrefix(until, dayAlone.FindString(until))
	}
	for _, year := range []string{"", " " + strconv.Itoa(end.Year()), " " + strconv.Itoa(end.Year()-1)} {
		if begin, isDay := d.Day(from + year); isDay && !begin.After(end) {
			return from + year, until, true
		}
	}
	return "", "", false
}

// LastDay returns the day of a text, of several the last one: without its year the one that is nearest.
func (d *Dates) LastDay(text string, now time.Time) time.Time {
	const short, half = 80, 6
	if len(text) > short || !strings.ContainsFunc(text, unicode.IsDigit) {
		return time.Time{}
	}
	since := now.AddDate(0, -half, 0)
	if _, until, ok := d.Span(text, since); ok {
		text = until
	}
	at, _ := d.Day(AddYear(SpanStart(text), since))
	return at
}

// PlainDates reads days of which nothing is known but what they say.
var PlainDates = NewDates(DateHints{Zone: time.UTC, Language: "en"})

// AreMost reports whether most of the texts that say something are of some kind.
func AreMost(texts []string, is func(string) bool) bool {
	said, fit := 0, 0
	for _, text := range texts {
		if text != "" {
			said++
			if is(text) {
				fit++
			}
		}
	}
	return said > 0 && fit*10 >= said*7
}

// AreComing reports whether most of some texts are days, and to come: most of them, or some where
// none has passed.
func AreComing(texts []string, now time.Time) bool {
	said, named, passed, coming := 0, 0, 0, 0
	dates := NewDates(DateHints{Zone: time.UTC, Language: "en-GB", Others: texts})
	for _, text := range texts {
		if text == "" {
			continue
		}
		said++
		at := dates.LastDay(text, now)
		switch {
		case at.IsZero():
			continue
		case at.After(now):
			coming++
		case at.Before(now.AddDate(0, 0, -1)):
			passed++
		}
		named++
	}
	return coming > 0 && (coming*10 >= said*7 || passed == 0 && named*10 >= said*7)
}

// AddYear returns a date that leaves out its year with the one that makes it the first
// such day from a moment on, of the day of the week that it names where that comes
// within two years; any other text as it is.
func AddYear(text string, from time.Time) string {
	if len(text) > maxDateBytes {
		return text
	}
	text = strings.Join(strings.Fields(text), " ")
	of := dayOfYear{from: from, weekdays: weekdaysIn(text)}
	if m := weekdayBeside.FindStringSubmatch(text); m != nil {
		of.weekdays, text = append(of.weekdays, weekdaysIn(m[1]+". ")...), withoutWeekday(text)
	}
	if m := easternNoYear.FindStringSubmatch(text); m != nil {
		if year, ok := of.year(ParseNumber(m[1]), m[2], m[3]); ok {
			return year + "年" + text
		}
	}
	if m := dayNoYear.FindStringSubmatch(text); m != nil {
		if year, ok := of.year(monthNumber(m[2]), m[1], m[3]); ok {
			return m[1] + " " + m[2] + " " + year + m[3]
		}
	}
	if m := monthNoYear.FindStringSubmatch(text); m != nil {
		if year, ok := of.year(monthNumber(m[2]), m[3], m[4]); ok {
			return m[1] + ", " + year + m[4]
		}
	}
	if m := numbersNoYear.FindStringSubmatch(text); m != nil {
		day, month := m[2], m[4]
		if m[3] == "/" && ParseNumber(month) > 12 {
			day, month = month, day
		}
		// "8.10" alone is a price or an hour, "1/2" a half, "10/10" the highest mark.
		padded := len(day) == 2 && len(month) == 2 && day != month
		sure := m[1] != "" || m[3] == "." && m[5] != "" || m[3] == "/" && (m[6] != "" || padded)
		if year, ok := of.year(ParseNumber(month), day, m[6]); ok && sure {
			return m[1] + m[2] + m[3] + m[4] + m[3] + year + m[6]
		}
	}
	return text
}

// dayOfYear is a day whose year is looked for from a moment on: one of some days of the week,
// of any where there are none.
type dayOfYear struct {
	from     time.Time
	weekdays []time.Weekday
}

// year returns the year of the first such day; false for what is no day, or has something else
// than a time behind it.
func (d dayOfYear) year(month int, day, behind string) (year string, ok bool) {
	const leap, soon = 8, 2
	if month < 1 || month > 12 || !clockBehind.MatchString(behind) {
		return "", false
	}
	for n := range leap + 1 {
		at := time.Date(d.from.Year()+n, time.Month(month), ParseNumber(day), 0, 0, 0, 0, d.from.Location())
		if at.Day() != ParseNumber(day) || at.Before(d.from) {
			continue
		}
		if year == "" {
			year = strconv.Itoa(at.Year())
		}
		if n <= soon && slices.Contains(d.weekdays, at.Weekday()) {
			return strconv.Itoa(at.Year()), true
		}
	}
	return year, year != ""
}

// weekdayFirst is the word that a date begins with, in three letters or more, or with a sign behind.
var weekdayFirst = regexp.MustCompile(`^(\p{L}{3,}(?:-\p{L}+)?|\p{L}{2}[.,])[., ]`)

// weekdaysIn returns the days of the week that the first word of a date may name, in some
// language: whole, or a beginning that no other day of that language has. Mar may be a month.
func weekdaysIn(text string) (all []time.Weekday) {
	m := weekdayFirst.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	word := strings.ToLower(strings.Trim(m[1], ".,"))
	if monthNumber(word) > 0 {
		return nil
	}
	for _, names := range weekdayNames() {
		if at := weekdayOf(word, names); at >= 0 {
			all = append(all, time.Weekday(at))
		}
	}
	return all
}

// weekdayOf returns which of the days of a language a word is, whole or as the beginning of no other; -1 for none.
func weekdayOf(word string, names []string) int {
	begins := func(name string) bool { return strings.HasPrefix(name, strings.ToLower(word)) }
	at := slices.IndexFunc(names, begins)
	if at < 0 || slices.ContainsFunc(names[at+1:], begins) {
		return -1
	}
	return at
}

// dayOfWeek is a day of the week alone, or with its number in the month.
var dayOfWeek = regexp.MustCompile(`^(\p{L}+(?:-\p{L}+)?)[.,:]?(?: (\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?)?$`)

// DayOfWeek returns the day of a text that names but a day of the week: the next one from a moment on, or, with its
// number in the month, the nearest that is at most a week ago. What means several days is that of the language.
func DayOfWeek(text string, now time.Time, language string) (day time.Time, ok bool) {
	const week, month = 7, 31
	if len(text) > maxDateBytes {
		return day, false
	}
	m := dayOfWeek.FindStringSubmatch(Line(text))
	if m == nil {
		return day, false
	}
	named := weekdaysIn(m[1] + ". ")
	if own := weekdayOf(m[1], weekdayNames()[words.Base(language)]); len(named) > 1 && own >= 0 {
		named = []time.Weekday{time.Weekday(own)}
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	from, to := 0, week-1
	if m[2] != "" {
		from, to = -week, month
	}
	for n := from; n <= to; n++ {
		day = today.AddDate(0, 0, n)
		if slices.Contains(named, day.Weekday()) && (m[2] == "" || day.Day() == ParseNumber(m[2])) {
			return day, true
		}
	}
	return time.Time{}, false
}

// weekdayNames are those of each language, Sunday first.
var weekdayNames = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, tag := range words.Readers() {
		var names []string
		for day := range 7 {
			names = append(names, strings.ToLower(words.Core().Fill(tag, "form.weekday_"+strconv.Itoa(day))))
		}
		all[words.Base(tag)] = names
	}
	return all
})
