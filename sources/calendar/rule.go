package calendar

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	errRule  = errors.New("the rule of a recurring event is not understood")
	errOften = errors.New("an event that recurs every minute or second is none for readers")
	errSteps = errors.New("the events that recur take too long to lay out")
)

// frequency is how often a rule has its turn.
type frequency int

const (
	yearly frequency = iota
	monthly
	weekly
	daily
	hourly
)

var frequencies = map[string]frequency{"YEARLY": yearly, "MONTHLY": monthly, "WEEKLY": weekly, "DAILY": daily, "HOURLY": hourly, "MINUTELY": hourly + 1, "SECONDLY": hourly + 2}

// weekday is a day of the week, of which n tells the one that is meant: the second or
// last Friday; 0 is each of them.
type weekday struct {
	day time.Weekday
	n   int
}

// rule says when something recurs (RFC 5545 §3.3.10). It is laid out by walk: a
// library walks over a rule that never fits a day until the year 9999.
type rule struct {
	freq                                      frequency
	interval, count                           int
	weekStart                                 time.Weekday
	byMonth, byMonthDay, byYearDay, byWeekNo  []int
	byHour, byMinute, bySecond, bySetPosition []int
	byWeekday                                 []weekday
	// until is the last wall time; zero if there is none; untilText how it is
	// written, which may be a day or a moment.
	until     time.Time
	untilText string
}

// Limits of a rule.
const (
	maxRuleBytes = 4 << 10
	maxInterval  = 100_000
	maxRuleList  = 400
)

// parseRule reads the value of an RRULE.
func parseRule(text string) (rule, error) {
	r := rule{freq: -1, interval: 1, weekStart: time.Monday}
	if len(text) > maxRuleBytes {
		return r, errRule
	}
	text = strings.TrimPrefix(strings.ToUpper(strings.ReplaceAll(text, " ", "")), "RRULE:")
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if part == "" || strings.HasPrefix(name, "X-") {
			continue
		}
		if !r.setPart(name, value) {
			return r, errRule
		}
	}
	if _, _, isTime := wallTime(r.untilText); r.untilText != "" && !isTime || r.freq < 0 {
		return r, errRule
	}
	return r, r.checkBounds()
}

// setPart reads one part of a rule; it returns false for a part that is unreadable.
func (r *rule) setPart(name, value string) (ok bool) {
	numbers := map[string]*[]int{
		"BYMONTH": &r.byMonth, "BYMONTHDAY": &r.byMonthDay, "BYYEARDAY": &r.byYearDay, "BYWEEKNO": &r.byWeekNo,
		"BYHOUR": &r.byHour, "BYMINUTE": &r.byMinute, "BYSECOND": &r.bySecond, "BYSETPOS": &r.bySetPosition,
	}
	var err error
	switch name {
	case "RSCALE":
		return value == "GREGORIAN"
	case "SKIP":
		return value == "OMIT"
	case "UNTIL":
		r.untilText = value
	case "FREQ":
		r.freq, ok = frequencies[value]
		return ok
	case "INTERVAL":
		r.interval, err = strconv.Atoi(value)
		r.interval = cmp.Or(r.interval, 1)
	case "COUNT":
		r.count, err = strconv.Atoi(value)
	case "WKST":
		w, fits := weekdayOf(value)
		r.weekStart = w.day
		return fits
	case "BYDAY":
		r.byWeekday = nil
		for text := range strings.SplitSeq(value, ",") {
			w, fits := weekdayOf(text)
			if !fits {
				return false
			}
			r.byWeekday = append(r.byWeekday, w)
		}
	default:
		list := numbers[name]
		if list == nil {
			return false
		}
		*list = nil
		for text := range strings.SplitSeq(value, ",") {
			n, failed := strconv.Atoi(text)
			*list, err = append(*list, n), errors.Join(err, failed)
		}
	}
	return err == nil
}

// weekdayOf reads "FR", "2FR" or "-1FR".
func weekdayOf(text string) (w weekday, ok bool) {
	if len(text) < 2 {
		return w, false
	}
	at := strings.Index("SUMOTUWETHFRSA", text[len(text)-2:])
	if w.day = time.Weekday(at / 2); at < 0 || at%2 != 0 {
		return w, false
	}
	if text = text[:len(text)-2]; text == "" {
		return w, true
	}
	var err error
	w.n, err = strconv.Atoi(text)
	return w, err == nil
}

// checkBounds refuses what is out of bounds.
func (r *rule) checkBounds() error {
	if r.freq > hourly {
		return errOften
	}
	within := func(all []int, least, most int) bool {
		return len(all) <= maxRuleList && !slices.ContainsFunc(all, func(n int) bool { return n < least || n > most || n == 0 && least < 0 })
	}
	if r.interval < 0 || r.interval > maxInterval || r.count < 0 || len(r.byWeekday) > maxRuleList ||
		!within(r.byMonth, 1, 12) || !within(r.byMonthDay, -31, 31) || !within(r.byYearDay, -366, 366) ||
		!within(r.byWeekNo, -53, 53) || !within(r.byHour, 0, 23) || !within(r.byMinute, 0, 59) ||
		!within(r.bySecond, 0, 60) || !within(r.bySetPosition, -366, 366) {
		return errRule
	}
	if r.freq == hourly && len(r.bySetPosition) > 0 || len(r.byHour)*len(r.byMinute)*max(1, len(r.bySecond)) > 24*60 {
		return errOften
	}
	return nil
}

// untilWall settles what the last wall time is by the zone of the event.
func (r *rule) untilWall(z zone) {
	wall, kind, ok := wallTime(r.untilText)
	switch {
	case !ok:
	case kind == isDay:
		r.until = wall.Add(24*time.Hour - time.Second)
	case kind == isMoment:
		r.until = z.wallAt(wall)
	default:
		r.until = wall
	}
}

// wallAt returns what the clocks of the zone show at a moment.
func (z zone) wallAt(t time.Time) time.Time {
	if z.location != nil {
		return wallOf(t, z.location)
	}
	near := z.offsetAt(t.Add(time.Duration(z.first) * time.Second))
	return t.UTC().Add(time.Duration(near) * time.Second)
}

// setDefaults takes from the beginning what the rule does not say.
func (r *rule) setDefaults(start time.Time) {
	if len(r.byWeekNo)+len(r.byYearDay)+len(r.byMonthDay)+len(r.byWeekday) == 0 {
		switch r.freq {
		case yearly:
			if len(r.byMonth) == 0 {
				r.byMonth = []int{int(start.Month())}
			}
			r.byMonthDay = []int{start.Day()}
		case monthly:
			r.byMonthDay = []int{start.Day()}
		case weekly:
			r.byWeekday = []weekday{{day: start.Weekday()}}
		}
	}
	if len(r.byHour) == 0 && r.freq < hourly {
		r.byHour = []int{start.Hour()}
	}
	if len(r.byMinute) == 0 {
		r.byMinute = []int{start.Minute()}
	}
	if len(r.bySecond) == 0 {
		r.bySecond = []int{start.Second()}
	}
}
