package sources

import (
	_ "embed" // tables.txt
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/what/textform"
)

// written is a date as it is written: what a clock showed, and what is said of
// the clock.
type written struct {
	// wall is the clock's time, as if it were UTC.
	wall time.Time
	// zone is all that stands behind the time: "+0530", "IST", "GMT+2", "".
	zone string
	// day says that there is no time of day; instant that wall is UTC by what
	// it is, a count of seconds.
	day, instant bool
	// slashed is a date whose day and month may be the other way round; short one
	// whose year may be its last part, which would be last.
	slashed bool
	last    time.Time
}

// maxDateBytes is more than any date takes.
const maxDateBytes = 160

// weekday is how one is written before a date, as is "sexta-feira" or "Mon.".
const weekday = `\p{L}+(?:-\p{L}+)?\.?`

var (
	isoDate     = regexp.MustCompile(`^(?:` + weekday + ` ?, ?)?(\d{4})[-/. ]+0?(\d{1,2})[-/. ]+(\d{1,2})(\D.*)?$`)
	isoNamed    = regexp.MustCompile(`^(\d{4})[-/. ]+(\p{L}+)[-/. ]+(\d{1,2})\.?(\D.*)?$`)
	isoWeek     = regexp.MustCompile(`^(\d{4})-?W(\d\d)(?:-?([1-7]))?(T.*)?$`)
	isoOrdinal  = regexp.MustCompile(`^(\d{4})-?(\d{3})(T.*)?$`)
	isoMonth    = regexp.MustCompile(`^(\d{4})(?:-(\d\d))?$`)
	isoShort    = regexp.MustCompile(`^(?:-(\d\d)-?(\d\d)|(\d\d)(\d\d)(\d\d)|(\d\d)-(\d\d)-(\d\d)|(\d\d)(\d{3}))$`)
	compactDate = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(\D.*)?$`)
	dayFirst    = regexp.MustCompile(`^(?:` + weekday + ` ?,? ?)?(\d{1,2})(?:st|nd|rd|th|er|\.|º|,)?[ /-]*(?:de )?(\p{L}+)\.?,?[ /-]*(?:de )?(\d{4}|\d\d)(\D.*)?$`)
	monthFirst  = regexp.MustCompile(`^(?:` + weekday + ` ?,? )??(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})(\D.*)?$`)
	yearLast    = regexp.MustCompile(`^(?:` + weekday + ` ?,? )??(\p{L}+)\.? (\d{1,2})( \d{1,2}:.{2,60}?) (\d{4})( .*)?$`)
	numbersOnly = regexp.MustCompile(`^(?:` + weekday + ` ?,? ?)?(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(\D.*)?$`)

	clock = regexp.MustCompile(`^(?:[Tt,:|@ ]| [-–·] |at |à |às |um |ab |om |a las |alle |kl\.? ?)*(\d{1,2})(?:(?:[:.hH]| [hH] ?)(\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?| ?([AaPp]\.?[Mm]\.?)| ?(?:Uhr|uur|[hH])\b)((?: ?[AaPp]\.?[Mm]\b\.?)?)(?: ?(?:Uhr|uur|[hH])\b)?(\D.*)?$`)
)

// readWritten takes a date apart. It is false for what is no date.
func readWritten(text string) (w written, ok bool) {
	if len(text) > 4*maxDateBytes {
		return written{}, false
	}
	text = strings.NewReplacer("−", "-", "\u2010", "-", "\u00A0", " ", "\u202F", " ", "\u200E", "").Replace(text)
	if text = strings.Join(strings.Fields(text), " "); text == "" || len(text) > maxDateBytes {
		return written{}, false
	}
	if at, ok := ParseUnixTime(text); ok {
		return written{wall: at, instant: true}, plausible(at)
	}
	text = weekdayBehind.ReplaceAllString(westernised(withoutWeekday(text)), "$1")
	for _, read := range []func(string) (written, bool){readYearFirst, readDayFirst, readYearLast, readMonthFirst, readNumbers, readISO, readShort} {
		if w, ok := read(text); ok {
			return w, plausible(w.wall)
		}
	}
	return written{}, false
}

// count is what may count the time since 1970, in whole or broken parts.
var count = regexp.MustCompile(`^(?:\d{9,19}(?:\.\d{1,9})?|\d\.\d{1,18}[eE]\+?\d{1,2})$`)

// ParseUnixTime reads seconds, milliseconds, microseconds or nanoseconds since 1970. What
// lies between them is a date that is written without signs.
func ParseUnixTime(text string) (time.Time, bool) {
	if !count.MatchString(text) {
		return time.Time{}, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return time.Time{}, false
	}
	const thousand = 1000
	switch {
	case n >= 3e8 && n <= 1e11:
		n *= thousand
	case n > 1e11 && n <= 1e13:
	case n >= 1e15 && n < 1e16:
		n /= thousand
	case n >= 1e18 && n < 1e19:
		n /= thousand * thousand
	default:
		return time.Time{}, false
	}
	return time.UnixMilli(int64(n)).UTC(), true
}

// eastern are dates of Korea, China and Japan: year, month and day each with its
// sign, and the half of the day before the clock.
var (
	easternDay  = regexp.MustCompile(`^(\d{4}) ?[년年] ?(\d{1,2}) ?[월月] ?(\d{1,2}) ?[일日号號](?: ?\([^)]*\)| ?\p{L}{1,3}요일| ?星期\p{L}| ?\p{L}曜日?)?`)
	easternHalf = regexp.MustCompile(` ?(오전|오후|上午|下午|午前|午後) ?(\d{1,2}[:시時点點][^ +Z]*)`)
	easternTime = regexp.MustCompile(`(\d{1,2}) ?[시時点點] ?(\d{1,2}) ?[분分](?: ?(\d{1,2}) ?[초秒])?`)
)

// weekdayBehind is the day of the week where it stands behind the year, as in Turkey.
var weekdayBehind = regexp.MustCompile(`(?i)( \d{4}),? (?:pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)$`)

// weekdayBeside is a word in brackets beside a date.
var weekdayBeside = regexp.MustCompile(` ?\((\p{L}+(?:-\p{L}+)?)\.?\)`)

// withoutWeekday returns a date without the day of the week that stands in brackets beside it.
func withoutWeekday(text string) string {
	m := weekdayBeside.FindStringSubmatch(text)
	if len(m) == 0 || len(weekdaysIn(m[1]+". ")) == 0 {
		return text
	}
	return strings.TrimSpace(strings.Replace(text, m[0], "", 1))
}

// westernised returns a date of East Asia in the order of ISO 8601; any other as it
// is.
func westernised(text string) string {
	text = easternDay.ReplaceAllString(text, "$1-$2-$3 ")
	text = easternTime.ReplaceAllString(text, "$1:$2:0$3")
	text = easternHalf.ReplaceAllStringFunc(text, func(s string) string {
		m := easternHalf.FindStringSubmatch(s)
		if slices.Contains([]string{"오전", "上午", "午前"}, m[1]) {
			return " " + m[2] + " am"
		}
		return " " + m[2] + " pm"
	})
	return strings.Join(strings.Fields(text), " ")
}

// readISO reads the weeks and days of a year by ISO 8601, and a year or month
// alone, which is its beginning.
func readISO(text string) (written, bool) {
	if m := isoWeek.FindStringSubmatch(text); m != nil {
		fourth := time.Date(ParseNumber(m[1]), 1, 4, 0, 0, 0, 0, time.UTC)
		monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
		day := monday.AddDate(0, 0, 7*(ParseNumber(m[2])-1)+max(ParseNumber(m[3]), 1)-1)
		if year, week := day.ISOWeek(); year != ParseNumber(m[1]) || week != ParseNumber(m[2]) {
			return written{}, false // a year without such a week
		}
		return assemble(strconv.Itoa(day.Year()), int(day.Month()), strconv.Itoa(day.Day()), m[4])
	}
	if m := isoOrdinal.FindStringSubmatch(text); m != nil {
		return ordinal(ParseNumber(m[1]), ParseNumber(m[2]), m[3])
	}
	m := isoMonth.FindStringSubmatch(text)
	if m == nil {
		return written{}, false
	}
	return assemble(m[1], max(ParseNumber(m[2]), 1-len(m[2])), "1", "")
}

func ordinal(year, day int, rest string) (written, bool) {
	at := time.Date(year, 1, day, 0, 0, 0, 0, time.UTC)
	if day < 1 || at.Year() != year {
		return written{}, false
	}
	return assemble(strconv.Itoa(year), int(at.Month()), strconv.Itoa(at.Day()), rest)
}

// readShort reads what ISO 8601 had of years of two digits.
func readShort(text string) (written, bool) {
	m := isoShort.FindStringSubmatch(text)
	switch {
	case m == nil:
		return written{}, false
	case m[1] != "":
		return assemble(m[1], ParseNumber(m[2]), "1", "")
	case m[3] != "":
		return assemble(m[3], ParseNumber(m[4]), m[5], "")
	case m[9] != "":
		return ordinal(2000+ParseNumber(m[9]), ParseNumber(m[10]), "")
	}
	w, ok := assemble(m[6], ParseNumber(m[7]), m[8], "")
	w.last = time.Date(2000+ParseNumber(m[8]), 1, 1, 0, 0, 0, 0, time.UTC)
	return w, ok
}

func readYearFirst(text string) (written, bool) {
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return assemble(m[1], ParseNumber(m[2]), m[3], m[4])
	}
	if m := isoNamed.FindStringSubmatch(text); m != nil {
		return assemble(m[1], monthNumber(m[2]), m[3], m[4])
	}
	m := compactDate.FindStringSubmatch(text)
	if m == nil {
		return written{}, false
	}
	if m[4] != "" {
		m[7] = " " + m[4] + ":" + m[5] + ":" + strconv.Itoa(ParseNumber(m[6])) + m[7]
	}
	return assemble(m[1], ParseNumber(m[2]), m[3], m[7])
}

func readDayFirst(text string) (written, bool) {
	m := dayFirst.FindStringSubmatch(text)
	if m == nil {
		return written{}, false
	}
	if len(m[3]) == 2 && strings.HasPrefix(m[4], ":") {
		return written{}, false // "20 Nov 14:02" has an hour and no year
	}
	return assemble(m[3], monthNumber(m[2]), m[1], m[4])
}

func readMonthFirst(text string) (written, bool) {
	m := monthFirst.FindStringSubmatch(text)
	if m == nil {
		return written{}, false
	}
	return assemble(m[3], monthNumber(m[1]), m[2], m[4])
}

// readYearLast reads "Mon Jan 2 15:04:05 MST 2006".
func readYearLast(text string) (written, bool) {
	m := yearLast.FindStringSubmatch(text)
	if m == nil {
		return written{}, false
	}
	return assemble(m[4], monthNumber(m[1]), m[2], m[3]+m[5])
}

// readNumbers reads "2.1.2006 15:04". Between dots the day stands first; else
// a number above twelve tells, or nothing does.
func readNumbers(text string) (written, bool) {
	m := numbersOnly.FindStringSubmatch(text)
	if m == nil {
		return written{}, false
	}
	first, second := ParseNumber(m[1]), ParseNumber(m[3])
	if second > 12 && m[2] != "." {
		return assemble(m[4], first, m[3], m[5])
	}
	w, ok := assemble(m[4], second, m[1], m[5])
	w.slashed = m[2] != "." && first <= 12 && first != second
	return w, ok
}

// swapDayMonth returns a date of numbers with day and month the other way round.
func (w written) swapDayMonth() written {
	at := w.wall
	w.wall = time.Date(at.Year(), time.Month(at.Day()), int(at.Month()), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	return w
}

// assemble makes a date of its parts; rest is the clock and its zone.
func assemble(year string, month int, day, rest string) (written, bool) {
	y, d := ParseNumber(year), ParseNumber(day)
	if len(year) == 2 {
		if y += 2000; y >= 2069 {
			y -= 100
		}
	}
	if month < 1 || month > 12 || d < 1 {
		return written{}, false
	}
	midnight := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	if midnight.Day() != d {
		return written{}, false // a 31st of June is a mistake, not the first of July
	}
	w := written{zone: trimZone(rest)}
	m := clock.FindStringSubmatch(rest)
	if m == nil {
		w.wall, w.day = midnight, true
		// What follows must then be a zone, not a clock that cannot be read.
		return w, w.zone == "" || parseZone(w.zone).isKnown() && !bareNumber.MatchString(w.zone)
	}
	hour, minute, second := ParseNumber(m[1]), ParseNumber(m[2]), ParseNumber(m[3])
	hour, ok := halved(hour, m[4]+strings.TrimSpace(m[5]))
	if !ok || hour > 24 || minute > 59 || second > 60 || hour == 24 && minute+second > 0 {
		return written{}, false
	}
	w.zone = trimZone(m[6])
	w.wall = midnight.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(min(second, 59))*time.Second)
	return w, true
}

// bareNumber behind a day is one number too many, and no zone.
var bareNumber = regexp.MustCompile(`^-\d{1,2}$`)

// trimZone cuts off what parts a zone from its clock.
func trimZone(text string) string {
	text = strings.Trim(text, " ,;")
	if len(text) > 1 && text[0] == ':' && (text[1] == '+' || text[1] == '-') {
		return text[1:]
	}
	return text
}

// halved returns the hour of the day by its half, "am" or "pm", if one is given.
func halved(hour int, half string) (int, bool) {
	switch {
	case half == "":
		return hour, true
	case hour < 1 || hour > 12:
		return hour, hour <= 24 && hour > 12
	case half[0] == 'p' || half[0] == 'P':
		return hour%12 + 12, true
	}
	return hour % 12, true
}

// ParseNumber returns the whole number that a text is, or 0 if it is none.
func ParseNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// plausible keeps out the zero dates of databases and the like.
func plausible(at time.Time) bool { return at.Year() > 1980 && at.Year() < 2200 }

//go:embed tables.txt
var tableText string

var (
	tables = textform.Keyed(tableText)
	months = textform.ByWord(tableText, "months")
)

// monthNumber returns the month of a name, whole or shortened, in the languages
// that feeds write dates in; zero for any other word.
func monthNumber(name string) int { return ParseNumber(months[strings.ToLower(name)]) }
