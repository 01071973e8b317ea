package calendar

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/sources"
)

// kind tells the three ways in which iCalendar writes a time.
type kind int

const (
	isWall kind = iota
	isDay
	isMoment
)

// wallTime reads "20261224T190000", with a Z behind it a moment, or "20261224",
// a day; programs that write separators are understood, too.
func wallTime(text string) (wall time.Time, k kind, ok bool) {
	text = strings.NewReplacer("-", "", ":", "").Replace(strings.ToUpper(strings.TrimSpace(text)))
	text, zulu := strings.CutSuffix(text, "Z")
	for _, form := range []string{"20060102T150405", "20060102T1504", "20060102"} {
		if len(text) != len(form) {
			continue
		}
		wall, err := time.ParseInLocation(form, text, time.UTC)
		switch {
		case err != nil:
			return wall, isWall, false
		case form == "20060102":
			return wall, isDay, true
		case zulu:
			return wall, isMoment, true
		}
		return wall, isWall, true
	}
	return wall, isWall, false
}

// stamp is a time of an event as it is written.
type stamp struct {
	wall time.Time
	kind kind
	// zone is what the file calls its zone.
	zone string
	// until is when a period ends that begins then, or how long it lasts; nil
	// where no end is written.
	until *lasting
}

// lasting is how long something lasts: until a stamp, or for so long.
type lasting struct {
	end   stamp
	ends  bool
	days  int
	hours time.Duration
}

func stampOf(p property, text string) (stamp, bool) {
	wall, k, ok := wallTime(text)
	return stamp{wall: wall, kind: k, zone: p.paramOf("TZID")}, ok
}

// recurrence is a rule as it is written; without is one whose times are taken away.
type recurrence struct {
	text    string
	without bool
}

// event is what is needed of a VEVENT.
type event struct {
	uid, title, place, text, link, language string
	start, end                              stamp
	ends                                    bool
	length                                  string
	rules                                   []recurrence
	more, except                            []stamp
	// of is the occurrence that this stands in the place of; where future is
	// set, for all behind it as well.
	of           stamp
	replaces     bool
	future       bool
	sequence     int
	cancelled    bool
	hidden, idle bool
	days         int
	hours        time.Duration
}

// Limits of what is kept of an event, in characters; of its dates by number.
const (
	maxTitle = 300
	maxPlace = 300
	maxText  = 4000
	maxDates = 4000
	maxUID   = 300
	maxRules = 20
)

// readEvent takes a VEVENT apart; false if it has no beginning.
func readEvent(c *component) (event, bool) {
	uid := c.valueOf("UID")
	e := event{uid: strings.Clone(uid[:min(len(uid), maxUID)])}
	p, ok := c.findProperty("DTSTART")
	if !ok {
		return e, false
	}
	if e.start, ok = stampOf(p, p.value); !ok {
		return e, false
	}
	if p, there := c.findProperty("DTEND"); there {
		e.end, e.ends = stampOf(p, p.value)
	}
	if p, there := c.findProperty("RECURRENCE-ID"); there {
		e.of, e.replaces = stampOf(p, p.value)
		e.future = strings.EqualFold(p.paramOf("RANGE"), "THISANDFUTURE")
	}
	if p, there := c.findProperty("SUMMARY"); there {
		e.title, e.language = sources.Shorten(sources.Line(p.value), maxTitle), p.paramOf("LANGUAGE")
	}
	e.place = sources.Shorten(sources.Line(c.valueOf("LOCATION")), maxPlace)
	e.text = sources.Shorten(described(c.valueOf("DESCRIPTION")), maxText)
	e.link = sources.SafeLink("", strings.TrimSpace(c.valueOf("URL")))
	for _, p := range c.properties {
		if (p.name == "RRULE" || p.name == "EXRULE") && len(e.rules) < maxRules {
			e.rules = append(e.rules, recurrence{p.value, p.name == "EXRULE"})
		}
	}
	e.sequence, _ = strconv.Atoi(strings.TrimSpace(c.valueOf("SEQUENCE")))
	e.cancelled = strings.EqualFold(strings.TrimSpace(c.valueOf("STATUS")), "CANCELLED")
	class := strings.ToUpper(strings.TrimSpace(c.valueOf("CLASS")))
	e.hidden = class == "PRIVATE" || class == "CONFIDENTIAL"
	e.idle = strings.EqualFold(strings.TrimSpace(c.valueOf("TRANSP")), "TRANSPARENT")
	e.readDuration(c.valueOf("DURATION"))
	e.more, e.except = dates(c, "RDATE"), dates(c, "EXDATE")
	return e, true
}

// described returns a description as text: some programs write markup into it.
func described(text string) string {
	if !markup.MatchString(text) {
		return sources.Clean(text)
	}
	return sources.Plain(strings.ReplaceAll(text, "\n", "<br>"))
}

var markup = regexp.MustCompile(`</?[A-Za-z][^>]*>|&[a-z#0-9]+;`)

// dates reads the properties of a name that hold several times each.
func dates(c *component, name string) []stamp {
	var all []stamp
	for p, text := range c.values(name) {
		text, end, period := strings.Cut(text, "/")
		s, ok := stampOf(p, text)
		if !ok || len(all) >= maxDates {
			continue
		}
		if period {
			s.until = lastingOf(p, end)
		}
		all = append(all, s)
	}
	return all
}

// lastingOf reads how a period ends.
func lastingOf(p property, text string) *lasting {
	if end, ok := stampOf(p, text); ok {
		return &lasting{end: end, ends: true}
	}
	var e event
	e.readDuration(text)
	return &lasting{days: e.days, hours: e.hours}
}

var lengthForm = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)

// readDuration reads a DURATION.
func (e *event) readDuration(text string) {
	m := lengthForm.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(text)))
	if m == nil {
		return
	}
	var n [6]int
	for i := 1; i < len(m); i++ {
		n[i-1], _ = strconv.Atoi("0" + m[i])
	}
	e.length = text
	e.days = 7*n[0] + n[1]
	e.hours = time.Duration(n[2])*time.Hour + time.Duration(n[3])*time.Minute + time.Duration(n[4])*time.Second
}

// recurs says whether there may be more of it than its beginning.
func (e *event) recurs() bool { return len(e.rules) > 0 || len(e.more) > 0 }

// over says of an event that does not recur whether it was over long before a
// moment, whatever its zone.
func (e *event) over(at time.Time) bool {
	const zones = 3 * dayLength
	end := e.start.wall.AddDate(0, 0, max(e.days, 0)).Add(e.hours)
	if e.ends && e.end.wall.After(end) {
		end = e.end.wall
	}
	return !e.recurs() && !e.replaces && end.Add(zones).Before(at)
}

// file is what is kept of a calendar.
type file struct {
	name, zone string
	events     []event
	busy       []period
	own        map[string]definition
	cancelled  bool
	bad        int
	many       bool
}

// period is a stretch that a VFREEBUSY says is taken.
type period struct{ from, to stamp }

// Limits of a calendar.
const (
	maxEvents      = 20_000
	maxZones       = 200
	maxObservances = 40
)

// readFile reads a calendar. What was over long before a moment is left out.
func readFile(body []byte, past time.Time) (*file, error) {
	f := &file{own: map[string]definition{}}
	var pending definition
	bad, err := walkComponents(body, func(c *component) error {
		switch c.name {
		case "VCALENDAR":
			f.readHead(c)
		case "VEVENT":
			e, ok := readEvent(c)
			switch {
			case !ok:
				f.bad++
			case e.over(past):
			case len(f.events) >= maxEvents:
				f.many = true
			default:
				f.events = append(f.events, e)
			}
		case "STANDARD", "DAYLIGHT":
			if o, ok := readObservance(c); ok && len(pending) < maxObservances {
				pending = append(pending, o)
			}
		case "VTIMEZONE":
			if id := strings.TrimSpace(c.valueOf("TZID")); id != "" && len(f.own) < maxZones {
				f.own[id] = pending
			}
			pending = nil
		case "VFREEBUSY":
			f.freeBusy(c)
		}
		return nil
	})
	f.bad += bad
	return f, err
}

func (f *file) readHead(c *component) {
	f.name = sources.Shorten(cmp.Or(sources.Line(c.valueOf("X-WR-CALNAME")), sources.Line(c.valueOf("NAME"))), maxTitle)
	f.zone = strings.TrimSpace(c.valueOf("X-WR-TIMEZONE"))
	f.cancelled = strings.EqualFold(strings.TrimSpace(c.valueOf("METHOD")), "CANCEL")
}

// freeBusy takes what is taken.
func (f *file) freeBusy(c *component) {
	for p, text := range c.values("FREEBUSY") {
		from, to, _ := strings.Cut(text, "/")
		begins, ok := stampOf(p, from)
		if !ok || len(f.busy) >= maxEvents || strings.EqualFold(p.paramOf("FBTYPE"), "FREE") {
			continue
		}
		s := lastingOf(p, to)
		ends := s.end
		if !s.ends {
			ends = begins
			ends.wall = begins.wall.AddDate(0, 0, s.days).Add(s.hours)
		}
		f.busy = append(f.busy, period{begins, ends})
	}
}

// series are the events of one id: those that stand for themselves, and those
// in the place of an occurrence.
type series struct{ masters, others []event }

// groupSeries puts together what has one id, of what stands for itself the newest
// version alone.
func (f *file) groupSeries() []series {
	at := map[string]int{}
	var all []series
	for _, e := range f.events {
		i, known := at[e.uid]
		if !known || e.uid == "" {
			i = len(all)
			at[e.uid] = i
			all = append(all, series{})
		}
		if e.replaces {
			all[i].others = append(all[i].others, e)
		} else {
			all[i].masters = newest(all[i].masters, e)
		}
	}
	return all
}

// newest adds an event to those of its id, in the place of older versions.
func newest(all []event, e event) []event {
	if slices.ContainsFunc(all, func(a event) bool { return a.sequence > e.sequence }) {
		return all
	}
	all = slices.DeleteFunc(all, func(a event) bool { return a.sequence < e.sequence || a.start == e.start })
	return append(all, e)
}
