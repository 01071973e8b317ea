package slot

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// dateLayout is the canonical form of a date.
const dateLayout = time.DateOnly

// Years that a reader may mean.
const (
	minYear, maxYear = 1900, 2200
	// buddhist is how many years the calendar of Thailand is ahead.
	buddhist = 543
)

// maxAway bounds "in 3 days", in days.
const maxAway = 3660

func parseDate(text string, now time.Time, preferred []string) (string, bool) {
	today := dayOf(now.Year(), now.Month(), now.Day())
	text = withoutElided(textform.Figures(text))
	day, ok := numericDate(text, today, preferred)
	if !ok {
		day, ok = spokenDate(text, today, preferred)
	}
	if !ok || day.Year() < minYear || day.Year() > maxYear {
		return "", false
	}
	return day.Format(dateLayout), true
}

// withoutElided takes an article off a number that it is written to: l'8 dicembre.
func withoutElided(text string) string {
	number := strings.IndexFunc(text, isDigit)
	if number < 0 {
		return text
	}
	article := strings.TrimRight(text[:number], "'’")
	if article == "" || len(article) == number || strings.ContainsFunc(article, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return text
	}
	return text[number:]
}

// dayOf counts in UTC, where every day has 24 hours.
func dayOf(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// numericDate reads digits: 12.05., 24/12, 2026-12-24, 12月24日.
func numericDate(text string, today time.Time, preferred []string) (time.Time, bool) {
	var numbers []int
	var lengths []int
	rest := text
	for rest != "" {
		end := strings.IndexFunc(rest, func(r rune) bool { return !isDigit(r) })
		if end < 0 {
			end = len(rest)
		}
		if n, err := strconv.Atoi(rest[:end]); err == nil && end <= 4 {
			numbers, lengths = append(numbers, n), append(lengths, end)
		} else {
			return time.Time{}, false
		}
		rest = rest[end:]
		next := strings.IndexFunc(rest, isDigit)
		if next < 0 {
			next = len(rest)
		}
		if !isDateSign(rest[:next], next == len(rest)) {
			return time.Time{}, false
		}
		rest = rest[next:]
	}
	if len(numbers) < 2 {
		return time.Time{}, false
	}
	return arranged(numbers, lengths, today, text, preferred)
}

// isDateSign reports whether a text may stand between the numbers of a date,
// or behind the last.
func isDateSign(sign string, last bool) bool {
	switch strings.ReplaceAll(sign, " ", "") {
	case ".", "月", "월", "年", "년":
		return true
	case "-", "/", "–":
		return !last
	case "日", "일", "号", "號", "г":
		return last
	case "":
		return last && sign == ""
	}
	return false
}

// arranged finds out which number is which.
func arranged(numbers, lengths []int, today time.Time, text string, preferred []string) (time.Time, bool) {
	monthFirst := strings.ContainsAny(text, "月월") || !strings.Contains(text, ".") && writesMonthFirst(preferred)
	switch {
	case len(numbers) == 3 && lengths[0] == 4:
		return exactDay(numbers[0], numbers[1], numbers[2])
	case len(numbers) > 3 || lengths[0] > 2 || lengths[1] > 2:
		return time.Time{}, false
	}
	day, month := numbers[0], numbers[1]
	if monthFirst && day <= 12 || month > 12 {
		day, month = month, day
	}
	if len(numbers) == 2 {
		return comingDay(month, day, today)
	}
	year := numbers[2]
	switch lengths[2] {
	case 2:
		year += today.Year() / 100 * 100
	case 4:
	default:
		return time.Time{}, false
	}
	return exactDay(year, month, day)
}

// writesMonthFirst covers those who write 12/24 for Christmas Eve.
func writesMonthFirst(preferred []string) bool {
	if len(preferred) == 0 {
		return false
	}
	tag := strings.ToLower(strings.ReplaceAll(preferred[0], "_", "-"))
	switch languages.Base(tag) {
	case "ja", "zh", "ko", "hu", "lt":
		return true
	}
	return tag == "en-us" || tag == "en-ph" || tag == "es-us" || tag == "fil-ph"
}

func exactDay(year, month, day int) (time.Time, bool) {
	if year > maxYear {
		year -= buddhist
	}
	if month < 1 || month > 12 || day < 1 {
		return time.Time{}, false
	}
	d := dayOf(year, time.Month(month), day)
	return d, d.Day() == day
}

// comingDay returns the next such day of the year, today among them; a leap day may
// be up to eight years away.
func comingDay(month, day int, today time.Time) (time.Time, bool) {
	for year := range 9 {
		d, ok := exactDay(today.Year()+year, month, day)
		if ok && !d.Before(today) {
			return d, true
		}
	}
	return time.Time{}, false
}

// spokenDate reads words, in the reader's languages first.
func spokenDate(text string, today time.Time, preferred []string) (time.Time, bool) {
	folded := textform.FoldNormal(textform.Normal(text))
	words := strings.Fields(spaced(folded))
	if len(words) == 0 || len(words) > 8 || slices.ContainsFunc(words, isNoDateWord) {
		return time.Time{}, false
	}
	tables := calendarTables()
	var tried [8]string
	order := tried[:0]
	for _, language := range preferred {
		if base := languages.Base(language); len(order) < cap(order)-1 {
			order = append(order, base)
		}
	}
	for _, language := range order {
		if c, ok := tables[language]; ok {
			if day, ok := c.read(folded, words, today, true); ok {
				return day, true
			}
		}
	}
	for _, language := range calendarOrder() {
		if slices.Contains(order, language) {
			continue
		}
		if day, ok := tables[language].read(folded, words, today, language == "en"); ok {
			return day, true
		}
	}
	return time.Time{}, false
}

// spaced parts digits from letters: 3日後, 24th.
func spaced(s string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range s {
		if before != 0 && isDigit(before) != isDigit(r) && !unicode.IsMark(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// calendarOrder lists the languages, English first since its short names
// count for everybody.
var calendarOrder = sync.OnceValue(func() []string {
	order := slices.Sorted(maps.Keys(calendarTables()))
	i := slices.Index(order, "en")
	return slices.Concat(order[i:i+1], order[:i], order[i+1:])
})

// guardedWord is the longest name of a day, in letters, that only readers of
// its language mean by it: the others may mean a word of their own.
const guardedWord = 3

func guarded(word string) bool {
	return utf8.RuneCountInString(word) <= guardedWord && textform.IsASCII(word)
}
