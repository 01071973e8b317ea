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
	// dates are those of the records, places those of what takes place somewhere.
	dates, places *sources.Dates
	// arrived is when the records did.
	arrived time.Time
	// local is the zone of what takes place somewhere; nil if it is not known.
	local *time.Location
	// language is that of the records; "" if it is not known.
	language string
	// rows says that the records have no shape: their days may be still to come.
	rows bool
}

// newClock is for the times of records, as they are written.
func (m *Maker) newClock(others []string, arrived time.Time) clock {
	hints := sources.DateHints{Others: others, Arrived: arrived, Language: m.options.Language, Zone: m.options.Zone, Naive: m.options.Naive}
	c := clock{dates: sources.NewDates(hints), arrived: arrived, local: m.options.Zone, language: m.options.Language, rows: m.options.Shape == None}
	hints.Naive = cmp.Or(m.options.Zone, m.options.Naive)
	c.places = sources.NewDates(hints)
	return c
}

var seconds = regexp.MustCompile(`\d{1,2}:\d{2}(:\d{2})?`)

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
	text = strings.TrimSpace(sources.Line(text))
	dates := c.dates
	if local {
		dates = c.places
	}
	if !c.arrived.IsZero() {
		text = c.addYear(text, local)
	}
	if midnight, isDay := dates.Day(text); isDay {
		return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, cmp.Or(c.local, time.UTC)), true, true
	}
	at = dates.Read(text)
	return at, false, !at.IsZero()
}

// addYear completes a date without its year: what takes place was not long ago or is
// still to come, the day of a row is the nearest one, anything else has been.
func (c clock) addYear(text string, local bool) string {
	const halfYear, daysAhead = -6, 2
	switch {
	case local:
		if day, ok := sources.DayOfWeek(text, c.arrived.In(cmp.Or(c.local, time.UTC)), c.language); ok {
			return day.Format(time.DateOnly)
		}
	case c.rows:
		return sources.AddYear(text, c.arrived.AddDate(0, halfYear, 0))
	default:
		return sources.AddYear(text, c.arrived.AddDate(-1, 0, daysAhead))
	}
	return sources.AddYear(sources.SpanStart(text), c.notLongAgo())
}

// notLongAgo returns since when what takes place is named without its year.
func (c clock) notLongAgo() time.Time {
	const months = 2
	return c.arrived.AddDate(0, -months, 0)
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
