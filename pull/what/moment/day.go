package moment

import (
	"time"

	"keypull/pull/what/slot"
)

// day is what words around a clock say of its day.
type day struct {
	date time.Time
	// named says that there is one, weekday that it is one of each week.
	named, weekday bool
	part           part
	recurs         bool
}

// with adds what stands on the other side of the clock.
func (d day) with(o day) day {
	if o.named {
		d.date, d.named, d.weekday = o.date, true, o.weekday
	}
	if o.part != 0 {
		d.part = o.part
	}
	d.recurs = d.recurs || o.recurs
	return d
}

// dayBetween reads items that say the day of a clock, or nothing, and are no part of a name.
func (r *reading) dayBetween(from, to int) (d day, ok bool) {
	if !isApart(r.items, from) || !isApart(r.items, to) {
		return d, false
	}
	if d, ok = r.date(from, to); ok {
		return d, true
	}
	if from, ok = r.skipFront(&d, from, to); !ok {
		to = r.skipBack(&d, from, to)
	}
	if from >= to {
		return d, true
	}
	named, ok := r.date(from, to)
	return d.with(named), ok
}

// skipFront passes over small words, parts of the day and what says that it recurs; done
// if nothing is left.
func (r *reading) skipFront(d *day, from, to int) (int, bool) {
	for from < to {
		if n := r.recursAt(from, to); n > 0 {
			r.takeRepeated(d, from, from+n)
			from += n
			continue
		}
		if _, ok := r.date(from, to); ok {
			return from, false
		}
		s, n := r.at(from, to, filler|amPart|pmPart|nightPart)
		if n == 0 {
			break
		}
		if p := partOf(s.roles); p != 0 {
			d.part = p
		}
		from += n
	}
	return from, from >= to
}

// takeRepeated takes words that say that it comes again, with the weekday and the part of the
// day on which it does.
func (r *reading) takeRepeated(d *day, from, to int) {
	d.recurs = true
	for at := from + 1; at < to; at++ {
		if s, n := r.at(at, to, amPart|pmPart|nightPart); n > 0 && d.part == 0 {
			d.part = partOf(s.roles)
		}
		if named, ok := r.date(at, to); ok {
			*d = d.with(named)
			return
		}
	}
}

// skipBack does the same from behind.
func (r *reading) skipBack(d *day, from, to int) int {
	for to > from {
		if _, ok := r.date(from, to); ok {
			return to
		}
		skipped := 0
		for n := min(r.lexicon.longest, to-from); n > 0; n-- {
			if r.recursAt(to-n, to) == n {
				r.takeRepeated(d, to-n, to)
				skipped = n
				break
			}
			if s, length := r.at(to-n, to, filler|amPart|pmPart|nightPart); length == n {
				if p := partOf(s.roles); p != 0 && d.part == 0 {
					d.part = p
				}
				skipped = n
				break
			}
		}
		if skipped == 0 {
			return to
		}
		to -= skipped
	}
	return to
}

// date reads a day that a part of it may be told with: today, tonight.
func (r *reading) date(from, to int) (d day, ok bool) {
	text := r.text[r.items[from].start:r.items[to-1].end]
	value, ok := slot.Parse(slot.Date, text, r.now, r.preferred...)
	if !ok {
		return day{}, false
	}
	d.date, _ = time.Parse(time.DateOnly, value)
	d.named = true
	week, _ := slot.Parse(slot.Date, text, r.now.AddDate(0, 0, 7), r.preferred...)
	d.weekday = week == d.date.AddDate(0, 0, 7).Format(time.DateOnly) && r.isToday(d.date) && !r.isTodayBy(text)
	if s, n := r.at(from, to, amPart|pmPart|nightPart); n == to-from {
		d.part = partOf(s.roles)
	}
	return d, true
}

func (r *reading) isToday(date time.Time) bool {
	return date.Format(time.DateOnly) == r.now.Format(time.DateOnly)
}

// isTodayBy reports whether a text means today on every day: the name of a weekday
// means it on one of them.
func (r *reading) isTodayBy(text string) bool {
	tomorrow := r.now.AddDate(0, 0, 1)
	value, _ := slot.Parse(slot.Date, text, tomorrow, r.preferred...)
	return value == tomorrow.Format(time.DateOnly)
}
