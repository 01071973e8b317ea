package when

import (
	"fmt"
	"time"
)

// Moment words a time to come for a reader: the clock alone where it is today
// in the zone, else the date before it. A nil zone means UTC; languages are
// those of Stamp.
func Moment(t, now time.Time, zone *time.Location, language string) string {
	zone = orUTC(zone)
	return wordsIn(language).moment(t.In(zone), now.In(zone))
}

// Again words when to ask again: in how many minutes, rounded up, where it is
// less than an hour, else the moment.
func Again(t, now time.Time, zone *time.Location, language string) string {
	zone = orUTC(zone)
	w := wordsIn(language)
	if wait := t.Sub(now); wait < time.Hour {
		return fmt.Sprintf(w.in, int(max(0, wait+time.Minute-1)/time.Minute))
	}
	return fmt.Sprintf(w.from, w.moment(t.In(zone), now.In(zone)))
}

// Dated words a time as Moment does, with its date also where that is today.
func Dated(t, now time.Time, zone *time.Location, language string) string {
	w := wordsIn(language)
	return Day(t, now, zone, language) + ", " + fmt.Sprintf(w.clock, t.In(orUTC(zone)).Format("15:04"))
}

// Day words the date of a time alone.
func Day(t, now time.Time, zone *time.Location, language string) string {
	zone = orUTC(zone)
	return wordsIn(language).dayOf(t.In(zone), now.In(zone))
}

// IsDay reports whether a time is a day without a time of day, as sources tell
// it: the midnight with which the day begins in the publisher's zone, nil for
// UTC. What did happen at that very midnight counts as one as well.
func IsDay(t time.Time, zone *time.Location) bool {
	t = t.In(orUTC(zone))
	return t.Equal(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()))
}
