package sources

import (
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// Skew is how far ahead another clock may be without being wrong.
const Skew = 2 * time.Minute

// Moment words a time in the voice's language and zone: earlier today as such,
// else with the date. What is still to come always has its date, also today.
func Moment(t time.Time, v pull.Voice) string {
	if t = readersTime(t, v); earlierToday(t, v) {
		return words.Core().Say(v.Language, "moment.today", words.Args{"clock": words.Clock(v.Language, t)})
	}
	return words.At(v.Language, t)
}

// FirstSeen words when a piece was first seen, in place of a time of
// publication that nobody knows.
func FirstSeen(t time.Time, v pull.Voice) string {
	if t = readersTime(t, v); earlierToday(t, v) {
		return words.Core().Say(v.Language, "moment.seen_today", words.Args{"clock": words.Clock(v.Language, t)})
	}
	return words.Core().Say(v.Language, "moment.seen_day", words.Args{"moment": words.At(v.Language, t)})
}

func earlierToday(t time.Time, v pull.Voice) bool {
	now := readersTime(v.At, v)
	return t.Year() == now.Year() && t.YearDay() == now.YearDay() && !t.After(now.Add(Skew))
}

// readersTime returns a time in the voice's zone.
func readersTime(t time.Time, v pull.Voice) time.Time {
	if v.Zone == nil {
		return t
	}
	return t.In(v.Zone)
}
