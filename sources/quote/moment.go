package quote

import (
	"cmp"
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"keypull/sources"
)

// layouts are how services write the time of a price.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 Z0700", "2006-01-02T15:04Z07:00",
	"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", time.RFC1123Z,
	"Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05 GMT",
}

var errNoTime = errors.New("no time")

// moment reads a time of trade, in the zone of the settings where it names
// none. What an abbreviation stands for is decided as in all sources.
func (s *source) moment(text string, fetched time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if at, ok := unix(text); ok {
		return at, nil
	}
	if at, ok := plainly(text, cmp.Or(s.zone, time.UTC)); ok {
		return at, nil
	}
	dates := sources.NewDates(sources.DateHints{Zone: cmp.Or(s.zone, s.publisher), Built: text, Arrived: fetched})
	if midnight, ok := dates.Day(text); ok {
		return s.day(midnight, fetched), nil
	}
	for _, text := range []string{text, text + " " + cmp.Or(s.settings.AsOfZone, "UTC")} {
		if at := dates.Read(text); !at.IsZero() {
			return at, nil
		}
	}
	return time.Time{}, errNoTime
}

// clock finds the time of day in a text, with its seconds where it has some.
var clock = regexp.MustCompile(`\d{1,2}:\d{2}(?::\d{2})?`)

// toMinute reports whether a text tells its time of day without seconds.
func toMinute(text string) bool {
	return strings.Count(clock.FindString(text), ":") == 1
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

// plainly reads a time in one of the layouts.
func plainly(text string, zone *time.Location) (time.Time, bool) {
	for _, layout := range layouts {
		in := zone
		if strings.HasSuffix(layout, "GMT") || strings.HasSuffix(layout, "UTC") {
			in = time.UTC
		}
		if at, err := time.ParseInLocation(layout, text, in); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// unix reads seconds, milliseconds, microseconds or nanoseconds since 1970,
// between 2001 and 2286.
func unix(text string) (time.Time, bool) {
	if scientific.MatchString(text) {
		var err error
		if text, err = written(text); err != nil {
			return time.Time{}, false
		}
	}
	if !plain.MatchString(text) || len(text) > maxNumberBytes {
		return time.Time{}, false
	}
	count, ok := new(big.Rat).SetString(text)
	if !ok {
		return time.Time{}, false
	}
	// Ten digits count seconds, thirteen thousandths of them, and so on.
	const digits, step = 12, 3
	perMilli := big.NewRat(1000, 1)
	for whole, _, _ := strings.Cut(text, "."); len(whole) >= digits; whole = whole[:len(whole)-step] {
		perMilli.Quo(perMilli, big.NewRat(1000, 1))
	}
	n, err := strconv.ParseInt(count.Mul(count, perMilli).FloatString(0), 10, 64)
	if err != nil || n < 1e12 || n > 1e13 {
		return time.Time{}, false
	}
	return time.UnixMilli(n).UTC(), true
}
