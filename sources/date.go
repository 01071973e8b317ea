package sources

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// DateHints are what helps to understand the dates of one document.
type DateHints struct {
	// Others are further dates of the document, as they are written.
	Others []string
	// Built is when the document says that it was made, Arrived when it did
	// arrive; the first cannot be later.
	Built   string
	Arrived time.Time
	// Language is the document's, as a BCP 47 tag; "" if it says none.
	Language string
	// Zone is the publisher's; nil if it is not known.
	Zone *time.Location
	// Naive is where the clocks stand of times that name no zone; nil if that
	// is not known. Another one than the publisher's was set, and holds before
	// anything that the document says.
	Naive *time.Location
}

// Dates reads the dates of one document. It never guesses: an abbreviation
// that stands for several zones is decided by the document's other dates, its
// language or the publisher's zone, in this order, and a date whose zone stays
// unknown is no date.
type Dates struct {
	hints   DateHints
	certain []evidence
	// order is what the document's other dates tell of "1/2/2006": +1 the day
	// stands first, -1 the month, 0 nothing.
	order int
}

// evidence is a date of the document whose offset is certain.
type evidence struct {
	wall    time.Time
	minutes int
}

// NewDates returns the reader of a document's dates.
func NewDates(h DateHints) *Dates {
	d := &Dates{hints: h}
	for _, text := range append([]string{h.Built}, h.Others...) {
		d.order += slashOrder(text)
		w, ok := readWritten(text)
		if !ok {
			continue
		}
		if minutes, ok := plainOffset(w); ok && minutes != 0 {
			d.certain = append(d.certain, evidence{wall: w.wall, minutes: minutes})
		}
	}
	return d
}

// plainOffset returns the offset that a date gives, as a number or by an
// abbreviation that stands for nothing else.
func plainOffset(w written) (minutes int, ok bool) {
	z := parseZone(w.zone)
	if z.fixed {
		return z.minutes, !w.instant
	}
	if all := meaningsAt(z.abbreviation, w.wall); len(all) == 1 {
		return all[0].minutes, true
	}
	return 0, false
}

// slashOrder is +1 where the first number of "13/2/2006" is a day, -1 where
// the second is.
func slashOrder(text string) int {
	text = withoutWeekday(strings.Join(strings.Fields(text), " "))
	m := numbersOnly.FindStringSubmatch(text)
	if m == nil {
		if m = numbersNoYear.FindStringSubmatch(text); m == nil {
			return 0
		}
		m = m[1:]
	}
	switch {
	case m[2] == ".":
		return 0
	case ParseNumber(m[1]) > 12:
		return 1
	case ParseNumber(m[3]) > 12:
		return -1
	}
	return 0
}

// Read returns the moment that a date tells, in UTC, or zero if it is no date
// or its zone cannot be known. A day without a time of day is the midnight
// with which it begins at the publisher's.
func (d *Dates) Read(text string) time.Time {
	w, ok := d.taken(text)
	if !ok {
		return time.Time{}
	}
	if w.day {
		return in(w.wall, cmp.Or(d.hints.Naive, d.hints.Zone, time.UTC))
	}
	where := d.zone(w)
	if where == nil {
		return time.Time{}
	}
	return in(w.wall, where)
}

// Day returns the midnight, in UTC, of a date that is a day without a time of
// day; false for what is none.
func (d *Dates) Day(text string) (midnight time.Time, ok bool) {
	w, ok := d.taken(text)
	return w.wall, ok && w.day
}

// taken takes a date apart, with its day and month in their order.
func (d *Dates) taken(text string) (written, bool) {
	w, ok := readWritten(text)
	if ok && w.slashed {
		return d.ordered(w)
	}
	if ok && !w.last.IsZero() { // its last part may be the year, unless that is still to come
		return w, w.last.After(d.hints.Arrived) && !d.hints.Arrived.IsZero()
	}
	return w, ok
}

// ordered decides which of two small numbers is the day: by the other dates,
// else by the language; English alone writes it either way.
func (d *Dates) ordered(w written) (written, bool) {
	country := countryIn(d.hints.Language)
	switch {
	case d.order < 0, d.order == 0 && (country == "US" || country == "PH"):
		return w.swapDayMonth(), true
	case d.order > 0, country != "" && country != "CA":
		return w, true
	}
	return w, false
}

// zone returns where the clock of a date stands, or nil if that cannot be known.
func (d *Dates) zone(w written) *time.Location {
	z := parseZone(w.zone)
	switch {
	case w.instant:
		return time.UTC
	case z.fixed:
		return fixedZone(z.minutes)
	case z.location != nil:
		return z.location
	case w.zone == "":
		return d.unzoned(w)
	}
	meanings := meaningsAt(z.abbreviation, w.wall)
	if len(meanings) == 0 {
		return nil
	}
	if len(meanings) > 1 {
		meanings = d.decide(z.abbreviation, w, meanings)
	}
	if len(meanings) != 1 {
		return nil
	}
	return fixedZone(meanings[0].minutes)
}

// decide narrows the meanings of an abbreviation by the first hint that leaves
// one of them.
func (d *Dates) decide(abbreviation string, w written, all []meaning) []meaning {
	language, publisher := countryIn(d.hints.Language), countryOf(d.hints.Zone)
	for _, fits := range []func(meaning) bool{
		func(m meaning) bool { return d.told(abbreviation, m) },
		func(m meaning) bool { return slices.Contains(m.countries, language) },
		func(m meaning) bool { return d.shows(abbreviation, w, m) },
		func(m meaning) bool { return slices.Contains(m.countries, publisher) },
		func(m meaning) bool { return d.possible(abbreviation, m) },
	} {
		left := slices.DeleteFunc(slices.Clone(all), func(m meaning) bool { return !fits(m) })
		if len(left) == 1 {
			return left
		}
	}
	return nil
}

// told says whether another date of the document has the offset for certain,
// in this half of the year or the other.
func (d *Dates) told(abbreviation string, m meaning) bool {
	other := m.minutes + 60
	switch {
	case strings.HasSuffix(abbreviation, "DT"):
		other = m.minutes - 60
	case m.minutes == 60: // the summer of Britain and Ireland
		other = m.minutes
	}
	return slices.ContainsFunc(d.certain, func(e evidence) bool { return e.minutes == m.minutes || e.minutes == other })
}

// shows says whether the publisher's own clocks show the abbreviation then.
func (d *Dates) shows(abbreviation string, w written, m meaning) bool {
	if d.hints.Zone == nil {
		return false
	}
	name, offset := in(w.wall, fixedZone(m.minutes)).In(d.hints.Zone).Zone()
	return strings.EqualFold(name, abbreviation) && offset == 60*m.minutes
}

// possible says whether a document that says with this abbreviation when it
// was made would have been made before it arrived.
func (d *Dates) possible(abbreviation string, m meaning) bool {
	w, ok := readWritten(d.hints.Built)
	if !ok || parseZone(w.zone).abbreviation != abbreviation || d.hints.Arrived.IsZero() {
		return false
	}
	return !in(w.wall, fixedZone(m.minutes)).After(d.hints.Arrived.Add(Skew))
}

// unzoned returns the zone of a time that names none: the offset that dates of the
// same weeks have, if it is one, else where such clocks stand; a zone that was
// set is that before all else.
func (d *Dates) unzoned(w written) *time.Location {
	const weeks = 30 * 24 * time.Hour
	if d.hints.Naive != nil && d.hints.Naive != d.hints.Zone {
		return d.hints.Naive
	}
	var near []int
	for _, e := range d.certain {
		if e.wall.Sub(w.wall).Abs() <= weeks && !slices.Contains(near, e.minutes) {
			near = append(near, e.minutes)
		}
	}
	country := countryOf(d.hints.Zone)
	switch {
	case len(near) == 1:
		return fixedZone(near[0])
	case d.hints.Naive == nil && len(near) == 0 && country != "" && country == countryIn(d.hints.Language):
		return d.hints.Zone
	}
	return d.hints.Naive
}

// in returns the moment at which the clocks of a zone show a wall time.
func in(wall time.Time, zone *time.Location) time.Time {
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone).UTC()
}
