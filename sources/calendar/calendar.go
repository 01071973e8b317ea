package calendar

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/agenda"
)

const (
	op       = "fetch calendar"
	maxBytes = 16 << 20
	// anew is for how long what was laid out is renewed by a server that says
	// that nothing has changed: the window moves on.
	anew = 12 * time.Hour
)

type source struct {
	settings Settings
	env      sources.Env
	opening  when.Opening
	zone     *time.Location
	file     string
}

var (
	_ pull.Speaker = (*source)(nil)
	_ pull.Common  = (*source)(nil)
	_ pull.Daily   = (*source)(nil)
	_ pull.Meant   = (*source)(nil)
)

// extra is what a snapshot knows beside its items.
type extra struct {
	// Zone is what the calendar calls its own, Made when it was laid out.
	Zone string    `json:"zone,omitempty"`
	Made time.Time `json:"made"`
}

// SharesSnapshots says that publishers with the same settings may share them.
func (s *source) SharesSnapshots() bool { return s.file == "" }

// FoundByItself says that what it holds is found by its words.
func (*source) FoundByItself() bool { return true }

// ByDay says that a day in a message is always an argument.
func (*source) ByDay() bool { return true }

// IsMeant reports whether a message asks for the opening hours, or what there is on a day,
// by itself.
func (s *source) IsMeant(text string, at time.Time, languages ...string) bool {
	a := agenda.ReadArgument(text, at, languages...)
	return s.opening.Any() && a.MeansHours() || s.hasEvents() && a.MeansEvents()
}

// hasEvents reports whether there is more to tell than opening hours.
func (s *source) hasEvents() bool {
	return s.settings.URL != "" || s.settings.File != "" || s.settings.Slots > 0
}

// Key returns the same for every query: one calendar answers all.
func (*source) Key(pull.Query) (string, error) { return "calendar", nil }

// Fetch brings the calendar and lays it out from yesterday on.
func (s *source) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, sources.GivenUpError(op, err)
	}
	switch {
	case s.file != "":
		body, _, err := sources.ReadFile(s.file, maxBytes, "")
		if err != nil {
			return pull.Snapshot{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "file", Hint: own.Text("file_unreadable", nil), Err: err}
		}
		return s.snapshot(ctx, "file", outside.Response{Body: body}, pull.Snapshot{Fetched: s.env.Clock()})
	case s.settings.URL == "":
		return s.snapshot(ctx, "", outside.Response{}, pull.Snapshot{Fetched: s.env.Clock()})
	}
	if last != nil && (len(last.Items) == 0 || s.env.Clock().Sub(sources.ExtraOf[extra](last).Made).Abs() >= anew) {
		last = nil
	}
	o := sources.Opening{Op: op, Field: "url", Request: s.settings.On(sources.Accepting(s.settings.URL, "text/calendar, */*;q=0.5", maxBytes))}
	res, fresh, err := o.Fetch(ctx, s.env.Client, last)
	if err != nil || fresh.Unchanged {
		return fresh, err
	}
	return s.snapshot(ctx, "url", res, fresh)
}

// snapshot lays a calendar out. field names the setting that it came by, "" for
// none.
func (s *source) snapshot(ctx context.Context, field string, res outside.Response, snapshot pull.Snapshot) (pull.Snapshot, error) {
	now := s.env.Clock()
	e := extra{Made: now.UTC()}
	if s.opening.Any() {
		snapshot.Items = append(snapshot.Items, what.Item{ID: hoursID, Title: s.title()})
	}
	var laid *plan
	if field != "" {
		found, err := sources.RunParser(ctx, op, func() (*laidOut, error) { return s.layOut(res, now) })
		if err != nil {
			return pull.Snapshot{}, unusable(field, res.Body, err)
		}
		laid, e.Zone = found.plan, found.zone
		snapshot.Warnings = found.warnings()
		if snapshot.Items != nil && s.settings.Name == "" && found.name != "" {
			snapshot.Items[0].Title = found.name
		}
	}
	if s.settings.Slots > 0 {
		snapshot.Items = append(snapshot.Items, s.freeSlots(now, laid, s.zoneOf(e))...)
	} else if laid != nil {
		snapshot.Items = append(snapshot.Items, laid.sortedItems(s.zoneOf(e), pull.MaxSnapshotItems-len(snapshot.Items))...)
	}
	snapshot.Extra, _ = json.Marshal(e) // holds nothing that cannot be written
	return snapshot, nil
}

// unusable says what is wrong with a calendar.
func unusable(field string, body []byte, err error) error {
	var e *pull.Error
	if errors.As(err, &e) {
		return err
	}
	hint := own.Text("no_calendar", words.Args{"begin": sources.Line(string(bytes.ToValidUTF8(body[:min(len(body), 60)], nil)))})
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		hint = own.Text("empty", nil)
	case errors.Is(err, errTruncated):
		hint = own.Text("truncated", nil)
	case errors.Is(err, errTooLong):
		hint = own.Text("too_long", nil)
	}
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: field, Hint: hint, Err: err}
}

// laidOut is a calendar with its events laid out.
type laidOut struct {
	*file
	*plan
	zone, guessed string
}

func (s *source) layOut(res outside.Response, now time.Time) (*laidOut, error) {
	from := now.Add(-2 * dayLength)
	body, guessed := sources.Text(res, s.env.Languages)
	f, err := readFile(body, from)
	if err != nil {
		return nil, err
	}
	floating := s.zoneOf(extra{Zone: f.zone})
	if own, ok := findLocation(f.zone); ok && f.zone != "" {
		floating = own
	}
	var p *plan
	// Where there is too much of it, the nearest is told.
	for _, ahead := range []time.Duration{s.settings.Ahead, 90 * dayLength, 30 * dayLength, 7 * dayLength, dayLength} {
		if ahead > s.settings.Ahead {
			continue
		}
		p = newPlan(f, from, now.Add(ahead), floating)
		err := p.layOutFile(f)
		if err == nil && !p.crowded || errors.Is(err, errSteps) {
			p.crowded = p.crowded || err != nil
			break
		}
	}
	return &laidOut{f, p, f.zone, guessed}, nil
}

// warnings tell the editor what is missing.
func (l *laidOut) warnings() []words.Text {
	var all []words.Text
	hidden := 0
	for _, e := range l.events {
		if e.hidden {
			hidden++
		}
	}
	for key, n := range map[string]int{"bad_lines": l.bad, "unknown_zones": l.unknown, "odd_rules": l.odd, "hidden_events": hidden} {
		if n > 0 {
			all = append(all, own.Text(key, words.Args{"n": n}))
		}
	}
	if l.many || l.crowded {
		all = append(all, own.Text("many", nil))
	}
	slices.SortFunc(all, func(a, b words.Text) int { return cmp.Compare(a.Key, b.Key) })
	return sources.Warned(l.guessed, all)
}

// zoneOf returns the zone that the calendar is told in.
func (s *source) zoneOf(e extra) *time.Location {
	if s.zone != nil {
		return s.zone
	}
	if e.Zone != "" {
		if location, ok := findLocation(e.Zone); ok {
			return location
		}
	}
	return time.UTC
}

func (s *source) title() string {
	if s.settings.Name != "" {
		return sources.Line(s.settings.Name)
	}
	language := "en"
	if len(s.env.Languages) > 0 {
		language = s.env.Languages[0]
	}
	return own.Say(language, "hours", nil)
}
