package console_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"keypull/pull/journal"
	"keypull/pull/withdrawal"
	"keypull/web/console"
	"keypull/web/console/consoletest"
	"keypull/web/messengers"
)

// crowd counts so many asks at a moment.
func crowd(f *consoletest.Figures, channel string, at time.Time, asks int) {
	for range asks {
		f.Add(journal.Trace{At: at, Channel: channel, Outcome: journal.Answered})
	}
}

// usualWeek counts eight days before a moment: few by night, many by day, twice as many on
// Sundays.
func usualWeek(f *consoletest.Figures, channel string, until time.Time, most int) {
	for at := until.Add(-8 * 24 * time.Hour).Truncate(time.Hour); at.Before(until.Add(-time.Hour)); at = at.Add(time.Hour) {
		asks := most / 10
		if h := at.Hour(); h >= 8 && h < 22 {
			asks = most
		}
		if at.Weekday() == time.Sunday {
			asks *= 2
		}
		crowd(f, channel, at.Add(time.Minute), asks)
	}
}

// codes returns the codes of what fails of a publisher at a moment.
func codes(t *testing.T, m *morning, f *console.Failures) (all []string) {
	t.Helper()
	m.now = m.now.Add(2 * time.Minute) // what is usual is known for a minute
	for _, one := range failing(t, f, "en") {
		if one.Text == "" || one.Mend == "" {
			t.Errorf("%+v does not say what is wrong, or what to do", one)
		}
		all = append(all, one.Code)
	}
	return all
}

func TestDemandPeaksBesideWhatIsUsual(t *testing.T) {
	for name, c := range map[string]struct {
		usual, now int
		at         time.Time
		peaks      bool
	}{
		"as ever":                        {20, 20, noon(), false},
		"four times as much":             {20, 80, noon(), false},
		"much of little":                 {2, 60, noon(), false},
		"six times the busiest hour":     {20, 130, noon(), true},
		"a crowd where few ask":          {1, 150, noon(), true},
		"a Sunday, as every Sunday":      {40, 80, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), false},
		"nobody knows yet what is usual": {0, 500, noon(), false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMorning("UTC", c.at)
			m.Health = cache{}
			counts := &consoletest.Figures{Publisher: "lecker", Zone: time.UTC}
			f := &console.Failures{Catalogue: m.Catalogue, Health: m.Health, Channels: m.Channels, Counts: counts, Clock: func() time.Time { return m.now }}
			if c.usual > 0 {
				usualWeek(counts, "tg", c.at, c.usual)
			}
			crowd(counts, "tg", c.at.Add(time.Minute), c.now)
			if got := codes(t, m, f); slices.Contains(got, "peak") != c.peaks {
				t.Errorf("%v, want a peak: %v", got, c.peaks)
			}
			m.now = m.now.Add(2 * time.Hour)
			if got := codes(t, m, f); len(got) > 0 {
				t.Errorf("two hours later still %v", got)
			}
		})
	}
}

func TestAChannelThatIsAskedEveryDayFallsSilent(t *testing.T) {
	for name, c := range map[string]struct {
		daily  int
		quiet  time.Duration
		others bool
		silent bool
	}{
		"asked a moment ago":     {40, 0, true, false},
		"two days without":       {40, 50 * time.Hour, true, true},
		"a night without":        {40, 9 * time.Hour, true, false},
		"seldom asked":           {3, 50 * time.Hour, true, false},
		"nobody asks anywhere":   {40, 50 * time.Hour, false, false},
		"never asked, as others": {0, 50 * time.Hour, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMorning("UTC", noon())
			m.Health = cache{}
			counts := &consoletest.Figures{Publisher: "lecker", Zone: time.UTC}
			f := &console.Failures{Catalogue: m.Catalogue, Health: m.Health, Channels: m.Channels, Counts: counts, Clock: func() time.Time { return m.now }}
			for at := noon().Add(-11 * 24 * time.Hour); at.Before(noon()); at = at.Add(time.Hour) {
				if c.others {
					crowd(counts, "web", at, 3)
				}
				if noon().Sub(at) > c.quiet && at.Hour()%6 == 0 {
					crowd(counts, "tg", at, c.daily/4)
				}
			}
			if got := codes(t, m, f); slices.Contains(got, "silent") != c.silent {
				t.Errorf("%v, want silent: %v", got, c.silent)
			}
		})
	}
}

func TestAWithdrawnItemThatReadersSawNeedsSomebodyForADay(t *testing.T) {
	m := newMorning("UTC", noon())
	m.Health = cache{}
	rule := func(id string, corrects bool) withdrawal.Rule {
		return withdrawal.Rule{ID: id, At: noon(), Item: id, Corrects: corrects, Found: []withdrawal.Found{{ID: id, Title: "The " + id}}}
	}
	seen, counted := map[string]int{"story": 12, "unseen": 0, "amended": 7, "told": 5}, 0
	told := rule("told", false)
	told.Say = "It was wrong."
	f := &console.Failures{
		Catalogue: m.Catalogue, Health: m.Health, Channels: &messengers.Channels{}, Clock: func() time.Time { return m.now },
		Withdrawn: func(context.Context, string) ([]withdrawal.Rule, error) {
			return []withdrawal.Rule{rule("story", false), rule("unseen", false), rule("amended", true), told}, nil
		},
		SeenBy: func(_ context.Context, _ string, r withdrawal.Rule) (int, error) { counted++; return seen[r.ID], nil },
	}
	for range 3 {
		got := failing(t, f, "en")
		if len(got) != 1 || fmt.Sprint(got[0].Resource, got[0].Name, got[0].Count) != "itemThe story12" || got[0].Text == "" {
			t.Errorf("%+v", got)
		}
	}
	if counted != 2 {
		t.Errorf("answers were counted %d times", counted)
	}
	m.now = m.now.Add(25 * time.Hour)
	if got := failing(t, f, "en"); len(got) > 0 {
		t.Errorf("a day later still %+v", got)
	}
}
