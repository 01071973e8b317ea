package main

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"keypull/pull/journal"
	"keypull/web/console"
)

// figures are what both views of a day tell of it.
type figures struct{ asks, wanted, answered, refused, offered, missed, commands, greetings, silent int }

// todayFigures returns those of the page of the day; demand must tell the same.
func (s *service) todayFigures(t *testing.T, when string) figures {
	t.Helper()
	d := atSocket[console.Of, console.TodayAnswer](s, "today.get", console.Of{Publisher: "lecker"}).Day
	today := figures{d.Asks, d.Wanted, d.Answered, d.Refused, d.Offered, d.Missed, d.Commands, d.Greetings, d.Silent}
	a := atSocket[console.DemandList, console.DemandAnswer](s, "demand.list", console.DemandList{Of: console.Of{Publisher: "lecker"}, Days: 1}).Demand
	demand := figures{a.Asks, a.Wanted, a.Answered, a.Refused, a.Offered, a.Missed, a.Commands, a.Greetings, a.Silent}
	if today != demand {
		t.Errorf("%s: today has %+v, demand %+v", when, today, demand)
	}
	day := d.From.Format(time.DateOnly)
	b := atSocket[console.FiguresGet, console.FiguresAnswer](s, "figures.get", console.FiguresGet{Of: console.Of{Publisher: "lecker"}, From: day, To: day, By: console.ByHour}).Total
	if hours := (figures{b.Asked, b.Wanted() + b.Ended, b.Answered, b.Refused, b.Offered, b.Missed, b.Commands, b.Greetings, b.Silent}); hours != today {
		t.Errorf("%s: today has %+v, figures %+v", when, today, hours)
	}
	return today
}

// noonThere sets the clock to a noon, so that no test begins a day and ends it.
func (s *service) noonThere() {
	now := s.clock.Now().UTC()
	s.clock.advance(now.Truncate(24 * time.Hour).Add(35 * time.Hour).Sub(now))
}

func TestTodayIsWhatDemandHasOfItAcrossRestarts(t *testing.T) {
	s := serveConsole(t)
	s.noonThere()
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	c.add("lecker", "channel", object{"id": "shy", "kind": "webchat", "settings": object{"consent": "May we remember?", "budget": object{"asks": 0, "sessions": 0}}})
	crowd := func() {
		for _, text := range []string{"hours", "gazpacho", "menu", "hello", "stop", "hours"} {
			s.says("session-of-the-first", text)
		}
		for _, session := range []string{"session-of-a-second", "session-of-a-third"} {
			s.says(session, "gazpacho")
			s.says(session, "start")
		}
		for _, text := range []string{"hours", "secret", "help"} {
			s.saysOn("shy", "session-of-a-shy-one", text)
		}
		s.settled()
	}
	crowd()
	first := s.todayFigures(t, "at first")
	if first.asks != 13 || first.answered != 2 || first.missed != 4 || first.greetings != 1 || first.wanted != 6 || first.silent+first.commands != 6 {
		t.Errorf("got %+v", first)
	}
	for _, end := range []func(){s.restart, func() { s.breakOff(); s.start() }} {
		end()
		if again := s.todayFigures(t, "after a restart"); again != first {
			t.Errorf("got %+v, want %+v", again, first)
		}
	}
	s.printed(t, "reader forget --yes"+rightsOf+"session-of-the-first")
	s.printed(t, "reader forget --yes --publisher lecker --channel shy --id session-of-a-shy-one")
	s.restart()
	if again := s.todayFigures(t, "after two were forgotten"); again != first {
		t.Errorf("got %+v, want %+v", again, first)
	}
	if words := s.today().Misses; len(words.Top) != 0 || words.Other != first.missed {
		t.Errorf("words of few are shown: %+v", words)
	}
	s.crowd("lecker", "gazpacho", 5)
	if words := s.today().Misses; len(words.Top) != 1 || words.Top[0].Name != "gazpacho" {
		t.Errorf("words of many are hidden: %+v", words)
	}
	s.clock.advance(24 * time.Hour)
	if next := s.todayFigures(t, "the next day"); next != (figures{}) {
		t.Errorf("the next day begins with %+v", next)
	}
}

func (s *service) today() journal.Day {
	s.t.Helper()
	return atSocket[console.Of, console.TodayAnswer](s, "today.get", console.Of{Publisher: "lecker"}).Day
}

func TestWhatTheOutletTriesItselfStandsInDemandAtOnceAndCountsNowhere(t *testing.T) {
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "beside a server", false: "without a server"}[running], func(t *testing.T) {
			s := askedHouse(t)
			s.admin().want(200, "POST", "/publishers/lecker/ask", object{"channel": "web", "reader": "1", "text": "api"})
			if !running {
				s.stop()
			}
			s.printed(t, "ask zeppelin --publisher lecker --reader tester")
			s.printed(t, "ask zeppelin --publisher lecker --channel web")
			s.printed(t, "ask kept --publisher lecker --keep")
			s.printed(t, "ask hours --publisher lecker")
			var d publishedDemand
			if err := json.Unmarshal([]byte(s.printed(t, "demand --json --publisher lecker --days 1")), &d); err != nil {
				t.Fatal(err)
			}
			if d.Demand.Asks != 3 || d.Demand.Missed != 1 || len(d.Demand.Keywords) != 1 || d.Demand.Keywords[0].Asked != 2 {
				t.Errorf("tries were counted: %+v", d.Demand)
			}
			var own []string
			for _, u := range d.Demand.Unmet {
				if u.Own {
					own = append(own, u.Text)
					continue
				}
				if u.Text != "" {
					t.Errorf("what one reader wrote is shown: %+v", u)
				}
			}
			if !slices.Equal(own, []string{"zeppelin", "api"}) {
				t.Errorf("own tries are %q of %+v", own, d.Demand.Unmet)
			}
			s.serving(running, func() { s.adoptsOwn(t) })
		})
	}
}

// adoptsOwn makes a keyword's phrase of a try, which then is one no more.
func (s *service) adoptsOwn(t *testing.T) {
	t.Helper()
	if got := s.today(); got.Asks != 3 {
		eventually(t, "today is read back", func() bool { return s.today().Asks == 3 })
	}
	atSocket[console.DemandAdopt, console.KeywordEntry](s, "demand.adopt",
		console.DemandAdopt{Of: console.Of{Publisher: "lecker"}, Keyword: "hours", Text: "zeppelin"})
	for _, u := range s.demandOf("lecker").Demand.Unmet {
		if u.Text == "zeppelin" {
			t.Errorf("what became a phrase is listed: %+v", u)
		}
	}
}
