package template

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// directive is a sign of strftime: flag, width, letter.
var directive = regexp.MustCompile(`%([-_^#0]|:{1,3})?(\d+)?[EO]?([a-zA-Z+%])`)

// compounds are the letters that stand for others, or for a sign.
var compounds = map[string]string{
	"c": "%a %b %e %T %Y", "D": "%m/%d/%y", "x": "%m/%d/%y", "F": "%Y-%m-%d", "v": "%e-%^b-%Y", "r": "%I:%M:%S %p", "R": "%H:%M",
	"T": "%H:%M:%S", "X": "%H:%M:%S", "+": "%a %b %e %T %Z %Y", "n": "\n", "t": "\t", "%": "%",
}

// named are the letters that are words, by the layout that writes them.
var named = map[string]string{"A": "Monday", "a": "Mon", "B": "January", "b": "Jan", "h": "Jan", "p": "PM", "P": "pm"}

// numeral is a letter that is a number, filled up to a width with noughts or blanks.
type numeral struct {
	of    func(time.Time) int
	width int
	blank bool
}

var numerals = map[string]numeral{
	"Y": {time.Time.Year, 4, false}, "y": {func(t time.Time) int { return t.Year() % 100 }, 2, false}, "C": {func(t time.Time) int { return t.Year() / 100 }, 2, false},
	"m": {func(t time.Time) int { return int(t.Month()) }, 2, false}, "d": {time.Time.Day, 2, false}, "e": {time.Time.Day, 2, true}, "j": {time.Time.YearDay, 3, false},
	"H": {time.Time.Hour, 2, false}, "k": {time.Time.Hour, 2, true}, "I": {hour12, 2, false}, "l": {hour12, 2, true},
	"M": {time.Time.Minute, 2, false}, "S": {time.Time.Second, 2, false}, "L": {func(t time.Time) int { return t.Nanosecond() / 1e6 }, 3, false},
	"u": {func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }, 0, true}, "w": {func(t time.Time) int { return int(t.Weekday()) }, 0, true},
	"G": {isoYear, 2, false}, "g": {func(t time.Time) int { return isoYear(t) % 100 }, 2, false}, "V": {func(t time.Time) int { _, week := t.ISOWeek(); return week }, 2, false},
	"U": {func(t time.Time) int { return (t.YearDay() - int(t.Weekday()) + 6) / 7 }, 2, false}, "W": {func(t time.Time) int { return (t.YearDay() - (int(t.Weekday())+6)%7 + 6) / 7 }, 2, false},
	"s": {func(t time.Time) int { return int(t.Unix()) }, 2, false}, "Q": {func(t time.Time) int { return int(t.UnixNano() / 1000) }, 2, false}, "N": {time.Time.Nanosecond, 9, false},
}

func hour12(t time.Time) int  { return (t.Hour()+11)%12 + 1 }
func isoYear(t time.Time) int { year, _ := t.ISOWeek(); return year }

// formatTime writes a moment in a format as Ruby, and so Liquid, reads it
// (https://docs.ruby-lang.org/en/master/language/strftime_formatting_rdoc.html). A letter
// without a meaning stays.
func formatTime(format string, t time.Time) string {
	return directive.ReplaceAllStringFunc(format, func(sign string) string {
		m := directive.FindStringSubmatch(sign)
		flag, letter := m[1], m[3]
		if whole, ok := compounds[letter]; ok {
			return flagged(flag, formatTime(whole, t))
		}
		if layout, ok := named[letter]; ok {
			return flagged(flag, t.Format(layout))
		}
		width, unset := strconv.Atoi(m[2])
		n, numeric := numerals[letter]
		switch {
		case letter == "N" && unset == nil: // so many digits of the second's fraction
			return (fmt.Sprintf("%09d", t.Nanosecond()) + strings.Repeat("0", max(width-9, 0)))[:width]
		case numeric && unset == nil:
			n.width = width
			return n.write(flag, t)
		case numeric:
			return n.write(flag, t)
		case letter == "z":
			return offset(flag, t)
		case letter == "Z":
			zone, _ := t.Zone()
			return flagged(flag, zone)
		}
		return flagged(flag, "%"+letter)
	})
}

// write fills a number up as a flag wants it: "-" not at all, "_" with blanks, "0" with noughts.
func (n numeral) write(flag string, t time.Time) string {
	switch flag {
	case "-":
		n.width = 0
	case "_":
		n.blank = true
	case "0":
		n.blank = false
	}
	if n.blank {
		return fmt.Sprintf("%*d", n.width, n.of(t))
	}
	return fmt.Sprintf("%0*d", n.width, n.of(t))
}

// flagged writes a word as a flag wants it: "^" in capitals, "#" the other way round.
func flagged(flag, word string) string {
	switch {
	case flag == "#" && strings.IndexFunc(word, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0:
		return strings.ToLower(word)
	case flag == "#", flag == "^":
		return strings.ToUpper(word)
	}
	return word
}

// offset returns how far a moment's zone is from Greenwich, with as many colons as the flag
// has; three are as few as tell all of it.
func offset(flag string, t time.Time) string {
	_, seconds := t.Zone()
	layout := map[string]string{"": "-0700", ":": "-07:00", "::": "-07:00:00", ":::": "-07:00:00"}[flag]
	switch {
	case layout == "":
		layout = "-0700"
	case flag == ":::" && seconds%3600 == 0:
		layout = "-07"
	case flag == ":::" && seconds%60 == 0:
		layout = "-07:00"
	}
	return t.Format(layout)
}
