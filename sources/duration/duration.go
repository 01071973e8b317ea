// Package duration reads how long something takes, as recipes, events and forms
// write it: in ISO 8601, by a clock or in words of many languages.
package duration

import (
	_ "embed"
	"math"
	"regexp"
	"strconv"
	"strings"

	"keypull/pull/what/textform"
	"keypull/sources"
)

// MaxMinutes is half a year: longer than any liqueur needs.
const MaxMinutes = 183 * 24 * 60

// maxDuration is the longest text, in bytes, that is read as a duration.
const maxDuration = 200

// Units in minutes.
const (
	second = 1.0 / 60
	minute = 1.0
	hour   = 60.0
	day    = 24 * hour
	week   = 7 * day
)

var (
	// isoPart is a number and its letter, of which sloppy templates leave out
	// the one or the other.
	isoPart    = regexp.MustCompile(`([0-9]+(?:\.[0-9]*)?|\.[0-9]+)?\s*([YMWDHS])?`)
	isoStart   = regexp.MustCompile(`^P(?:T|[0-9])`)
	bare       = regexp.MustCompile(`^[0-9]{1,5}(?:\.0*)?$`)
	plainClock = regexp.MustCompile(`^([0-9]{1,2}):([0-5][0-9])$`)
	// isoWorded is what some write between the letters: PT1HR30MIN.
	isoWorded = regexp.MustCompile(`[0-9]\s*(?:hr|hour|min|mn|sec|day)`)
	isoText   = regexp.MustCompile(`^P[0-9.YMWDHST\s]*$`)
	// amount is a number, mixed or broken ones included, and the word behind it.
	amount = regexp.MustCompile(`([0-9]+\s+[0-9]+/[0-9]+|[0-9]+/[0-9]+|[0-9]+:[0-9]{2}|[0-9]+(?:\.[0-9]+)?)\s*([\p{L}\p{M}]+|['′’"″])?`)
	clock  = regexp.MustCompile(`^([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])$`)
	either = regexp.MustCompile(`\s*[-–—/]\s*|\s+(?:to|or|bis|oder|à|ou|a|o)\s+`)
)

// Minutes reads a duration, in ISO 8601 or in words; false if there is none
// that can be told: years are no cooking time. A bare number is one of minutes,
// and 1:30 an hour and a half. Of two durations with a dash between them the
// longer one counts.
func Minutes(s string) (int, bool) {
	if len(s) > maxDuration {
		return 0, false
	}
	s = strings.TrimSpace(sources.Line(s))
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−") {
		return 0, false
	}
	if iso := strings.ToUpper(strings.ReplaceAll(s, ",", ".")); isoStart.MatchString(iso) {
		if letters := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "p"), "t"); isoWorded.MatchString(letters) {
			return wordedMinutes(letters)
		}
		return isoRange(iso)
	}
	if bare.MatchString(s) {
		return roundMinutes(Number(s))
	}
	if m := plainClock.FindStringSubmatch(s); m != nil {
		return roundMinutes(Number(m[1])*hour + Number(m[2]))
	}
	return wordedMinutes(strings.ToLower(s))
}

// Seconds reads the length of a video, at most a day.
func Seconds(s string) (int, bool) {
	iso := strings.ToUpper(strings.TrimSpace(s))
	if len(s) > maxDuration || !isoStart.MatchString(iso) {
		return 0, false
	}
	n, ok := isoMinutes(iso)
	if !ok || n <= 0 || n > day {
		return 0, false
	}
	return int(math.Round(n / second)), true
}

// isoRange reads one duration, or two with a dash or slash between them.
func isoRange(s string) (int, bool) {
	longest := 0.0
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune("-–—/", r) }) {
		total, ok := isoMinutes(strings.TrimSpace(part))
		if !ok {
			return 0, false
		}
		longest = max(longest, total)
	}
	return roundMinutes(math.Ceil(longest - roundingError))
}

// roundingError is what written parts of an hour are off, in minutes.
const roundingError = 0.01

// isoMinutes reads ISO 8601 as it is found: days behind the T, numbers or
// letters left out, spaces. A number behind hours counts minutes.
func isoMinutes(s string) (float64, bool) {
	s = strings.Join(strings.Fields(s), "")
	if !isoText.MatchString(s) {
		return 0, false
	}
	date, time, timed := strings.Cut(s[1:], "T")
	total, told := 0.0, false
	for i, text := range []string{date, time} {
		last := ""
		for _, m := range isoPart.FindAllStringSubmatch(text, -1) {
			n, err := strconv.ParseFloat(m[1], 64)
			unit, ok := isoUnit(m[2], last, i == 0 && timed)
			switch {
			case m[0] == "":
				continue
			case err != nil && m[2] != "":
				n = 0
			case err != nil || !ok && n > 0:
				return 0, false
			}
			total, told, last = total+n*unit, told || err == nil, m[2]
		}
	}
	return total, told
}

// isoUnit returns what a letter stands for. Months stand before a T alone: without
// one, what is written as P30M was meant to be minutes.
func isoUnit(letter, last string, date bool) (unit float64, ok bool) {
	switch letter {
	case "W":
		return week, true
	case "D":
		return day, true
	case "H":
		return hour, true
	case "M":
		return minute, !date
	case "S":
		return second, true
	case "":
		return minute, last == "H" || last == "" && !date
	}
	return 0, false
}

// wordedMinutes reads "1 hour 20 min", "1h30", "1 ½ Std.", "30-45 minutes".
func wordedMinutes(s string) (int, bool) {
	s = numerals.Replace(" " + s + " ")
	if m := clock.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
		return roundMinutes(Number(m[1])*hour + Number(m[2]) + Number(m[3])*second)
	}
	s = strings.ReplaceAll(s, ",", ".")
	longest, found, from := 0.0, false, 0
	// A bare number before the dash has the unit of the one behind it, and is
	// the smaller one.
	for _, at := range append(either.FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		if at[0] < len(s) && isFraction(s, at) {
			continue
		}
		if total, ok := sumAmounts(s[from:at[0]]); ok {
			longest, found = max(longest, total), true
		}
		from = at[1]
	}
	if !found {
		return 0, false
	}
	return roundMinutes(longest)
}

// isFraction reports whether a slash parts numerator and denominator.
func isFraction(s string, at []int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return strings.TrimSpace(s[at[0]:at[1]]) == "/" && digit(at[0]-1) && digit(at[1])
}

// sumAmounts adds up the amounts of a text that have a unit.
func sumAmounts(s string) (total float64, found bool) {
	last := 0.0
	for _, m := range amount.FindAllStringSubmatch(s, -1) {
		unit := units[m[2]]
		if unit == 0 && m[2] == "" && last == hour && !strings.Contains(m[1], ":") {
			unit = minute
		}
		n := Number(m[1])
		if h, rest, ok := strings.Cut(m[1], ":"); ok && unit == hour {
			n = Number(h) + Number(rest)/60
		}
		if unit > 0 {
			total, found = total+n*unit, true
		}
		last = unit
	}
	return total, found
}

// Number reads a whole, decimal, broken or mixed number.
func Number(s string) float64 {
	n := 0.0
	for part := range strings.FieldsSeq(s) {
		over, under, ok := strings.Cut(part, "/")
		value, _ := strconv.ParseFloat(over, 64)
		if ok {
			below, _ := strconv.ParseFloat(under, 64)
			if below == 0 {
				return 0
			}
			value /= below
		}
		n += value
	}
	return n
}

// IsUnit reports whether a word in small letters is a unit of time.
func IsUnit(word string) bool { return units[word] > 0 }

//go:embed units.txt
var unitTable string

// units are what words count, in minutes.
var units = func() map[string]float64 {
	lengths := map[string]float64{"second": second, "minute": minute, "hour": hour, "day": day, "week": week}
	all := map[string]float64{}
	for word, unit := range textform.ByWord(unitTable, "units") {
		all[word] = lengths[unit]
	}
	return all
}()

// numerals writes numbers in words and signs as digits.
var numerals = strings.NewReplacer(
	"½", " 1/2 ", "¼", " 1/4 ", "¾", " 3/4 ", "⅓", " 1/3 ", "⅔", " 2/3 ",
	" half an hour ", " 30 min ", " an hour and a half ", " 90 min ", " une demi-heure ", " 30 min ", " demi-heure ", " 30 min ",
	"heure et demie", "h 30 min", " heures et demie", " h 30 min", " eine halbe stunde ", " 30 min ", " halbe stunde ", " 30 min ",
	" anderthalb stunden ", " 90 min ", " eineinhalb stunden ", " 90 min ", " dreiviertelstunde ", " 45 min ", " viertelstunde ", " 15 min ",
	" a quarter of an hour ", " 15 min ", " quart d'heure ", " 15 min ", " media hora ", " 30 min ", " mezz'ora ", " 30 min ",
	" one ", " 1 ", " an hour ", " 1 h ", " a minute ", " 1 min ", " une ", " 1 ", " eine ", " 1 ", " una ", " 1 ", " un'ora ", " 1 h ",
	" two ", " 2 ", " deux ", " 2 ", " zwei ", " 2 ", " three ", " 3 ", " trois ", " 3 ", " drei ", " 3 ",
)

// roundMinutes rounds to minutes; more than none is at least one.
func roundMinutes(minutes float64) (int, bool) {
	if math.IsNaN(minutes) || minutes < 0 || minutes > MaxMinutes {
		return 0, false
	}
	if minutes == 0 {
		return 0, true
	}
	return max(1, int(math.Round(minutes))), true
}
