package calendar

import (
	"errors"
	"slices"
	"strings"
	"time"

	rrule "github.com/teambition/rrule-go"
)

var (
	errRule  = errors.New("the rule of a recurring event is not understood")
	errOften = errors.New("an event that recurs every minute or second is none for readers")
	errSteps = errors.New("the events that recur take too long to lay out")
)

// rule says when something recurs. The library reads it; laid out it is by
// walk, since the library's own walk over a rule that never fits a day ends in
// the year 9999.
type rule struct {
	rrule.ROption
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
	var r rule
	if len(text) > maxRuleBytes {
		return r, errRule
	}
	var parts []string
	for part := range strings.SplitSeq(strings.ToUpper(strings.ReplaceAll(text, " ", "")), ";") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case part == "", strings.HasPrefix(name, "X-"), name == "RSCALE" && value == "GREGORIAN", name == "SKIP" && value == "OMIT":
		case name == "UNTIL":
			r.untilText = value
		case name == "BYEASTER", name == "DTSTART":
			return r, errRule
		default:
			parts = append(parts, part)
		}
	}
	option, err := rrule.StrToROption(strings.Join(parts, ";"))
	if err != nil {
		return r, errRule
	}
	r.ROption = *option
	if _, isNumber := value(r.untilText); r.untilText != "" && !isNumber {
		return r, errRule
	}
	return r, r.check()
}

func value(text string) (time.Time, bool) {
	wall, _, ok := wallTime(text)
	return wall, ok
}

// check refuses what is out of bounds.
func (r *rule) check() error {
	if r.Freq > rrule.HOURLY {
		return errOften
	}
	if r.Interval == 0 {
		r.Interval = 1
	}
	within := func(all []int, least, most int) bool {
		return len(all) <= maxRuleList && !slices.ContainsFunc(all, func(n int) bool { return n < least || n > most || n == 0 && least < 0 })
	}
	if r.Interval < 0 || r.Interval > maxInterval || r.Count < 0 || len(r.Byweekday) > maxRuleList ||
		!within(r.Bymonth, 1, 12) || !within(r.Bymonthday, -31, 31) || !within(r.Byyearday, -366, 366) ||
		!within(r.Byweekno, -53, 53) || !within(r.Byhour, 0, 23) || !within(r.Byminute, 0, 59) ||
		!within(r.Bysecond, 0, 60) || !within(r.Bysetpos, -366, 366) {
		return errRule
	}
	if r.Freq == rrule.HOURLY && len(r.Bysetpos) > 0 || len(r.Byhour)*len(r.Byminute)*max(1, len(r.Bysecond)) > 24*60 {
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
		r.until = z.wall(wall)
	default:
		r.until = wall
	}
}

// wall returns what the clocks of the zone show at a moment.
func (z zone) wall(t time.Time) time.Time {
	if z.location != nil {
		return wallOf(t, z.location)
	}
	near := z.offset(t.Add(time.Duration(z.first) * time.Second))
	return t.UTC().Add(time.Duration(near) * time.Second)
}

// defaults takes from the beginning what the rule does not say.
func (r *rule) defaults(start time.Time) {
	if len(r.Byweekno)+len(r.Byyearday)+len(r.Bymonthday)+len(r.Byweekday) == 0 {
		switch r.Freq {
		case rrule.YEARLY:
			if len(r.Bymonth) == 0 {
				r.Bymonth = []int{int(start.Month())}
			}
			r.Bymonthday = []int{start.Day()}
		case rrule.MONTHLY:
			r.Bymonthday = []int{start.Day()}
		case rrule.WEEKLY:
			r.Byweekday = []rrule.Weekday{[]rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}[start.Weekday()]}
		}
	}
	if len(r.Byhour) == 0 && r.Freq < rrule.HOURLY {
		r.Byhour = []int{start.Hour()}
	}
	if len(r.Byminute) == 0 {
		r.Byminute = []int{start.Minute()}
	}
	if len(r.Bysecond) == 0 {
		r.Bysecond = []int{start.Second()}
	}
}
