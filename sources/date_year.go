package sources

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What stands before the year of a date that leaves it out, and what may stand behind:
// nothing, or the time of day.
var (
	dayNoYear     = regexp.MustCompile(`^(?:\p{L}+\.? ?,? )?(?:(?:the|den|der|dem|am|le|el|il|la) )?(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?: de | of |[ /-])*(\p{L}+)\.?(.*)$`)
	monthNoYear   = regexp.MustCompile(`^((?:\p{L}+\.? ?,? )??(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?)(.*)$`)
	numbersNoYear = regexp.MustCompile(`^((?:\p{L}+\.? ?,? ?)?)(\d{1,2})([./])(\d{1,2})(\.?)((?:[ ,].*)?)$`)
	easternNoYear = regexp.MustCompile(`^(\d{1,2}) ?[월月] ?(\d{1,2}) ?[일日号號](.*)$`)
	clockBehind   = regexp.MustCompile(`^(?:$|[ ,:|·–-]* ?(?:at |à |às |um |a las |alle |kl\.? ?|om |ab )?\d{1,2}(?:[:.hH]\d{2}(?: ?[AaPp]\.?[Mm])?| ?(?:Uhr|uur|[hH]|[AaPp]\.?[Mm]))(?:\P{L}|$)|[ ,]*(?:\([^)]*\) ?)?[오上下午][전후午])`)
)

// hoursSpan is the time of day from which something lasts to another.
var hoursSpan = regexp.MustCompile(`(\d{1,2}(?:[:.hH]\d{2})?)(?: ?([AaPp]\.?[Mm]\.?|Uhr|uur|[hH]))?(?: ?[–—] ?| - | (?:to|till|until|bis|à|a|alle|tot|til) )\d{1,2}(?:[:.hH]\d{2})?(?: ?([AaPp]\.?[Mm]\.?|Uhr|uur|[hH]))?$`)

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

// AddYear returns a date that leaves out its year with the one that makes it the first
// such day from a moment on; any other text as it is.
func AddYear(text string, from time.Time) string {
	if len(text) > maxDateBytes {
		return text
	}
	text = strings.Join(strings.Fields(text), " ")
	if m := easternNoYear.FindStringSubmatch(text); m != nil {
		if year, ok := yearOf(parseNumber(m[1]), m[2], m[3], from); ok {
			return year + "年" + text
		}
	}
	if m := dayNoYear.FindStringSubmatch(text); m != nil {
		if year, ok := yearOf(monthNumber(m[2]), m[1], m[3], from); ok {
			return m[1] + " " + m[2] + " " + year + m[3]
		}
	}
	if m := monthNoYear.FindStringSubmatch(text); m != nil {
		if year, ok := yearOf(monthNumber(m[2]), m[3], m[4], from); ok {
			return m[1] + ", " + year + m[4]
		}
	}
	if m := numbersNoYear.FindStringSubmatch(text); m != nil {
		day, month := m[2], m[4]
		if m[3] == "/" && parseNumber(month) > 12 {
			day, month = month, day
		}
		// "8.10" alone is a price or an hour, "1/2" a half.
		sure := m[1] != "" || m[3] == "." && m[5] != "" || m[3] == "/" && m[6] != ""
		if year, ok := yearOf(parseNumber(month), day, m[6], from); ok && sure {
			return m[1] + m[2] + m[3] + m[4] + m[3] + year + m[6]
		}
	}
	return text
}

// yearOf returns the year of the first such day from a moment on; false for what is no
// day, or has something else than a time behind it.
func yearOf(month int, day, behind string, from time.Time) (string, bool) {
	const leap = 8
	if month < 1 || month > 12 || !clockBehind.MatchString(behind) {
		return "", false
	}
	for year := from.Year(); year <= from.Year()+leap; year++ {
		at := time.Date(year, time.Month(month), parseNumber(day), 0, 0, 0, 0, from.Location())
		if at.Day() == parseNumber(day) && !at.Before(from) {
			return strconv.Itoa(year), true
		}
	}
	return "", false
}
