package when

import (
	"strings"
	"time"

	"keypull/pull/words"
)

// Limits of what ParseOpening accepts: lines of holidays, and days that one of
// them may span.
const (
	maxHolidays = 1000
	maxSpanDays = 400
)

// ParseOpening reads hours as ParseHours does, and the days that have others. A
// holiday is a line with a day, what is open then and a name, of which the last
// two may be missing: "2026-12-25", "2026-12-25 Christmas Day", "12-25" (every
// year), "2026-12-24..2027-01-01" (all of these days), "2026-12-24 09:00-12:00"
// (open then, and at no other time), "2026-12-24 closed". Where several lines
// speak of a day, their hours add up. Such lines may stand among the hours, too.
func ParseOpening(hours, holidays []string) (Opening, error) {
	o := Opening{days: map[civil]special{}, years: map[civil]special{}}
	if len(hours) > maxHoursLines+maxHolidays || len(holidays) > maxHolidays {
		return Opening{}, words.Fail(nil, "hours.many", words.Args{"n": len(hours) + len(holidays), "max": maxHolidays})
	}
	weekly := 0
	for _, line := range hours {
		if beginsWithDay(line) {
			holidays = append(holidays[:len(holidays):len(holidays)], line)
			continue
		}
		if weekly++; weekly > maxHoursLines {
			return Opening{}, words.Fail(nil, "hours.many", words.Args{"n": weekly, "max": maxHoursLines})
		}
		if err := o.addWeekly(line); err != nil {
			return Opening{}, err
		}
	}
	for _, line := range holidays {
		if err := o.addDay(line); err != nil {
			return Opening{}, err
		}
	}
	return o, nil
}

// addWeekly takes a line of ParseHours for what it says of each day.
func (o *Opening) addWeekly(line string) error {
	first, last, s, err := parseWeekly(line)
	if err != nil {
		return err
	}
	for i := range first {
		for day := first[i]; day <= last[i]; day++ {
			o.week[day%7] = append(o.week[day%7], s)
			o.set = true
		}
	}
	return nil
}

// addDay takes a line of a holiday.
func (o *Opening) addDay(line string) error {
	if len(line) > maxHoursLine {
		return words.Fail(nil, "hours.long", words.Args{"max": maxHoursLine})
	}
	text, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	days, table, err := o.daysOf(text)
	if err != nil {
		return err
	}
	var own special
	rest = strings.TrimSpace(rest)
	for rest != "" {
		word, more, _ := strings.Cut(rest, " ")
		spans, isSpans := parseSpans(word)
		if !isSpans && !strings.EqualFold(word, "closed") {
			break
		}
		own.spans, rest = append(own.spans, spans...), strings.TrimSpace(more)
	}
	own.name = rest
	for _, day := range days {
		before := table[day]
		before.spans = append(before.spans[:len(before.spans):len(before.spans)], own.spans...)
		if before.name == "" {
			before.name = own.name
		}
		table[day] = before
	}
	o.set = o.set || len(own.spans) > 0
	return nil
}

// parseSpans reads "09:00-12:00,14:00-18:00".
func parseSpans(text string) ([]span, bool) {
	var all []span
	for part := range strings.SplitSeq(strings.ToLower(text), ",") {
		s, err := parseSpan(part)
		if err != nil {
			return nil, false
		}
		all = append(all, s)
	}
	return all, true
}

// daysOf reads "2026-12-25", "12-25" or "2026-12-24..2027-01-01".
func (o *Opening) daysOf(text string) ([]civil, map[civil]special, error) {
	bad := words.Fail(nil, "hours.holiday", words.Args{"got": text})
	if day, err := time.Parse("2006-01-02", "2024-"+strings.TrimPrefix(text, "--")); err == nil {
		return []civil{{0, day.Month(), day.Day()}}, o.years, nil
	}
	from, to, isRange := strings.Cut(text, "..")
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return nil, nil, bad
	}
	last := first
	if isRange {
		if last, err = time.Parse(time.DateOnly, to); err != nil || last.Before(first) || last.Sub(first) > maxSpanDays*24*time.Hour {
			return nil, nil, bad
		}
	}
	var days []civil
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		y, m, d := day.Date()
		days = append(days, civil{y, m, d})
	}
	return days, o.days, nil
}

// beginsWithDay tells a line of a holiday from one of weekly hours.
func beginsWithDay(line string) bool {
	text, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	text, _, _ = strings.Cut(text, "..")
	_, full := time.Parse(time.DateOnly, text)
	_, yearly := time.Parse("2006-01-02", "2024-"+strings.TrimPrefix(text, "--"))
	return full == nil || yearly == nil
}
