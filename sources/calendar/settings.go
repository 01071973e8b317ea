// Package calendar is the source kind for dates: the events of an iCalendar
// file (RFC 5545), the hours at which an outlet is open, and the times that are
// free for an appointment. A time whose zone cannot be known is left out, never
// guessed; what recurs is laid out within a window, by a walk over its days
// that ends whatever the file says.
package calendar

import (
	"embed"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/agenda"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "calendar",
	StaleIfError: 24 * time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{Ahead: 400 * dayLength} },
}

// Settings configure a calendar.
type Settings struct {
	URL      string        `name:"url" label:"Address" help:"Where the calendar is, as iCalendar (.ics)." check:"url" example:"https://example.org/events.ics" is:"address"`
	File     string        `name:"file" label:"File" help:"The same as a file. In the configuration file only." example:"events.ics" more:"true" local:"true"`
	Hours    []string      `name:"hours" label:"Opening hours" help:"When it is open, a line for each time of the week." example:"mon-fri 09:00-18:00, sat 10:00-14:00"`
	Holidays []string      `name:"holidays" label:"Holidays" help:"Days on which it is closed, or open at other hours: 2026-12-25, 12-25 for every year, 2026-12-24..2027-01-01, 2026-12-24 09:00-12:00; a name may stand behind." example:"2026-12-25 Christmas Day, 2026-12-31 10:00-13:00"`
	Name     string        `name:"name" label:"Name" help:"What it is the calendar of, as readers know it. Not set: what the calendar calls itself." check:"max=100" example:"Town library"`
	Slots    time.Duration `name:"slots" label:"Free times" help:"How long an appointment is: readers are told the next times within the opening hours at which the calendar has nothing. Not set: they are told its events." check:"max=24h" example:"30m" more:"true"`
	Ahead    time.Duration `name:"ahead" label:"Looks ahead" help:"How far ahead events are known." check:"min=24h,max=800d" more:"true"`
	Zone     string        `name:"zone" label:"Time zone" help:"The zone of the hours, and of times that name none; type a city. Not set: that of the publisher." check:"zone" example:"Europe/Berlin" more:"true"`

	sources.Access `settings:"inline"`
}

var (
	_ settings.Checker = (*Settings)(nil)
	_ sources.Factual  = (*Settings)(nil)
)

// Facts of what is told.
const (
	factStart   = agenda.FactStart
	factEnd     = agenda.FactEnd
	factPlace   = agenda.FactPlace
	factOpen    = what.FactOpen
	factOpens   = what.FactOpens
	factCloses  = "closes"
	factDay     = "day"
	factHours   = "hours"
	factHoliday = "holiday"
)

// Facts lists the facts of the items.
func (*Settings) Facts() []string {
	return []string{factStart, factEnd, factPlace, factOpen, factOpens, factCloses, factDay, factHours, factHoliday}
}

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := s.Access.Check()
	switch {
	case s.URL == "" && s.File == "" && len(s.Hours) == 0:
		problems = append(problems, settings.Wrong("url", own.Text("nothing", words.Args{"hours": words.Field{Name: "hours"}})))
	case s.URL != "" && s.File != "":
		problems = append(problems, settings.Wrong("file", own.Text("twice", nil)))
	}
	if s.Slots > 0 && len(s.Hours) == 0 {
		problems = append(problems, settings.Wrong("hours", own.Text("slots_without", words.Args{"slots": words.Field{Name: "slots"}})))
	}
	if s.Slots > 0 && s.Slots < 5*time.Minute {
		problems = append(problems, settings.Wrong("slots", own.Text("slots_short", nil)))
	}
	if _, err := when.ParseOpening(s.Hours, nil); err != nil {
		problems = append(problems, settings.Wrong("hours", words.Said(err)))
	}
	if _, err := when.ParseOpening(nil, s.Holidays); err != nil {
		problems = append(problems, settings.Wrong("holidays", words.Said(err)))
	}
	return problems
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{settings: *s, env: env}
	var err error
	if src.opening, err = when.ParseOpening(s.Hours, s.Holidays); err != nil {
		return nil, &pull.Error{Kind: pull.Invalid, Op: "open calendar", Field: "hours", Hint: words.Said(err), Err: err}
	}
	if src.zone, err = env.ZoneNamed("zone", s.Zone); err != nil {
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	if src.file, err = env.Local("file", s.File); err != nil {
		return nil, err
	}
	return src, nil
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
