package moment

import (
	"cmp"
	"time"
)

// strength is how surely a number is a clock.
type strength int

const (
	// unlikely is a number by itself, likely one as 9.30, certain one with a word that makes
	// a time of it, or as 9:30.
	unlikely strength = iota
	likely
	certain
)

// part is a part of the day, by which an hour up to twelve is told from the other.
type part int

const (
	morning part = iota + 1
	afternoon
	night
)

// usual returns the hour that is meant by a part of a day alone.
func (p part) usual() int {
	switch p {
	case afternoon:
		return 18
	case night:
		return 20
	}
	return 9
}

// hour returns the hour of the day that somebody means by one of a part of it.
func (p part) hour(hour int) int {
	switch {
	case p == morning && hour == 12:
		return 0
	case p == night && hour == 12:
		return 24
	case p == afternoon && hour < 12, p == night && hour > 5 && hour < 12:
		return hour + 12
	}
	return hour
}

// clock is a time of the day, or a time to wait.
type clock struct {
	hour, minute int
	part         part
	strength     strength
	// said says that a word makes a time of it.
	said bool
	// halfDay says that it counts to twelve, and that nothing says which half is meant.
	halfDay bool
	// noon says that it is the name of noon alone.
	noon bool
	wait time.Duration
}

// longestWait bounds times to wait.
const longestWait = 366 * 24 * time.Hour

// isPair reports whether two items are written as hours and minutes are.
func isPair(a item, b *item) bool {
	return a.digits > 0 && a.digits <= 2 && a.number <= 24 && b.digits == 2 && b.number < 60 && (b.sign == ':' || b.sign == '：')
}

// clockAt reads a clock that begins at a place.
func (r *reading) clockAt(p int) (c clock, end int, ok bool) {
	i := p
	for n := r.longest(i, r.to, atWord); n > 0; n = r.longest(i, r.to, atWord) {
		i += n
		c.said = true
	}
	shift, n := r.at(i, r.to, beforeHour)
	if i += n; n > 0 {
		c.said = true
	} else if s, n := r.at(i, r.to, named); n > 0 {
		at := s.value[named]
		c.noon = at == noonFrom*60
		c.hour, c.minute, c.strength = at/60, at%60, likely
		if c.said {
			c.strength = certain
		}
		i += n
		part, n := r.at(i, r.to, amPart|pmPart|nightPart)
		c.part, c.said = partOf(part.roles), true
		c.halfDay = c.part == 0
		return c, i + n, true
	}
	if i, ok = r.hourAt(&c, i); !ok {
		return c, 0, false
	}
	before := i
	if i = r.behindAt(&c, i); c.said {
		c.strength = certain
	}
	if r.items[before-1].digits == yearDigits && i == before && r.asks == noWish && r.to-r.from > shortOrder {
		c.strength = likely // "how many worked there around 1900"
	}
	at := c.part.hour(c.hour)*60 + c.minute + shift.value[beforeHour]
	if at < 0 {
		at += 12 * 60
	}
	c.halfDay = c.part == 0 && (n > 0 || r.isHalfDay(&c, p, i))
	if c.hour, c.minute = at/60, at%60; c.part != 0 {
		c.part = 0 // it is counted in
	}
	return c, i, at <= 24*60
}

// yearDigits is how many digits a year has, which may be a clock in an order of as many words at most.
const (
	yearDigits = 4
	shortOrder = 4
)

// Between these minutes of a day nobody is awake to ask for something: who says one of those
// hours by words means that of the afternoon.
const halfDayFrom, halfDayTo = 60, 6 * 60

// isHalfDay reports whether a clock between two items counts to twelve: it is said by words, or
// by a single digit without a word for the hour, and no part of the day.
func (r *reading) isHalfDay(c *clock, from, to int) bool {
	k := r.items[to-1]
	return c.said && (k.digits == 0 && r.longest(to-1, r.to, hourWord) == 0 || k.digits == 1 && to-1 > from && r.items[to-2].digits == 0)
}

// hourAt reads the number of an hour, with its minutes where they are written to it.
func (r *reading) hourAt(c *clock, i int) (end int, ok bool) {
	if i >= r.to {
		return 0, false
	}
	k := r.items[i]
	if k.digits == 0 {
		s, n := r.at(i, r.to, numeral)
		if n == 0 || s.value[numeral] < 1 || s.value[numeral] > 24 {
			return 0, false
		}
		c.hour = s.value[numeral]
		if s, more := r.at(i+n, r.to, numeral); more > 0 && s.value[numeral] >= 10 && s.value[numeral] < 60 && c.said {
			c.minute = s.value[numeral]
			return i + n + more, true
		}
		return i + n, true
	}
	if i > 0 && r.items[i-1].digits > 0 && (k.sign != 0 || k.glued) {
		return 0, false // in the middle of a date, an address, a number
	}
	if c.said && k.digits == yearDigits && k.number < 2400 && k.number%100 < 60 && k.word[0] != '2' {
		c.hour, c.minute = k.number/100, k.number%100
		return i + 1, true
	}
	if k.digits > 2 || k.number > 24 {
		return 0, false
	}
	c.hour = k.number
	if i+1 < r.to {
		next := &r.items[i+1]
		switch paired := next.digits == 2 && next.number < 60; {
		case isPair(k, next):
			c.minute, c.strength, i = next.number, certain, i+1
		case paired && next.sign == '.':
			c.minute, c.strength, i = next.number, likely, i+1
		case next.digits > 0 && next.sign != 0:
			return 0, false
		}
	}
	if i++; i < r.to && r.items[i].digits > 0 && r.items[i].sign != 0 || k.amount || r.items[i-1].amount {
		return 0, false
	}
	return i, true
}

// behindAt reads what stands behind the number of an hour: o'clock, minutes, a half,
// and the part of the day.
func (r *reading) behindAt(c *clock, i int) int {
	for range 4 {
		if s, n := r.at(i, r.to, behindHour); n > 0 && c.minute == 0 {
			c.minute, c.said = s.value[behindHour], true
			i += n
			continue
		}
		if n := r.longest(i, r.to, hourWord); n > 0 && (i > 0 && r.items[i-1].digits > 0 || len(r.items[i].word) > 2) {
			i, c.said = i+n, true
			if i < r.to && c.minute == 0 && r.items[i].digits == 2 && r.items[i].number < 60 && r.items[i].sign == 0 {
				c.minute = r.items[i].number
				i++
				i += r.longest(i, r.to, minuteUnit)
			}
			continue
		}
		s, n := r.at(i, r.to, amPart|pmPart|nightPart)
		if n == 0 || c.part != 0 || r.isOtherDay(i, i+n) {
			break
		}
		c.part, c.said = partOf(s.roles), true
		i += n
	}
	return i
}

// isOtherDay reports whether items name a day that is not today's, whatever part of it they are: that
// is read as the day of the clock.
func (r *reading) isOtherDay(from, to int) bool {
	d, ok := r.date(from, to)
	return ok && !r.isToday(d.date)
}

func partOf(does role) part {
	switch {
	case does&nightPart != 0:
		return night
	case does&pmPart != 0:
		return afternoon
	case does&amPart != 0:
		return morning
	}
	return 0
}

// waitAt reads a time to wait that begins at a place: in 20 minutes, 20分後.
func (r *reading) waitAt(p int) (c clock, end int, ok bool) {
	i := p
	n := r.longest(i, r.to, waiting)
	if _, next := r.lengthAt(i + n); next == 0 {
		n = 0 // "half" and "in" may be one word without accents
	}
	i += n
	said := n > 0
	for {
		wait, next := r.lengthAt(i)
		if next == 0 {
			break
		}
		c.wait, i = c.wait+wait, next
	}
	if c.wait <= 0 || c.wait > longestWait {
		return clock{}, 0, false
	}
	n = r.longest(i, r.to, waiting)
	c.strength, c.said = certain, true
	return c, i + n, said || n > 0
}

// lengthAt reads a number of minutes or hours.
func (r *reading) lengthAt(i int) (time.Duration, int) {
	if s, n := r.at(i, r.to, lasting); n > 0 {
		return time.Duration(s.value[lasting]) * time.Minute, i + n
	}
	if i >= r.to {
		return 0, 0
	}
	count, n := r.items[i].number, 1
	if r.items[i].digits == 0 {
		var s sense
		if s, n = r.at(i, r.to, numeral); n == 0 {
			return 0, 0
		}
		count = s.value[numeral]
	} else if r.items[i].digits > 4 || r.items[i].sign != 0 && i > r.from && r.items[i-1].digits > 0 {
		return 0, 0
	}
	i += n
	if s, n := r.at(i, r.to, minuteUnit|hourUnit); n > 0 {
		unit := time.Minute
		if s.roles&hourUnit == 0 {
			return time.Duration(count) * unit, i + n
		}
		half, more := r.at(i+n, r.to, behindHour) // 1時間半
		return time.Duration(count)*time.Hour + time.Duration(half.value[behindHour])*unit, i + n + more
	}
	return 0, 0
}

// recursAt returns how many items at a place say that something comes again.
func (r *reading) recursAt(p, end int) int {
	if n := r.longest(p, end, recurs); n > 0 {
		return n
	}
	n := r.longest(p, end, each)
	if n == 0 {
		return 0
	}
	i := p + n
	if i < end && r.items[i].digits > 0 {
		i++
	} else {
		i += r.longest(i, end, numeral)
	}
	if n = r.longest(i, end, repeated); n == 0 {
		return 0
	}
	i += n
	return i + r.longest(i, end, amPart|pmPart|nightPart) - p
}

// wallTime returns when the clocks of a place show a time: of a time that comes twice the
// first, and the next that exists of one that is skipped. An hour of 24 is the next
// day's beginning.
func wallTime(year int, month time.Month, date, hour, minute int, zone *time.Location) time.Time {
	shown := time.Date(year, month, date, hour, minute, 0, 0, time.UTC)
	var first time.Time
	for _, near := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, offset := shown.Add(near).In(zone).Zone()
		t := shown.Add(-time.Duration(offset) * time.Second).In(zone)
		_, told := t.Zone()
		if told == offset && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if !first.IsZero() {
		return first
	}
	_, before := shown.Add(-26 * time.Hour).In(zone).Zone()
	start, _ := shown.Add(-time.Duration(before) * time.Second).In(zone).ZoneBounds()
	return start
}

// moment returns the moment that was found, as it is said now.
func (f *found) moment(now time.Time) time.Time {
	if f.clock.wait > 0 {
		return now.Add(f.clock.wait).Truncate(time.Second)
	}
	hour := f.clock.hour
	if at := hour*60 + f.clock.minute; f.clock.halfDay && f.day.part == 0 && at >= halfDayFrom && at < halfDayTo {
		hour += 12
	}
	if hour <= 12 {
		hour = cmp.Or(f.clock.part, f.day.part).hour(hour)
	}
	year, month, date := now.Date()
	if f.day.named {
		year, month, date = f.day.date.Date()
	}
	at := wallTime(year, month, date, hour, f.clock.minute, now.Location())
	switch {
	case at.After(now):
	case !f.day.named:
		at = wallTime(year, month, date+1, hour, f.clock.minute, now.Location())
	case f.day.weekday:
		at = wallTime(year, month, date+7, hour, f.clock.minute, now.Location())
	}
	return at
}
