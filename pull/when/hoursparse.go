package when

import (
	"slices"
	"strings"

	"keypull/pull/words"
)

// Limits of what ParseHours accepts.
const (
	maxHoursLines = 32
	maxHoursLine  = 100
)

// ParseHours reads the hours of a week, each line days and hours:
// "mon-fri 09:15-15:30", "sat,sun 10:00-12:00", "daily 22:00-02:00" (over
// midnight, into the next day), "mon 24h". "daily" is every day, and "24h" the
// whole day. Lines add up; no line at all is always open.
func ParseHours(lines []string) (Hours, error) {
	var h Hours
	if len(lines) > maxHoursLines {
		return Hours{}, words.Fail(nil, "hours.many", words.Args{"n": len(lines), "max": maxHoursLines})
	}
	for _, line := range lines {
		if err := h.add(line); err != nil {
			return Hours{}, err
		}
	}
	return h, nil
}

func (h *Hours) add(line string) error {
	first, last, s, err := parseWeekly(line)
	for i := range first {
		for day := first[i]; day <= last[i]; day++ {
			h.open(day%7, s)
		}
	}
	return err
}

// parseWeekly reads a line: the first and last day of each of its ranges, and
// what is open on these days.
func parseWeekly(line string) (first, last []int, s span, err error) {
	if len(line) > maxHoursLine {
		return nil, nil, s, words.Fail(nil, "hours.long", words.Args{"max": maxHoursLine})
	}
	fields := strings.Fields(strings.ToLower(line))
	days, times := []string{"daily"}, fields
	switch {
	case len(fields) == 2:
		days, times = strings.Split(fields[0], ","), fields[1:]
	case len(fields) != 1:
		return nil, nil, s, words.Fail(nil, "hours.words", nil)
	case fields[0] == "daily":
		times = []string{"24h"}
	}
	if s, err = parseSpan(times[0]); err != nil {
		return nil, nil, s, err
	}
	for _, text := range days {
		from, to, err := parseDays(text)
		if err != nil {
			return nil, nil, s, err
		}
		first, last = append(first, from), append(last, to)
	}
	return first, last, s, nil
}

// open adds a span to a day; what goes over midnight is the next day's.
func (h *Hours) open(day int, s span) {
	h.set = true
	if s.to > dayMinutes {
		h.days[(day+1)%7] = append(h.days[(day+1)%7], span{0, s.to - dayMinutes})
		s.to = dayMinutes
	}
	h.days[day] = append(h.days[day], s)
}

// parseDays reads a day, a range of days or "daily", as days counted from
// Sunday; a range over the end of the week counts on.
func parseDays(text string) (first, last int, err error) {
	if text == "daily" {
		return 0, 6, nil
	}
	from, to, isRange := strings.Cut(text, "-")
	if first, err = parseDay(from); err != nil || !isRange {
		return first, first, err
	}
	if last, err = parseDay(to); last < first {
		last += 7
	}
	return first, last, err
}

func parseDay(text string) (int, error) {
	names := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	if day := slices.Index(names, text); day >= 0 {
		return day, nil
	}
	return 0, words.Fail(nil, "hours.day", words.Args{"got": text})
}

// parseSpan reads "09:15-15:30" or "24h". An end at or before the beginning is
// the next day's.
func parseSpan(text string) (span, error) {
	if text == "24h" {
		return span{0, dayMinutes}, nil
	}
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return span{}, words.Fail(nil, "hours.span", words.Args{"got": text})
	}
	var s span
	var err error
	if s.from, err = parseClock(from); err != nil {
		return span{}, err
	}
	if s.to, err = parseClock(to); err != nil {
		return span{}, err
	}
	switch {
	case s.from == dayMinutes:
		return span{}, words.Fail(nil, "hours.midnight", words.Args{"got": text})
	case s.from == s.to:
		return span{}, words.Fail(nil, "hours.empty", words.Args{"got": text})
	case s.to < s.from:
		s.to += dayMinutes
	}
	return s, nil
}

// parseClock reads "09:15" into minutes from midnight; "24:00" is the day's end.
func parseClock(text string) (int, error) {
	bad := words.Fail(nil, "hours.clock", words.Args{"got": text})
	if len(text) != len("09:15") || text[2] != ':' {
		return 0, bad
	}
	for _, i := range []int{0, 1, 3, 4} {
		if text[i] < '0' || text[i] > '9' {
			return 0, bad
		}
	}
	hour := int(text[0]-'0')*10 + int(text[1]-'0')
	minute := int(text[3]-'0')*10 + int(text[4]-'0')
	if total := hour*60 + minute; minute < 60 && total <= dayMinutes {
		return total, nil
	}
	return 0, bad
}
