package when

import (
	"cmp"
	"slices"
	"time"
)

// Opening are the hours of a week with the days that have others: holidays, and
// days with hours of their own. Unlike Hours, a night that goes over midnight
// belongs to the day that it begins on, and ends with it.
type Opening struct {
	week [7][]span
	days map[civil]special
	// years are the days of every year.
	years map[civil]special
	set   bool
}

// civil is a day without a zone; in a day of every year the year is zero.
type civil struct {
	year  int
	month time.Month
	day   int
}

// special is a day with hours of its own, none where it is closed all day.
type special struct {
	spans []span
	name  string
}

// Stretch is a time without a break.
type Stretch struct{ From, To time.Time }

// How far around a moment an opening is looked for, in days: what opens later
// than in a year does not open.
const (
	nearDays = 9
	farDays  = 370
)

// Any reports whether any hours are given at all.
func (o Opening) Any() bool { return o.set }

// Open reports whether it is open at a moment, by the clocks of a zone; nil
// means UTC.
func (o Opening) Open(at time.Time, zone *time.Location) bool {
	_, open := o.Now(at, zone)
	return open
}

// Now returns the stretch in which it is open at a moment, or false if it is closed.
// One that goes on for longer than a week ends after nine days, or before.
func (o Opening) Now(at time.Time, zone *time.Location) (Stretch, bool) {
	for _, s := range o.around(at, zone, nearDays, nearDays) {
		if !at.Before(s.From) && at.Before(s.To) {
			return s, true
		}
	}
	return Stretch{}, false
}

// Next returns the first stretch that begins after a moment; false where none does
// within a year.
func (o Opening) Next(at time.Time, zone *time.Location) (Stretch, bool) {
	for _, ahead := range []int{nearDays, farDays} {
		for _, s := range o.around(at, zone, 1, ahead) {
			if s.From.After(at) {
				return s, true
			}
		}
	}
	return Stretch{}, false
}

// Closed returns the last moment at or before at when it closed, or false if it did
// not within a year.
func (o Opening) Closed(at time.Time, zone *time.Location) (time.Time, bool) {
	for _, back := range []int{nearDays, farDays} {
		for _, s := range slices.Backward(o.around(at, zone, back, 1)) {
			if !s.To.After(at) {
				return s.To, true
			}
		}
	}
	return time.Time{}, false
}

// On lists the stretches that begin on the day of a moment, by the clocks of a
// zone. They end where that is: after midnight, perhaps.
func (o Opening) On(day time.Time, zone *time.Location) []Stretch {
	zone = orUTC(zone)
	y, m, d := day.In(zone).Date()
	return merged(o.of(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), zone))
}

// Holiday reports whether a day has hours of its own, and what it is called.
func (o Opening) Holiday(day time.Time, zone *time.Location) (name string, special bool) {
	y, m, d := day.In(orUTC(zone)).Date()
	s, special := o.special(y, m, d)
	return s.name, special
}

func (o Opening) special(y int, m time.Month, d int) (special, bool) {
	if s, ok := o.days[civil{y, m, d}]; ok {
		return s, true
	}
	s, ok := o.years[civil{0, m, d}]
	return s, ok
}

// of returns the stretches of a day, given as its midnight in UTC.
func (o Opening) of(midnight time.Time, zone *time.Location) []Stretch {
	spans := o.week[midnight.Weekday()]
	if s, ok := o.special(midnight.Date()); ok {
		spans = s.spans
	}
	var all []Stretch
	for _, s := range spans {
		from := firstShowing(midnight.Add(time.Duration(s.from)*time.Minute), zone)
		to := firstShowing(midnight.Add(time.Duration(s.to)*time.Minute), zone)
		if to.After(from) {
			all = append(all, Stretch{from, to})
		}
	}
	return all
}

// around lists the stretches of some days before and after a moment, in their
// order, those that touch as one.
func (o Opening) around(at time.Time, zone *time.Location, back, ahead int) []Stretch {
	if !o.set {
		return nil
	}
	zone = orUTC(zone)
	y, m, d := at.In(zone).Date()
	var all []Stretch
	for day := -back; day <= ahead; day++ {
		all = append(all, o.of(time.Date(y, m, d+day, 0, 0, 0, 0, time.UTC), zone)...)
	}
	return merged(all)
}

func merged(all []Stretch) []Stretch {
	slices.SortFunc(all, func(a, b Stretch) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	var whole []Stretch
	for _, s := range all {
		last := len(whole) - 1
		switch {
		case last < 0 || s.From.After(whole[last].To):
			whole = append(whole, s)
		case s.To.After(whole[last].To):
			whole[last].To = s.To
		}
	}
	return whole
}
