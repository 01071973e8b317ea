package when

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"keypull/pull/words"
)

// Schedule says when something recurs. The zero value never does.
//
// A line that names hours goes by the clock on the wall and runs once for each
// time it names, on the days of a change of time as on all others: a time that
// is skipped runs at the end of the gap, a time that comes twice runs the first
// time only. A line for every hour ("*/5 * * * *") and "@every" go by the time
// that passes, through both.
type Schedule struct {
	spec cron.Schedule
	zone *time.Location
	wall bool
}

const maxSpec = 200

// ParseSchedule reads a cron line of five fields (minute, hour, day, month,
// weekday), one of @hourly, @daily, @weekly, @monthly and @yearly, or "@every"
// and a duration of at least one second. It counts in that zone, nil meaning
// UTC, unless the line begins with "TZ=" or "CRON_TZ=" and a zone of its own.
// A line that names no day that exists is an error.
func ParseSchedule(spec string, zone *time.Location) (Schedule, error) {
	if len(spec) > maxSpec {
		return Schedule{}, words.Fail(nil, "cron.long", words.Args{"max": maxSpec})
	}
	line, zone, err := cutZone(strings.TrimSpace(spec), orUTC(zone))
	if err != nil {
		return Schedule{}, err
	}
	s, err := parseLine(line, zone)
	if err != nil {
		return Schedule{}, err
	}
	if s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, words.Fail(nil, "cron.never", nil)
	}
	return s, nil
}

// cutZone takes the zone off the beginning of a line. It is not left to the
// cron library, which panics on a line of nothing but a zone.
func cutZone(spec string, zone *time.Location) (string, *time.Location, error) {
	name, ok := strings.CutPrefix(spec, "CRON_TZ=")
	if !ok {
		name, ok = strings.CutPrefix(spec, "TZ=")
	}
	if !ok {
		return spec, zone, nil
	}
	name, line, _ := strings.Cut(name, " ")
	own, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		return "", nil, words.Fail(nil, "cron.zone", words.Args{"got": name})
	}
	return strings.TrimSpace(line), own, nil
}

// everyHour is the bit by which the cron library marks a field of "*".
const everyHour = 1 << 63

func parseLine(line string, zone *time.Location) (s Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = Schedule{}, words.Fail(nil, "cron.none", nil)
		}
	}()
	if rest, ok := strings.CutPrefix(line, "@every "); ok {
		every, err := time.ParseDuration(strings.TrimSpace(rest))
		if err != nil || every < time.Second {
			return Schedule{}, words.Fail(err, "cron.every", nil)
		}
		return Schedule{spec: cron.Every(every), zone: zone}, nil
	}
	if strings.Contains(line, "TZ=") {
		return Schedule{}, words.Fail(nil, "cron.one_zone", nil)
	}
	parsed, err := cron.ParseStandard(line)
	if err != nil {
		return Schedule{}, words.Fail(err, "cron.unread", words.Args{"reason": words.Said(err)})
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return Schedule{}, words.Fail(nil, "cron.none", nil)
	}
	spec.Location = zone
	if spec.Hour&everyHour != 0 {
		return Schedule{spec: spec, zone: zone}, nil
	}
	spec.Location = time.UTC
	return Schedule{spec: spec, zone: zone, wall: true}, nil
}

// Next returns the first moment of the schedule after that one, in the zone
// of after, or zero if there is none within five years.
func (s Schedule) Next(after time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	if !s.wall {
		return s.spec.Next(after)
	}
	for wall := s.spec.Next(wallOf(after.In(s.zone))); !wall.IsZero(); wall = s.spec.Next(wall) {
		if t := firstShowing(wall, s.zone); t.After(after) {
			return t.In(after.Location())
		}
	}
	return time.Time{}
}
