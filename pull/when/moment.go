package when

import (
	"time"

	"keypull/pull/words"
)

// Moment words a time to come for a reader: the clock alone where it is today
// in the zone, else the date before it. A nil zone means UTC; languages are
// those of Stamp.
func Moment(t, now time.Time, zone *time.Location, language string) string {
	zone = orUTC(zone)
	return momentText(t.In(zone), now.In(zone), language)
}

// Weekday words a time to come as Moment does, with the day of the week before a date.
func Weekday(t, now time.Time, zone *time.Location, language string) string {
	t, now = t.In(orUTC(zone)), now.In(orUTC(zone))
	if sameDay(t, now) {
		return words.Clock(language, t)
	}
	return words.Core().Fill(language, "stamp.moment", "date", words.WithWeekday(language, t, dayOf(t, now, language)), "clock", words.Clock(language, t))
}

// Again words when to ask again: in how many minutes, rounded up, where it is
// less than an hour, else the moment.
func Again(t, now time.Time, zone *time.Location, language string) string {
	if wait := t.Sub(now); wait < time.Hour {
		return words.Core().Say(language, "stamp.in", words.Args{"n": int(max(0, wait+time.Minute-1) / time.Minute)})
	}
	return words.Core().Say(language, "stamp.from", words.Args{"moment": Moment(t, now, zone, language)})
}

// Dated words a time as Moment does, with its date also where that is today.
func Dated(t, now time.Time, zone *time.Location, language string) string {
	return words.Core().Say(language, "stamp.moment", words.Args{
		"date": Day(t, now, zone, language), "clock": words.Clock(language, t.In(orUTC(zone))),
	})
}

// Day words the date of a time alone.
func Day(t, now time.Time, zone *time.Location, language string) string {
	zone = orUTC(zone)
	return dayOf(t.In(zone), now.In(zone), language)
}

// IsDay reports whether a time is a day without a time of day, as sources tell
// it: the midnight with which the day begins in the publisher's zone, nil for
// UTC. What did happen at that very midnight counts as one as well.
func IsDay(t time.Time, zone *time.Location) bool {
	t = t.In(orUTC(zone))
	return t.Equal(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()))
}
