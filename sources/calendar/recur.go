package calendar

import (
	"math"
	"slices"
	"time"
)

const dayLength = 24 * time.Hour

// walkTimes lays a rule out: it calls each with every wall time from a beginning on
// that lies within from and to, in their order, until each says no. It goes by
// days, each once, so that no rule takes longer than its window has days, but one
// with a count, which is counted from its beginning. steps is what is left of the
// days that may be looked at in all.
func (r rule) walkTimes(start, from, to time.Time, steps *int, each func(wall time.Time) bool) error {
	if start.After(to) || r.count == 0 && !r.until.IsZero() && r.until.Before(from) {
		return nil
	}
	r.setDefaults(start)
	day := dayOf(start)
	if r.count == 0 && from.After(start) {
		day = max(day, dayOf(from)-1)
	}
	day = r.begins(day)
	last := dayOf(to)
	l := layout{rule: &r, start: start, from: from, to: to, each: each}
	for period := r.period(day); ; day++ {
		if *steps--; *steps < 0 {
			return errSteps
		}
		if p := r.period(day); p != period {
			if !l.tellPeriod() || day > last {
				return nil
			}
			period = p
		}
		if r.turn(day, start) && r.fits(day) {
			l.addDay(day)
		}
	}
}

// layout gathers the times of one period.
type layout struct {
	rule            *rule
	start, from, to time.Time
	each            func(time.Time) bool
	times           []time.Time
	counted         int
	begun           bool
}

// addDay takes the times of a day.
func (l *layout) addDay(day int) {
	hours := l.rule.byHour
	if l.rule.freq == hourly {
		hours = l.rule.hours(day, l.start)
	}
	midnight := time.Unix(int64(day)*int64(dayLength/time.Second), 0).UTC()
	for _, hour := range hours {
		for _, minute := range l.rule.byMinute {
			for _, second := range l.rule.bySecond {
				l.times = append(l.times, midnight.Add(time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute+time.Duration(second)*time.Second))
			}
		}
	}
}

// tellPeriod tells the times of a period; false where none follow.
func (l *layout) tellPeriod() bool {
	slices.SortFunc(l.times, time.Time.Compare)
	times := slices.Compact(l.times)
	l.times = times[:0]
	for _, t := range l.rule.chosen(times) {
		if t.Before(l.start) {
			continue
		}
		// What a rule leaves out begins with its first time all the same.
		if !l.begun && t.After(l.start) && !l.tellTime(l.start) {
			return false
		}
		if !l.tellTime(t) {
			return false
		}
	}
	return true
}

func (l *layout) tellTime(t time.Time) bool {
	l.begun = true
	l.counted++
	switch {
	case l.rule.count > 0 && l.counted > l.rule.count, !l.rule.until.IsZero() && t.After(l.rule.until), t.After(l.to):
		return false
	case t.Before(l.from):
		return true
	}
	return l.each(t)
}

// chosen returns those of a period that BYSETPOS names.
func (r *rule) chosen(times []time.Time) []time.Time {
	if len(r.bySetPosition) == 0 {
		return times
	}
	var all []time.Time
	for _, n := range r.bySetPosition {
		if n < 0 {
			n += len(times) + 1
		}
		if n >= 1 && n <= len(times) {
			all = append(all, times[n-1])
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.Compact(all)
}

// hours returns those of a day in an hourly rule.
func (r *rule) hours(day int, start time.Time) []int {
	var all []int
	since := 24*(day-dayOf(start)) - start.Hour()
	for hour := range 24 {
		if n := since + hour; n >= 0 && n%r.interval == 0 && (len(r.byHour) == 0 || slices.Contains(r.byHour, hour)) {
			all = append(all, hour)
		}
	}
	return all
}

// dayOf counts the days of walls since 1970.
func dayOf(wall time.Time) int { return int(math.Floor(float64(wall.Unix()) / 86400)) }

func dateOf(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// period numbers the periods of a rule: years, months, weeks or days.
func (r *rule) period(day int) int {
	date := dateOf(day)
	switch r.freq {
	case yearly:
		return date.Year()
	case monthly:
		return 12*date.Year() + int(date.Month())
	case weekly:
		return r.week(day)
	}
	return day
}

// week numbers the weeks of a rule, which begin on its own day. Day 0 was a
// Thursday.
func (r *rule) week(day int) int {
	const thursday, many = 4, 7 * 1_000_000
	return (day + thursday - int(r.weekStart) + many) / 7
}

// begins returns the first day of the period that a day lies in.
func (r *rule) begins(day int) int {
	date := dateOf(day)
	switch r.freq {
	case yearly:
		return dayOf(time.Date(date.Year(), 1, 1, 0, 0, 0, 0, time.UTC))
	case monthly:
		return dayOf(time.Date(date.Year(), date.Month(), 1, 0, 0, 0, 0, time.UTC))
	case weekly:
		for r.week(day-1) == r.week(day) {
			day--
		}
	}
	return day
}

// turn says whether the interval has it that the period of a day counts.
func (r *rule) turn(day int, start time.Time) bool {
	if r.freq == hourly {
		return true // by its hours
	}
	return (r.period(day)-r.period(dayOf(start)))%r.interval == 0
}

// fits says whether a day is one of the rule's.
func (r *rule) fits(day int) bool {
	date := dateOf(day)
	y, m, d := date.Date()
	length := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if len(r.byMonth) > 0 && !slices.Contains(r.byMonth, int(m)) {
		return false
	}
	if len(r.byMonthDay) > 0 && !slices.Contains(r.byMonthDay, d) && !slices.Contains(r.byMonthDay, d-length-1) {
		return false
	}
	if len(r.byYearDay) > 0 {
		days := time.Date(y, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
		if n := date.YearDay(); !slices.Contains(r.byYearDay, n) && !slices.Contains(r.byYearDay, n-days-1) {
			return false
		}
	}
	if len(r.byWeekNo) > 0 && r.freq == yearly && !r.fitsWeek(day) {
		return false
	}
	return len(r.byWeekday) == 0 || slices.ContainsFunc(r.byWeekday, func(w weekday) bool { return r.fitsWeekday(date, length, w) })
}

// fitsWeekday says whether a day is a Monday, or the second or last one of its
// month or year.
func (r *rule) fitsWeekday(date time.Time, length int, w weekday) bool {
	if date.Weekday() != w.day {
		return false
	}
	n := w.n
	if n == 0 || r.freq > monthly {
		return true
	}
	at, of := date.Day(), length
	if r.freq == yearly && len(r.byMonth) == 0 {
		at, of = date.YearDay(), time.Date(date.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	}
	if n > 0 {
		return (at-1)/7+1 == n
	}
	return (of-at)/7+1 == -n
}

// fitsWeek goes by the weeks of a year: the first one has four days of it or
// more.
func (r *rule) fitsWeek(day int) bool {
	date := dateOf(day)
	first := func(year int) int {
		fourth := dayOf(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC))
		return r.week(fourth)
	}
	year, week := date.Year(), r.week(day)
	switch {
	case week < first(year):
		year--
	case week >= first(year+1):
		year++
	}
	n, of := week-first(year)+1, first(year+1)-first(year)
	return slices.Contains(r.byWeekNo, n) || slices.Contains(r.byWeekNo, n-of-1)
}
