package shape

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"keypull/sources"
	"keypull/sources/duration"
)

// clock reads the times of one batch of records.
type clock struct {
	dates *sources.Dates
	// arrived is when the records did.
	arrived time.Time
	// naive is the zone of a time that names none; nil if it is not known;
	// local that of what takes place somewhere.
	naive, local *time.Location
}

// newClock is for the times of records, as they are written.
func (m *Maker) newClock(others []string, arrived time.Time) clock {
	return clock{
		dates:   sources.NewDates(sources.DateHints{Others: others, Arrived: arrived, Language: m.options.Language, Zone: m.options.Zone}),
		arrived: arrived, naive: m.options.Naive, local: m.options.Zone,
	}
}

// layouts are times without a zone, as databases and forms write them.
var layouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}

var (
	fraction = regexp.MustCompile(`(:\d\d)[.,]\d+`)
	noZone   = regexp.MustCompile(`(?:^|[^+−\d-])\d{1,2}(?:[:.hH]\d{2}(?::\d{2})?\s*(?:[AaPp]\.?[Mm]\.?|Uhr|uur|[hH])?|\s*(?:[AaPp]\.?[Mm]\.?|Uhr|uur|[hH]))\s*$`)
	seconds  = regexp.MustCompile(`\d{1,2}:\d{2}(:\d{2})?`)
)

// readTime returns the moment of a value; day says that it tells no time of day. False
// is for what is no time, or one whose zone is not known.
func (c clock) readTime(v any, local bool) (at time.Time, day, ok bool) {
	if t, isTime := v.(time.Time); isTime {
		return t, false, !t.IsZero()
	}
	text, ok := valueText(v)
	if !ok {
		return time.Time{}, false, false
	}
	text = fraction.ReplaceAllString(strings.TrimSpace(sources.Line(text)), "$1")
	zone := c.naive
	if local && c.local != nil {
		zone = c.local
	}
	if !c.arrived.IsZero() {
		text = c.addYear(text, local)
	}
	if midnight, isDay := c.dates.Day(text); isDay {
		return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, cmp.Or(c.local, time.UTC)), true, true
	}
	if zone != nil && noZone.MatchString(text) {
		for _, layout := range layouts {
			if at, err := time.ParseInLocation(layout, text, zone); err == nil {
				return at, false, true
			}
		}
		if at := c.dates.Read(text + " UTC"); !at.IsZero() {
			at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone)
			return at, false, true
		}
	}
	at = c.dates.Read(text)
	return at, false, !at.IsZero()
}

// addYear completes a date without its year: what takes place was not long ago or is
// still to come, anything else has been.
func (c clock) addYear(text string, local bool) string {
	const monthsAgo, daysAhead = -2, 2
	if !local {
		return sources.AddYear(text, c.arrived.AddDate(-1, 0, daysAhead))
	}
	return sources.AddYear(sources.SpanStart(text), c.arrived.AddDate(0, monthsAgo, 0))
}

// ToMinute reports whether a time is told without seconds.
func ToMinute(v any) bool {
	text, ok := v.(string)
	m := seconds.FindStringSubmatch(text)
	return ok && m != nil && m[1] == ""
}

// minutesIn reads how long something takes: a number counts minutes.
func minutesIn(v any) (string, bool) {
	text, _ := valueText(v)
	n, ok := duration.Minutes(text)
	return strconv.Itoa(n), ok
}
