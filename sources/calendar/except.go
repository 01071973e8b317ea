package calendar

import "time"

// exceptions are the times at which an event does not take place: moments, what
// clocks show wherever that is, and days.
type exceptions struct {
	moments, walls map[int64]bool
	days           map[string]bool
}

func newExceptions() exceptions {
	return exceptions{moments: map[int64]bool{}, walls: map[int64]bool{}, days: map[string]bool{}}
}

// excepts says whether an occurrence is excepted, by its moment, by what clocks show
// then, or by its day.
func (e exceptions) excepts(at, wall time.Time, day string) bool {
	return e.moments[at.Unix()] || e.walls[wall.Unix()] || e.days[day]
}

// addException adds a time. In a series of days it means its day, as the clocks where
// it was written have it.
func (p *plan) addException(e *exceptions, s stamp, ofDays bool) {
	if s.kind == isDay || ofDays {
		e.days[p.dateOf(s)] = true
	}
	if s.kind == isDay {
		return
	}
	if at, ok := p.momentOf(s); ok {
		e.moments[at.Unix()] = true
	}
	if s.kind == isWall {
		e.walls[s.wall.Unix()] = true
	}
}

// dateOf returns the day of a stamp: where it was written, and of a moment that is no
// midnight in UTC where the calendar is.
func (p *plan) dateOf(s stamp) string {
	wall := s.wall
	if s.kind == isMoment && !wall.Equal(wall.Truncate(dayLength)) {
		wall = p.zones.floating.wallAt(wall)
	}
	return wall.Format(time.DateOnly)
}
