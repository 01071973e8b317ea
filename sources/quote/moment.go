package quote

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"keypull/sources"
)

var errNoTime = errors.New("no time")

// parseTradeTime reads a time of trade as dates are read in all sources, in the zone of the
// settings where it names none.
func (s *source) parseTradeTime(text string, fetched time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC(), nil
	}
	dates := sources.NewDates(sources.DateHints{Zone: cmp.Or(s.zone, s.publisher), Naive: cmp.Or(s.zone, time.UTC), Built: text, Arrived: fetched})
	if midnight, ok := dates.Day(text); ok {
		return s.day(midnight, fetched), nil
	}
	at := dates.Read(text)
	if at.IsZero() {
		return at, errNoTime
	}
	return at, nil
}

// day returns the day of a price without a time of day: the midnight with which it
// begins at the publisher's, by which readers are told the day alone. Where the
// day has begun in the zone of the settings only, it is the publisher's own.
func (s *source) day(midnight, fetched time.Time) time.Time {
	begins := func(day time.Time, zone *time.Location) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	}
	here := cmp.Or(s.publisher, time.UTC)
	at := begins(midnight, here)
	if at.After(fetched) && !begins(midnight, cmp.Or(s.zone, time.UTC)).After(fetched) {
		at = begins(fetched.In(here), here)
	}
	return at.UTC()
}
