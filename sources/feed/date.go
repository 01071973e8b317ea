package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dayName is the day of the week that many dates begin with, in any language.
var dayName = regexp.MustCompile(`^\p{L}+\.?,?\s+`)

// zone returns the offset of a zone name that time.Parse takes for UTC.
func zone(name string) (string, bool) {
	offset, ok := map[string]string{
		"UT": "+0000", "UTC": "+0000", "GMT": "+0000", "WET": "+0000", "BST": "+0100", "WEST": "+0100",
		"CET": "+0100", "MEZ": "+0100", "CEST": "+0200", "MESZ": "+0200", "EET": "+0200", "EEST": "+0300",
		"EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500",
		"MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
	}[strings.ToUpper(name)]
	return offset, ok
}

// month puts the English name of a month in place of a German or French one
// in the second word.
func month(text string) string {
	words := strings.Fields(text)
	if len(words) < 3 {
		return text
	}
	names := map[string]string{
		"jän": "Jan", "janv": "Jan", "févr": "Feb", "fév": "Feb", "mär": "Mar", "märz": "Mar", "mars": "Mar",
		"avr": "Apr", "avril": "Apr", "mai": "May", "juin": "Jun", "juil": "Jul", "juillet": "Jul", "août": "Aug",
		"sept": "Sep", "okt": "Oct", "dez": "Dec", "déc": "Dec",
	}
	if name, ok := names[strings.ToLower(strings.TrimRight(words[1], "."))]; ok {
		words[1] = name
	}
	return strings.Join(words, " ")
}

func layouts() []string {
	return []string{
		"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04 -0700", "2 Jan 06 15:04:05 -0700", "2 Jan 06 15:04 -0700",
		"2 January 2006 15:04:05 -0700", time.RFC3339Nano, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05-0700",
	}
}

// date reads a date of a feed. parsed is what the feed parser made of it, which
// knows the dates of English feeds; the rest is tried here. The zero time
// means that there is none to be believed.
func date(text string, parsed *time.Time) time.Time {
	if parsed != nil && plausible(*parsed) {
		return parsed.UTC()
	}
	if at := readDate(text); plausible(at) {
		return at.UTC()
	}
	return time.Time{}
}

func readDate(text string) time.Time {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 1e8 {
		if n > 1e11 {
			return time.UnixMilli(n)
		}
		return time.Unix(n, 0)
	}
	text = month(dayName.ReplaceAllString(text, ""))
	if i := strings.LastIndexByte(text, ' '); i >= 0 {
		if offset, ok := zone(text[i+1:]); ok {
			text = text[:i+1] + offset
		}
	}
	for _, layout := range layouts() {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

// plausible keeps out the zero dates of databases and the like.
func plausible(at time.Time) bool { return at.Year() > 1980 && at.Year() < 2200 }
