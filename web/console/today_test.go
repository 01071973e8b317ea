package console_test

import (
	"context"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/consoletest"
	"keypull/web/messengers"
)

// cache tells how sources have been doing.
type cache []pull.Health

func (k cache) HealthOf(publisher string) map[string]pull.Health { return byID(k, publisher) }

// morning is a publisher at work in a zone, and another one beside it.
type morning struct {
	console.Today
	now     time.Time
	tally   *journal.Tally
	console *console.Console
}

func newMorning(zone string, now time.Time) *morning {
	m := &morning{now: now}
	clock := func() time.Time { return m.now }
	outlet := func(id string) catalogue.Publisher {
		return catalogue.Publisher{ID: id, Name: id, Languages: []string{"en"}, TimeZone: zone,
			Sources:  []catalogue.Source{{ID: "news", Kind: "feed"}, {ID: "quotes", Kind: "quote"}},
			Channels: []catalogue.Channel{{ID: "tg", Kind: "telegram"}}}
	}
	m.tally = journal.NewTally(clock)
	m.Today = console.Today{
		Tally: m.tally, Channels: &messengers.Channels{}, Catalogue: newMemory(outlet("lecker"), outlet("kiosk")), Clock: clock,
		Health: cache{
			{Publisher: "kiosk", Source: "news", Bad: now, Error: words.Verbatim("kiosk's own trouble")},
			{Publisher: "lecker", Source: "news", Good: now, Warnings: []words.Text{words.Verbatim("an odd date")}},
			{Publisher: "lecker", Source: "removed", Bad: now, Error: words.Verbatim("of a source that is no more")},
		},
	}
	m.console = console.New(console.Options{}, m.Operation())
	return m
}

func (m *morning) get(t *testing.T) console.TodayAnswer {
	t.Helper()
	m.console = console.New(console.Options{}, m.Operation())
	ctx := console.WithCaller(t.Context(), console.Operator())
	out, err := consoletest.Call[object, console.TodayAnswer](ctx, m.console, "today.get", object{"publisher": "lecker"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTodayBeginsWithTheFirstMomentOfThePublishersDay(t *testing.T) {
	at := func(text string) time.Time {
		m, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	tests := []struct {
		name, zone, now, from string
		hours                 int
	}{
		{"a plain day", "Europe/Paris", "2026-11-20T12:30:00+01:00", "2026-11-20T00:00:00+01:00", 13},
		{"UTC", "UTC", "2026-11-20T23:59:59Z", "2026-11-20T00:00:00Z", 24},
		{"already tomorrow there", "Pacific/Auckland", "2026-11-20T12:30:00Z", "2026-11-21T00:00:00+13:00", 2},
		{"a zone of quarters", "Asia/Kathmandu", "2026-11-20T06:00:00+05:45", "2026-11-20T00:00:00+05:45", 6},
		{"23 hours in spring", "Europe/Berlin", "2026-03-29T23:59:00+02:00", "2026-03-29T00:00:00+01:00", 23},
		{"25 hours in autumn", "Europe/Berlin", "2026-10-25T23:59:00+01:00", "2026-10-25T00:00:00+02:00", 25},
		{"no midnight in spring", "Africa/Cairo", "2026-04-24T23:59:00+03:00", "2026-04-24T01:00:00+03:00", 23},
		{"no midnight in the south", "America/Santiago", "2026-09-06T23:59:00-03:00", "2026-09-06T01:00:00-03:00", 23},
		{"midnight twice in the west", "Atlantic/Azores", "2026-10-25T23:59:00-01:00", "2026-10-25T00:00:00Z", 25},
		{"midnight twice in autumn", "America/Havana", "2026-11-01T23:59:00-05:00", "2026-11-01T00:00:00-04:00", 25},
		{"the first moment", "Europe/Paris", "2026-11-20T00:00:00+01:00", "2026-11-20T00:00:00+01:00", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMorning(tt.zone, at(tt.now))
			out := m.get(t)
			if !out.Day.From.Equal(at(tt.from)) || len(out.Day.Hours) != tt.hours || out.Zone != tt.zone {
				t.Fatalf("from %v with %d hours in %s", out.Day.From, len(out.Day.Hours), out.Zone)
			}
		})
	}
}

func TestYesterdaysAsksAreNotTodays(t *testing.T) {
	m := newMorning("Europe/Paris", time.Date(2026, 11, 19, 22, 50, 0, 0, time.UTC))
	trace := journal.Trace{At: m.now, Channel: "tg", Outcome: journal.Answered, What: journal.What{Keyword: "news"}}
	m.tally.Add("lecker", trace)
	if out := m.get(t); out.Day.Asks != 1 {
		t.Fatalf("%+v", out.Day)
	}
	m.now = m.now.Add(15 * time.Minute)
	if out := m.get(t); out.Day.Asks != 0 {
		t.Fatalf("%+v", out.Day)
	}
	trace.At = m.now
	m.tally.Add("lecker", trace)
	m.tally.Add("kiosk", trace)
	out := m.get(t)
	if out.Day.Asks != 1 || len(out.Day.Keywords.Top) != 1 || out.Day.Keywords.Top[0].Name != "news" {
		t.Fatalf("%+v", out.Day)
	}
}

func TestTodayTellsOfThePublishersOwnSourcesAndChannels(t *testing.T) {
	m := newMorning("UTC", noon())
	out := m.get(t)
	if len(out.Sources) != 2 || out.Sources[0].ID != "news" || out.Sources[0].State != console.Doubtful || out.Sources[0].Error != "" ||
		out.Sources[1].State != console.Idle {
		t.Fatalf("%+v", out.Sources)
	}
	if len(out.Channels) != 1 || out.Channels[0].ID != "tg" || out.Channels[0].Kind != "telegram" || out.Channels[0].State != console.Idle {
		t.Fatalf("%+v", out.Channels)
	}
}

func TestTheVersionOfTodayChangesWithWhatItTells(t *testing.T) {
	m := newMorning("UTC", noon())
	last := m.get(t)
	if again := m.get(t); again.ETag() != last.ETag() || last.ETag() == "" {
		t.Fatalf("%q, %q", last.ETag(), again.ETag())
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"an ask", func() { m.tally.Add("lecker", journal.Trace{At: m.now.Add(-time.Hour), Outcome: journal.Missed}) }},
		{"the health of a source", func() {
			m.Health = cache{{Publisher: "lecker", Source: "news", Bad: m.now, Error: words.Verbatim("gone")}}
		}},
		{"a channel that is opened", func() {
			m.Catalogue = newMemory(catalogue.Publisher{ID: "lecker", TimeZone: "UTC", Channels: []catalogue.Channel{{ID: "sms", Kind: "sms"}}})
		}},
		{"the next day", func() { m.now = m.now.Add(12 * time.Hour) }},
		{"a start of the server", func() { m.Tally = journal.NewTally(func() time.Time { return m.now }) }},
	} {
		step.do()
		next := m.get(t)
		if next.ETag() == last.ETag() {
			t.Errorf("%s leaves the version at %s", step.name, next.ETag())
		}
		last = next
	}
	before := m.get(t)
	m.tally.Add("kiosk", journal.Trace{At: m.now.Add(-time.Hour), Outcome: journal.Missed})
	if after := m.get(t); after.ETag() != before.ETag() {
		t.Error("an ask at another publisher changes the version")
	}
}

func TestTodayIsForThoseWhoReadThere(t *testing.T) {
	m := newMorning("UTC", noon())
	for name, tt := range map[string]struct {
		p    console.Principal
		kind pull.ErrorKind
	}{
		"a viewer":              {console.Principal{ID: "v", Roles: roles("lecker", "viewer")}, ""},
		"a viewer of another":   {console.Principal{ID: "v", Roles: roles("kiosk", "viewer")}, pull.Unknown},
		"an admin":              {console.Principal{ID: "a", Admin: true}, ""},
		"somebody with no role": {console.Principal{ID: "n"}, pull.Unknown},
	} {
		if _, err := m.console.Do(console.WithCaller(t.Context(), tt.p), "today.get", []byte(`{"publisher":"lecker"}`)); pull.KindOf(err) != tt.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := m.console.Do(console.WithCaller(t.Context(), console.Operator()), "today.get", []byte(`{"publisher":"nowhere"}`)); pull.KindOf(err) != pull.Unknown {
		t.Error(err)
	}
}

func roles(publisher string, role people.Role) map[string]people.Role {
	return map[string]people.Role{publisher: role}
}

func TestNoFigureOfTheDayIsToldBeforeAllOfItIsCounted(t *testing.T) {
	m := newMorning("UTC", time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC))
	counted := make(chan struct{})
	m.Counted = counted
	ctx, end := context.WithCancel(console.WithCaller(t.Context(), console.Operator()))
	end()
	c := console.New(console.Options{}, m.Operation())
	if _, err := consoletest.Call[object, console.TodayAnswer](ctx, c, "today.get", object{"publisher": "lecker"}); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("half of a day was told, or %v", err)
	}
	go func() {
		m.tally.Add("lecker", journal.Trace{At: m.now.Add(-time.Hour), Outcome: journal.Answered})
		close(counted)
	}()
	if d := m.get(t).Day; d.Asks != 1 {
		t.Errorf("got %+v", d.Counts)
	}
}
