package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/mem"
)

// row is what is held against figures: asks by how they ended, and how many were behind.
type row struct{ Asks, Answered, Refused, Offered, Helped, Missed, Ordered, Silent, Stale, Took, Aged, Up, Down, Wrong, Clicks int }

func rowOf(s journal.Sums) row {
	return row{s.Asks, s.Answered, s.Refused, s.Offered, s.Helped, s.Missed, s.Ordered, s.Silent, s.Stale, s.Took.Spread().Count, s.Age.Spread().Count, s.Up, s.Down, s.Wrong, s.Clicks}
}

func (r *row) add(o journal.Outcome, stale bool) {
	r.Asks++
	r.Took++
	if n := map[journal.Outcome]*int{
		journal.Answered: &r.Answered, journal.Refused: &r.Refused, journal.Offered: &r.Offered, journal.Helped: &r.Helped,
		journal.Missed: &r.Missed, journal.Ordered: &r.Ordered, journal.Silent: &r.Silent,
	}[o]; n != nil {
		*n++
	}
	if stale {
		r.Stale++
	}
}

// figuresOf returns the rows of a publisher's days, by what they tell apart.
func (r *demandRig) figuresOf(t fataler) map[string]row {
	t.Helper()
	all := map[string]row{}
	today := journal.DemandDay(r.now.In(r.zone))
	err := r.Figures(t.Context(), "demo", today-89, today+1, func(day int, of journal.DayFigures) {
		for hour, s := range of.Hours {
			if !s.IsEmpty() {
				all[fmt.Sprintf("hour %d.%d", day-today, hour)] = rowOf(s)
			}
		}
		for part, rows := range map[string]map[string]journal.Sums{"channel": of.Channels, "language": of.Languages} {
			for name, s := range rows {
				key := fmt.Sprintf("%s %s %d", part, name, day-today)
				all[key] = rowOf(s)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []journal.FigurePart{journal.KeywordFigures, journal.SourceFigures} {
		rows := journal.NamedFigures{}
		if err := r.NamedFigures(t.Context(), "demo", part, today-89, today+1, func(_ int, of journal.NamedDay) error { return rows.AddDay(of, nil) }); err != nil {
			t.Fatal(err)
		}
		for name, s := range rows {
			all[string(part)+" "+name] = rowOf(*s)
		}
	}
	return all
}

// Each ask counts once in each part of the figures, whatever happens between the ask and
// its fold.
func TestFiguresCountEachAskOnce(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		back := &breaking{mem.Open(store.Options{}), -1}
		begin := noon
		r := newDemandRig(back, plain{})
		r.zone = paris
		want := map[string]row{}
		today := func() int { return journal.DemandDay(r.now.In(paris)) }
		count := func(key string, o journal.Outcome, stale bool) {
			one := want[key]
			one.add(o, stale)
			want[key] = one
		}
		t.Repeat(map[string]func(*rapid.T){
			"click": func(t *rapid.T) {
				at := begin.Add(-time.Duration(rapid.IntRange(0, 2000).Draw(t, "hours")) * time.Hour)
				trace := journal.Trace{At: at, Outcome: journal.Clicked, Channel: "tg", What: journal.What{Keyword: "cake"}, When: journal.When{Source: "src"}}
				if err := r.NoteClick(t.Context(), "demo", trace); err != nil {
					return // it is led on, and not counted
				}
				local := at.In(paris)
				day := journal.DemandDay(local) - today()
				midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, paris)
				for _, key := range []string{fmt.Sprintf("hour %d.%d", day, int(local.Sub(midnight).Hours())), fmt.Sprintf("channel tg %d", day), "keywords cake", "sources src"} {
					one := want[key]
					one.Clicks++
					want[key] = one
				}
			},
			"ask": func(t *rapid.T) {
				trace := drawnTrace(t)
				if trace.Outcome == journal.Told {
					return
				}
				trace.Wishes, trace.What.Accepted = nil, ""
				trace.At = begin.Add(-time.Duration(rapid.IntRange(0, 2000).Draw(t, "hours")) * time.Hour)
				trace.Channel = rapid.SampledFrom([]string{"tg", "sms"}).Draw(t, "channel")
				trace.When.Stale = rapid.Bool().Draw(t, "stale")
				if trace.What.Keyword != "" {
					trace.When.Source = "src"
				}
				if rapid.Bool().Draw(t, "found inside") {
					trace.What.Tier = journal.TierInside
				}
				reader, language := who.Key("demo.1"), "de"
				if rapid.Bool().Draw(t, "bare") {
					reader, language = "", ""
				}
				trace.Who.Language = "de"
				r.settles(t, "demo", reader, trace)
				counted, local := trace.Counted(), trace.At.In(paris)
				day := journal.DemandDay(local) - today()
				midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, paris)
				stale := trace.When.Stale && trace.Outcome == journal.Answered
				for _, key := range []string{fmt.Sprintf("hour %d.%d", day, int(local.Sub(midnight).Hours())), fmt.Sprintf("channel %s %d", trace.Channel, day), fmt.Sprintf("language %s %d", language, day)} {
					count(key, counted, stale)
				}
				if trace.When.Source != "" && trace.Outcome != journal.Ordered && trace.Outcome != journal.Silent {
					count("sources src", counted, stale)
				}
				switch o := trace.Outcome; {
				case trace.What.Keyword == "" || counted == journal.Helped && o == journal.Offered:
				case counted == journal.Helped, o == journal.Answered, o == journal.Refused:
					count("keywords "+trace.What.Keyword, counted, stale)
				}
			},
			"react": func(t *rapid.T) {
				thumb := rapid.SampledFrom([]int{1, -1}).Draw(t, "thumb")
				r.settles(t, "demo", "demo.1", journal.Trace{At: begin, Channel: "tg", Outcome: journal.Told, Thumb: thumb, Rated: "cake", Who: journal.Who{Language: "de"}})
				local := begin.In(paris)
				day := journal.DemandDay(local) - today()
				for _, key := range []string{fmt.Sprintf("hour %d.%d", day, local.Hour()), fmt.Sprintf("channel tg %d", day), fmt.Sprintf("language de %d", day), "keywords cake"} {
					one := want[key]
					if one.Up++; thumb < 0 {
						one.Up, one.Down = one.Up-1, one.Down+1
					}
					want[key] = one
				}
			},
			"fold": func(t *rapid.T) {
				back.left = rapid.IntRange(-1, 1).Draw(t, "breaks off after")
				_ = r.Fold(t.Context())
				back.left = -1
			},
			"end": func(*rapid.T) {
				next, now := r.next, r.now
				r = newDemandRig(back, plain{})
				r.zone, r.next, r.now = paris, next, now
			},
			"": func(t *rapid.T) {
				if diff := cmp.Diff(want, r.figuresOf(t)); diff != "" {
					t.Fatal(diff)
				}
			},
		})
	})
}

// Figures go after two years and with their publisher; of days long past those asked most are
// told apart.
func TestFiguresAreBounded(t *testing.T) {
	t.Parallel()
	back := mem.Open(store.Options{})
	r := newDemandRig(back, plain{})
	for n := range 300 {
		for range 1 + n%2 {
			a := answered(fmt.Sprintf("word-%03d", n))
			a.Channel = "tg"
			r.settles(t, "demo", "demo.1", a)
		}
	}
	r.settles(t, "gone", "gone.1", answered("cake"))
	keywords := func() (names, asked int) {
		t.Helper()
		rows := journal.NamedFigures{}
		day := journal.DemandDay(noon)
		if err := r.NamedFigures(t.Context(), "demo", journal.KeywordFigures, day, day+1, func(_ int, of journal.NamedDay) error { return rows.AddDay(of, nil) }); err != nil {
			t.Fatal(err)
		}
		for _, s := range rows {
			asked += s.Asks
		}
		return len(rows), asked
	}
	sweep := func(days int) {
		t.Helper()
		r.now = noon.AddDate(0, 0, days)
		if _, err := r.Sweep(t.Context(), r.now.AddDate(0, 0, -30), func(p string) bool { return p == "demo" }); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ days, names, asked int }{{0, 300, 450}, {99, 300, 450}, {100, 201, 450}, {101, 201, 450}, {730, 201, 450}, {731, 0, 0}} {
		sweep(tt.days)
		if names, asked := keywords(); names != tt.names || asked != tt.asked {
			t.Errorf("after %d days %d keywords are told apart, asked %d times, want %d and %d", tt.days, names, asked, tt.names, tt.asked)
		}
	}
	for pair, err := range store.Pairs(t.Context(), back, "figures", "", 100) {
		t.Errorf("there is still %s (%v)", pair.Key, err)
	}
}
