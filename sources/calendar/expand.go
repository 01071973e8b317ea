package calendar

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"time"

	"keypull/pull/when"
)

// occurrence is an event at one of its times.
type occurrence struct {
	*event
	id       string
	from, to time.Time
	// allDay occurrences have days: from is the midnight, in UTC, of the first
	// one and to that of the last.
	allDay bool
}

// Limits of laying out.
const (
	maxSteps       = 3_000_000
	maxOccurrences = 20_000
	maxOfOne       = 5_000
	longest        = 366 * dayLength
)

// plan lays the events of a file out within a window.
type plan struct {
	zones    zones
	from, to time.Time
	steps    int
	all      []occurrence
	// unknown counts events whose zone nobody can know, odd those with a rule
	// that is not understood; these are told at their beginning alone.
	unknown, odd int
	crowded      bool
	// taken are the times that a VFREEBUSY names.
	taken []when.Stretch
}

func newPlan(f *file, from, to time.Time, floating *time.Location) *plan {
	p := &plan{from: from, to: to, steps: maxSteps}
	p.zones = zones{floating: zone{location: floating}, own: f.own, known: map[string]lookedUp{}, from: from, to: to, steps: &p.steps}
	return p
}

// layOutFile lays out all events of a file. After errSteps those found so far count.
func (p *plan) layOutFile(f *file) error {
	if f.cancelled {
		return nil
	}
	for _, b := range f.busy {
		from, ok := p.momentOf(b.from)
		to, fine := p.momentOf(b.to)
		if ok && fine {
			p.taken = append(p.taken, when.Stretch{From: from, To: to})
		}
	}
	for _, s := range f.groupSeries() {
		if err := p.layOutSeries(s); err != nil {
			return err
		}
		if len(p.all) > maxOccurrences {
			p.crowded = true
			return nil
		}
	}
	return nil
}

// layOutSeries lays one series out: each occurrence of the master that nothing stands
// in the place of, and what does.
func (p *plan) layOutSeries(s series) error {
	instead, futures := p.layOutOthers(s)
	for i := range s.masters {
		m := &s.masters[i]
		if m.cancelled {
			continue
		}
		if err := p.layOutMaster(m, instead, futures); err != nil {
			return err
		}
	}
	return nil
}

// layOutOthers lays out what stands in the place of an occurrence, the newest version
// of each, unless the series takes that occurrence back. It returns whose places
// these are, and what holds for all behind its place.
func (p *plan) layOutOthers(s series) (instead exceptions, futures []future) {
	instead = newExceptions()
	newest := map[int64]*event{}
	var order []int64
	for i := range s.others {
		o := &s.others[i]
		at, ok := p.momentOf(o.of)
		if !ok {
			p.unknown++
			continue
		}
		was, known := newest[at.Unix()]
		if !known {
			order = append(order, at.Unix())
		}
		if !known || o.sequence >= was.sequence {
			newest[at.Unix()] = o
		}
	}
	for _, at := range order {
		o := newest[at]
		if p.takenBack(o, s.masters) {
			continue
		}
		p.addException(&instead, o.of, slices.ContainsFunc(s.masters, func(m event) bool { return m.start.kind == isDay }))
		if o.future {
			futures = append(futures, future{time.Unix(at, 0).UTC(), o})
		}
		if !o.cancelled {
			p.addOccurrence(o, o.start.wall, "", nil)
		}
	}
	slices.SortStableFunc(futures, func(a, b future) int { return a.at.Compare(b.at) })
	return instead, futures
}

// takenBack says whether a series of the same version or a newer one has no such
// occurrence any more: it is cancelled, or excepts it.
func (p *plan) takenBack(o *event, masters []event) bool {
	return slices.ContainsFunc(masters, func(m event) bool {
		if m.cancelled {
			return m.sequence >= o.sequence
		}
		if len(m.except) == 0 {
			return false
		}
		e := newExceptions()
		for _, s := range m.except {
			if s.kind == isDay && m.start.kind != isDay {
				continue // a whole day, and not what was moved to another
			}
			p.addException(&e, s, m.start.kind == isDay)
		}
		at, _ := p.momentOf(o.of)
		return e.excepts(at, o.of.wall, p.dateOf(o.of))
	})
}

// future is what holds for all of a series from some moment on.
type future struct {
	at time.Time
	*event
}

// layOutMaster lays out what recurs by itself.
func (p *plan) layOutMaster(m *event, instead exceptions, futures []future) error {
	z, ok := p.zoneOf(m.start)
	if !ok {
		p.unknown++
		return nil
	}
	gone := newExceptions()
	for _, s := range m.except {
		p.addException(&gone, s, m.start.kind == isDay)
	}
	periods := map[int64]*lasting{}
	for _, s := range m.more {
		periods[p.wallIn(s, z, m.start.kind).Unix()] = s.until
	}
	walls, err := p.walls(m, z)
	if err != nil {
		if !errors.Is(err, errSteps) {
			p.odd++
		}
		if len(walls) == 0 {
			walls = []time.Time{m.start.wall}
		}
	}
	for _, wall := range walls {
		at := p.at(m.start, z, wall)
		if day := wall.Format(time.DateOnly); gone.excepts(at, wall, day) || instead.excepts(at, wall, day) {
			continue
		}
		by, moved := m, wall
		for _, f := range futures {
			if at.After(f.at) {
				by, moved = f.event, wall.Add(f.start.wall.Sub(f.of.wall))
			}
		}
		if by != m && (by.cancelled || by.of.kind != m.start.kind && by.of.kind == isMoment) {
			if by.cancelled {
				continue
			}
			moved = wall
		}
		p.addOccurrence(by, moved, m.uid, periods[wall.Unix()])
	}
	if errors.Is(err, errSteps) {
		return err
	}
	return nil
}

// walls returns the wall times of a master around the window.
func (p *plan) walls(m *event, z zone) ([]time.Time, error) {
	length := min(max(m.end.wall.Sub(m.start.wall), time.Duration(m.days)*dayLength+m.hours, 0), longest)
	if !m.ends {
		length = min(time.Duration(m.days)*dayLength+m.hours, longest)
	}
	const around = 40 * dayLength // what all that is to come was moved by
	from, to := z.wallAt(p.from).Add(-length-around), z.wallAt(p.to).Add(around)
	walls := []time.Time{}
	for _, t := range m.more {
		if t := p.wallIn(t, z, m.start.kind); !t.Before(from) && !t.After(to) {
			walls = append(walls, t)
		}
	}
	var failed error
	var last time.Time
	without := map[int64]bool{}
	for _, written := range m.rules {
		r, err := parseRule(written.text)
		if err == nil {
			r.untilWall(z)
			if r.until.After(last) && !written.without {
				last = r.until
			}
			err = r.walkTimes(m.start.wall, from, to, &p.steps, func(wall time.Time) bool {
				if written.without {
					without[wall.Unix()] = true
				} else {
					walls = append(walls, wall)
				}
				return max(len(walls), len(without)) < maxOfOne
			})
		}
		if err != nil && (failed == nil || errors.Is(err, errSteps)) {
			failed = err
		}
	}
	// The beginning counts, unless all ended before it.
	if ended := !last.IsZero() && last.Before(m.start.wall); !ended && !m.start.wall.Before(from) && !m.start.wall.After(to) {
		walls = append(walls, m.start.wall)
	}
	walls = slices.DeleteFunc(walls, func(t time.Time) bool { return without[t.Unix()] })
	slices.SortFunc(walls, time.Time.Compare)
	return slices.Compact(walls), failed
}

// wallIn returns a stamp by the clocks of another zone, of a series of days its day.
func (p *plan) wallIn(s stamp, z zone, k kind) time.Time {
	if k == isDay {
		day, _ := time.Parse(time.DateOnly, p.dateOf(s)) // as it was just written
		return day
	}
	if s.kind == isDay {
		return s.wall
	}
	if at, ok := p.momentOf(s); ok {
		return z.wallAt(at)
	}
	return s.wall
}

// addOccurrence adds an event at a time of its own; until is when it ends, where that is
// another time than that of its series.
func (p *plan) addOccurrence(e *event, wall time.Time, uid string, until *lasting) {
	uid = cmp.Or(uid, e.uid)
	o := occurrence{event: e, allDay: e.start.kind == isDay}
	if o.allDay {
		o.from, o.to = wall, wall
		if days := e.dayCount(until); days > 1 {
			o.to = wall.AddDate(0, 0, days-1)
		}
		o.id = uid + "/" + wall.Format("20060102")
	} else {
		z, ok := p.zoneOf(e.start)
		if !ok {
			p.unknown++
			return
		}
		o.from = p.at(e.start, z, wall)
		o.to = p.until(e, z, wall, o.from, until)
		o.id = uid + "/" + o.from.UTC().Format("20060102T150405Z")
	}
	reach := o.to
	if o.allDay {
		reach = reach.Add(dayLength)
	}
	if reach.Before(p.from) || o.from.After(p.to) || len(p.all) > maxOccurrences {
		return
	}
	p.all = append(p.all, o)
}

// dayCount returns how many days an all-day event lasts.
func (e *event) dayCount(until *lasting) int {
	if until != nil && until.days > 0 {
		return until.days
	}
	if e.ends {
		return int(math.Round(e.end.wall.Sub(e.start.wall).Hours() / 24))
	}
	return e.days
}

// until returns when an occurrence ends: by the clock on the wall, as it was set.
func (p *plan) until(e *event, z zone, wall, from time.Time, period *lasting) time.Time {
	end := from
	switch {
	case period != nil && period.ends:
		end, _ = p.momentOf(period.end)
	case period != nil:
		end = p.at(e.start, z, wall.AddDate(0, 0, period.days)).Add(period.hours)
	case e.ends && e.end.zone == e.start.zone && e.end.kind == e.start.kind:
		end = p.at(e.start, z, wall.Add(e.end.wall.Sub(e.start.wall)))
	case e.ends:
		begins, ok := p.momentOf(e.start)
		ends, fine := p.momentOf(e.end)
		if ok && fine {
			end = from.Add(ends.Sub(begins))
		}
	case e.length != "":
		end = p.at(e.start, z, wall.AddDate(0, 0, e.days)).Add(e.hours)
	}
	if end.Before(from) {
		return from
	}
	return end
}

// at returns the moment of a wall time of a stamp's kind.
func (p *plan) at(s stamp, z zone, wall time.Time) time.Time {
	if s.kind == isMoment {
		return wall
	}
	return z.momentOf(wall)
}

// zoneOf returns the zone that a stamp counts in.
func (p *plan) zoneOf(s stamp) (zone, bool) {
	switch s.kind {
	case isMoment, isDay:
		return zone{location: time.UTC}, true
	}
	return p.zones.findZone(s.zone)
}

// momentOf returns when a stamp is; a day is its midnight.
func (p *plan) momentOf(s stamp) (time.Time, bool) {
	z, ok := p.zoneOf(s)
	if !ok {
		return time.Time{}, false
	}
	return p.at(s, z, s.wall), true
}

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
