package when

import "time"

// Hours are the weekly times at which something is available, in local clock
// time. The zero value is always open.
type Hours struct {
	// days holds the spans of each day of the week, Sunday first.
	days [7][]span
	set  bool
}

// span is a stretch of clock time within one day, in minutes from midnight:
// from the first minute on, until the last one, exclusive.
type span struct{ from, to int }

const dayMinutes = 24 * 60

// Open reports whether the hours hold at that moment in that zone; nil means
// UTC. It goes by the clock on the wall: on the day of a change of time an
// hour that is skipped is not open, an hour that comes twice is open twice.
func (h Hours) Open(at time.Time, zone *time.Location) bool {
	if !h.set {
		return true
	}
	at = at.In(orUTC(zone))
	minute := at.Hour()*60 + at.Minute()
	for _, s := range h.days[at.Weekday()] {
		if minute >= s.from && minute < s.to {
			return true
		}
	}
	return false
}

// Next returns the first moment at or after at when the hours hold: at itself
// where they hold already. It is false where they never do.
func (h Hours) Next(at time.Time, zone *time.Location) (time.Time, bool) {
	if h.Open(at, zone) {
		return at, true
	}
	var next time.Time
	for _, days := range lookDays {
		for _, t := range h.openings(at.In(orUTC(zone)), days) {
			if t.After(at) && h.Open(t, zone) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
		if !next.IsZero() {
			break
		}
	}
	return next, !next.IsZero()
}

// lookDays is how far is looked for what comes once a week: further where the
// clock jumps over it.
var lookDays = [...]int{9, 16} //nolint:gochecknoglobals // constant

// Closed returns the last moment at or before at when the hours ceased to hold;
// false where they hold at that moment, or never do.
func (h Hours) Closed(at time.Time, zone *time.Location) (time.Time, bool) {
	if h.Open(at, zone) {
		return time.Time{}, false
	}
	var last time.Time
	for _, days := range lookDays {
		for _, t := range h.closings(at.In(orUTC(zone)), days) {
			if !t.After(at) && t.After(last) && !h.Open(t, zone) && h.Open(t.Add(-time.Nanosecond), zone) {
				last = t
			}
		}
		if !last.IsZero() {
			break
		}
	}
	return last, !last.IsZero()
}

// closings lists every moment of the last days at which the hours may
// cease to hold: where a span ends by the clock, and where the clock itself
// jumps.
func (h Hours) closings(local time.Time, days int) []time.Time {
	var ts []time.Time
	y, m, d := local.Date()
	for day := range days {
		midnight := time.Date(y, m, d-day, 0, 0, 0, 0, time.UTC)
		for _, s := range h.days[midnight.Weekday()] {
			ts = append(ts, wallTimes(midnight.Add(time.Duration(s.to)*time.Minute), local.Location())...)
		}
		if jump, _ := midnight.Add(farthest).In(local.Location()).ZoneBounds(); !jump.IsZero() {
			ts = append(ts, jump)
		}
	}
	return ts
}

// openings lists every moment of the next days at which the hours may
// begin to hold: where a span begins by the clock, and where the clock itself
// jumps.
func (h Hours) openings(local time.Time, days int) []time.Time {
	var ts []time.Time
	y, m, d := local.Date()
	for day := range days {
		midnight := time.Date(y, m, d+day, 0, 0, 0, 0, time.UTC)
		for _, s := range h.days[midnight.Weekday()] {
			ts = append(ts, wallTimes(midnight.Add(time.Duration(s.from)*time.Minute), local.Location())...)
		}
		if jump, _ := midnight.Add(farthest).In(local.Location()).ZoneBounds(); !jump.IsZero() {
			ts = append(ts, jump)
		}
	}
	return ts
}
