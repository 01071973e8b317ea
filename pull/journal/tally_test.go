package journal_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/journal"
)

var noon = time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC)

// watch is a clock that is set by hand.
type watch struct{ at time.Time }

func (w *watch) now() time.Time { return w.at }

func begin(at time.Time) (*journal.Tally, *watch) {
	w := &watch{at}
	return journal.NewTally(w.now), w
}

func answered(at time.Time, keyword string) journal.Trace {
	return journal.Trace{At: at, Channel: "tg", Outcome: journal.Answered, What: journal.What{Keyword: keyword}}
}

func missed(at time.Time, text string) journal.Trace {
	return journal.Trace{At: at, Channel: "web", Outcome: journal.Missed, What: journal.What{Unknown: text}}
}

func names(r journal.Ranked) []string {
	all := []string{}
	for _, c := range r.Top {
		all = append(all, fmt.Sprintf("%s %d", c.Name, c.Asks))
	}
	return append(all, fmt.Sprintf("other %d", r.Other))
}

// TestADayCountsKeywordsAsTheirFiguresDo holds for those that were offered, or helped, as well.
func TestADayCountsKeywordsAsTheirFiguresDo(t *testing.T) {
	tally, w := begin(noon)
	figures := journal.NamedFigures{}
	for _, trace := range []journal.Trace{
		answered(noon, "news"), answered(noon, "news"),
		{At: noon, Channel: "tg", Outcome: journal.Refused, What: journal.What{Keyword: "quote"}},
		{At: noon, Channel: "tg", Outcome: journal.Offered, What: journal.What{Offered: []string{"news", "events"}}},
		{At: noon, Channel: "tg", Outcome: journal.Offered, What: journal.What{Tier: journal.TierInside, Offered: []string{"events"}}},
		{At: noon, Channel: "tg", Outcome: journal.Ordered, What: journal.What{Command: "menu"}}, missed(noon, "zeppelin"),
		{At: noon, Channel: "tg", Outcome: journal.Answered, Wishes: []journal.Wish{{Outcome: journal.Answered, Keyword: "news"}, {Outcome: journal.Answered, Keyword: "weather"}}},
	} {
		tally.Add("p", trace)
		figures.AddKeywords(&trace)
	}
	w.at = noon.Add(time.Hour)
	got, want := map[string]int{}, map[string]int{}
	for _, c := range tally.Day("p", noon.Add(-time.Hour), w.at).Keywords.Top {
		got[c.Name] = c.Asks
	}
	for id, sums := range figures {
		want[id] = sums.Wanted
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADayTellsWhatBecameOfAsks(t *testing.T) {
	tally, w := begin(noon)
	first := answered(noon, "news")
	first.Who.First = true
	for _, trace := range []journal.Trace{
		first, answered(noon.Add(-3*time.Hour), "news"), answered(noon, "weather"),
		{At: noon, Channel: "tg", Outcome: journal.Refused, What: journal.What{Keyword: "quote"}},
		{At: noon, Channel: "tg", Outcome: journal.Offered}, {At: noon, Outcome: journal.Ordered, What: journal.What{Command: "menu"}},
		{At: noon, Outcome: journal.Ordered, What: journal.What{Command: journal.Greeting}}, {At: noon, Outcome: journal.Silent},
		missed(noon, "Zeppelin"), missed(noon.Add(-time.Minute), " zeppelin"), missed(noon, "Wetter"), missed(noon, ""),
	} {
		tally.Add("p", trace)
	}
	tally.Add("other", answered(noon, "news"))
	w.at = noon.Add(5 * time.Hour)

	midnight := noon.Add(-12 * time.Hour)
	d := tally.Day("p", midnight, midnight.AddDate(0, 0, 1))
	want := journal.Counts{Asks: 12, Wanted: 9, Answered: 3, Refused: 1, Offered: 1, Missed: 4, Ordered: 2, Commands: 1, Greetings: 1, Silent: 1, First: 1}
	if diff := cmp.Diff(want, d.Counts); diff != "" {
		t.Error(diff)
	}
	for what, got := range map[string][2][]string{
		"keywords": {names(d.Keywords), {"news 2", "weather 1", "quote 1", "other 0"}},
		"channels": {names(d.Channels), {"tg 5", "web 4", "other 0"}},
	} {
		slices.Sort(got[0][1:])
		slices.Sort(got[1][1:])
		if diff := cmp.Diff(got[1], got[0]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	if len(d.Hours) != 24 || d.Hours[9].Answered != 1 || d.Hours[11].Missed != 1 || d.Hours[12].Asks != 10 || !d.Hours[12].Start.Equal(noon) {
		t.Errorf("hours %+v", d.Hours)
	}
}

func TestDaysAreAsLongAsTheirZoneSays(t *testing.T) {
	for _, tt := range []struct {
		zone string
		day  time.Time
		want int
	}{
		{"Europe/Paris", time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), 23},
		{"Europe/Paris", time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), 25},
		{"Asia/Kathmandu", time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), 24},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		from := time.Date(tt.day.Year(), tt.day.Month(), tt.day.Day(), 0, 0, 0, 0, zone)
		until := from.AddDate(0, 0, 1)
		tally, w := begin(from)
		tally.Add("p", answered(from, "news"))
		w.at = until.Add(-time.Second)
		tally.Add("p", answered(w.at, "news"))
		w.at = until
		tally.Add("p", answered(until, "news"))
		d := tally.Day("p", from, until)
		if len(d.Hours) != tt.want || d.Asks != 2 || d.Hours[0].Asks != 1 || d.Hours[tt.want-1].Asks != 1 {
			t.Errorf("%s on %s: %d hours, %d asks", tt.zone, from.Format(time.DateOnly), len(d.Hours), d.Asks)
		}
		if !d.From.Equal(from) || !d.Until.Equal(until) || d.From.Location() != zone {
			t.Errorf("%s: from %v until %v", tt.zone, d.From, d.Until)
		}
	}
}

func TestYesterdayIsWholeUntilMidnightAndThenGone(t *testing.T) {
	tally, w := begin(noon)
	tally.Add("p", answered(noon, "news"))
	tally.Add("p", missed(noon, "x"))
	for _, tt := range []struct {
		later time.Duration
		want  int
	}{{48 * time.Hour, 2}, {48*time.Hour + 59*time.Minute, 2}, {49 * time.Hour, 0}} {
		w.at = noon.Add(tt.later)
		d := tally.Day("p", noon.Add(-time.Hour), noon.Add(time.Hour))
		if d.Asks != tt.want || len(d.Keywords.Top) != tt.want/2 {
			t.Errorf("%v later: %d asks, want %d", tt.later, d.Asks, tt.want)
		}
	}
	tally.Add("p", answered(noon, "news"))
	if d := tally.Day("p", noon, w.at); d.Asks != 0 {
		t.Errorf("an ask of two days ago counts: %+v", d.Counts)
	}
	tally.Add("p", answered(w.at.Add(time.Hour), "news"))
	if d := tally.Day("p", noon, w.at.Add(time.Second)); d.Asks != 1 {
		t.Errorf("an ask of a time to come: %+v", d.Counts)
	}
}

func TestADayIsBounded(t *testing.T) {
	tally, w := begin(noon)
	tally.Add("p", answered(noon, "news"))
	for _, tt := range []struct{ from, until time.Time }{
		{time.Time{}, noon.AddDate(1000, 0, 0)}, {noon, noon.AddDate(1, 0, 0)},
	} {
		if d := tally.Day("p", tt.from, tt.until); d.Asks != 1 || len(d.Hours) > 74 {
			t.Errorf("from %v: %d asks in %d hours", tt.from, d.Asks, len(d.Hours))
		}
	}
	if d := tally.Day("p", noon, noon); d.Asks != 0 || len(d.Hours) != 0 {
		t.Errorf("no time at all: %+v", d)
	}
	if d := tally.Day("nobody", noon, noon.Add(time.Hour)); d.Asks != 0 || len(d.Hours) != 1 {
		t.Errorf("nobody: %+v", d)
	}
	if kept := tally.Kept(); w.at.Sub(kept) < 48*time.Hour || w.at.Sub(kept) > 49*time.Hour {
		t.Errorf("kept since %v", kept)
	}
}

func TestTheAgeIsThatOfServedAnswers(t *testing.T) {
	tally, _ := begin(noon)
	add := func(o journal.Outcome, asOf, fetched time.Duration) {
		trace := journal.Trace{At: noon, Outcome: o}
		if asOf != 0 {
			trace.When.AsOf = noon.Add(-asOf)
		}
		if fetched != 0 {
			trace.When.Fetched = noon.Add(-fetched)
		}
		tally.Add("p", trace)
	}
	add(journal.Answered, time.Minute, time.Hour)
	add(journal.Answered, 0, time.Hour)
	add(journal.Answered, -time.Second, time.Hour)
	add(journal.Answered, 0, 0)
	add(journal.Refused, 0, 40*time.Hour)
	got := tally.Day("p", noon, noon.Add(time.Hour)).Age
	want := journal.Spread{Count: 3, P50: 60_000, P99: 3_600_000}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b journal.Millis) bool { return math.Abs(float64(a-b)) <= 0.1*float64(max(a, b)) })); diff != "" {
		t.Error(diff)
	}
}

func TestQuantilesAreATenthOffAtMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally, _ := begin(noon)
		// Sizes are drawn evenly, from a microsecond to two years.
		sizes := rapid.SliceOfN(rapid.Float64Range(-9.9, 36), 1, 300).Draw(t, "sizes")
		values := make([]float64, 0, len(sizes))
		for i, size := range sizes {
			v := math.Exp2(size)
			values = append(values, v)
			at := noon.Add(-time.Duration(i%5) * time.Hour)
			tally.Add("p", journal.Trace{At: at, Took: journal.Took{Total: journal.Millis(v)}})
		}
		slices.Sort(values)
		got := tally.Day("p", noon.Add(-6*time.Hour), noon.Add(time.Hour)).Took
		if got.Count != len(values) {
			t.Fatalf("%d values, want %d", got.Count, len(values))
		}
		for percent, told := range map[int]journal.Millis{50: got.P50, 99: got.P99} {
			rank := int(math.Ceil(float64(len(values)) * float64(percent) / 100))
			if exact := values[rank-1]; math.Abs(float64(told)-exact) > 0.1*exact {
				t.Errorf("p%d of %d values is %v, told %v", percent, len(values), exact, told)
			}
		}
	})
}

func TestOddDurationsDoNoHarm(t *testing.T) {
	tally, _ := begin(noon)
	for _, v := range []float64{0, -5, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64} {
		tally.Add("p", journal.Trace{At: noon, Took: journal.Took{Total: journal.Millis(v)}})
	}
	got := tally.Day("p", noon, noon.Add(time.Hour)).Took
	if got.Count != 7 || got.P50 != 0 || got.P99 < 1<<35 || got.P99 > 1<<37 {
		t.Errorf("got %+v", got)
	}
}

func TestTheVersionGrowsWithWhatCounts(t *testing.T) {
	tally, w := begin(noon)
	if v := tally.Version("p"); v != 0 {
		t.Errorf("version %d before anything", v)
	}
	tally.Add("p", answered(noon, "news"))
	one := tally.Version("p")
	tally.Add("q", answered(noon, "news"))
	tally.Add("p", answered(noon.AddDate(0, 0, -9), "news"))
	if v := tally.Version("p"); v != one || one == 0 {
		t.Errorf("version %d, was %d", v, one)
	}
	tally.Add("p", answered(noon, "news"))
	two := tally.Version("p")
	if two <= one {
		t.Errorf("version %d after %d", two, one)
	}
	// A publisher that nobody asks is forgotten; its versions go on growing.
	w.at = noon.AddDate(0, 0, 3)
	tally.Add("q", answered(w.at, "news"))
	if v := tally.Version("p"); v != 0 {
		t.Errorf("version %d of a publisher that was forgotten", v)
	}
	tally.Add("p", answered(w.at, "news"))
	if v := tally.Version("p"); v <= two {
		t.Errorf("version %d after %d", v, two)
	}
}

func TestATallyServesManyAtATime(t *testing.T) {
	var mu sync.Mutex
	w := watch{noon}
	tally := journal.NewTally(func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		w.at = w.at.Add(time.Second / 4) // nobody is late by so much as a clock that was set back
		return w.at
	})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range 2000 {
				tally.Add("p", answered(noon.Add(time.Duration(i)*time.Second), "news"))
				if i%100 == 0 {
					tally.Day("p", noon, noon.Add(time.Hour))
					tally.Version("p")
				}
			}
		})
	}
	wait.Wait()
	if d := tally.Day("p", noon, noon.Add(9*time.Hour)); d.Asks != 8000 || d.Answered != 8000 {
		t.Errorf("%+v", d.Counts)
	}
}

func BenchmarkAdd(b *testing.B) {
	tally := journal.NewTally(time.Now)
	at := time.Now()
	trace := answered(at, "news")
	trace.Took.Total, trace.When.AsOf = 12.5, at.Add(-time.Minute)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			tally.Add("p", trace)
		}
	})
}

func BenchmarkDay(b *testing.B) {
	tally, w := begin(noon)
	for i := range 200_000 {
		w.at = noon.Add(time.Duration(i) * 400 * time.Millisecond)
		tally.Add("p", answered(w.at, fmt.Sprint("k", i%2000)))
	}
	for b.Loop() {
		tally.Day("p", noon, noon.Add(24*time.Hour))
	}
}

func TestAClockThatWasSetIsCountedOn(t *testing.T) {
	for _, step := range []time.Duration{-2 * time.Hour, -90 * time.Second, 24 * time.Hour, 400 * 24 * time.Hour, -400 * 24 * time.Hour} {
		tally, clock := begin(noon)
		tally.Add("p", answered(noon, "news"))
		clock.at = noon.Add(step)
		tally.Add("p", answered(clock.at, "news"))
		if got := tally.Day("p", clock.at.Add(-time.Hour), clock.at.Add(time.Hour)); got.Asks == 0 {
			t.Errorf("after a step of %s nothing is counted", step)
		}
		clock.at = noon.Add(time.Minute)
		tally.Add("p", answered(clock.at, "news"))
		if got := tally.Day("p", noon.Add(-time.Hour), noon.Add(time.Hour)); got.Asks == 0 || got.Asks > 3 {
			t.Errorf("after a step of %s and back %d are counted", step, got.Asks)
		}
	}
}

func TestThumbsAreSummedByKeywordAndAreNoAsks(t *testing.T) {
	tally, _ := begin(noon)
	thumb := func(keyword string, thumb int, outcome journal.Outcome) {
		tally.Add("p", journal.Trace{At: noon, Channel: "tg", Outcome: outcome, Thumb: thumb, Rated: keyword})
	}
	thumb("news", 1, journal.Told)
	thumb("weather", -1, journal.Told)
	thumb("news", 1, journal.Ordered)
	thumb("news", -1, journal.Told)
	thumb("", 0, journal.Told)
	d := tally.Day("p", noon, noon.Add(time.Hour))
	want := []journal.Thumbs{{Name: "news", Up: 2, Down: 1, Last: noon}, {Name: "weather", Down: 1, Last: noon}}
	if diff := cmp.Diff(want, d.Thumbs); diff != "" {
		t.Error(diff)
	}
	if d.Asks != 1 || d.Commands != 1 || len(d.Channels.Top) != 1 || d.Channels.Top[0].Asks != 1 {
		t.Errorf("%+v, %+v", d.Counts, d.Channels)
	}
	renamed, _ := begin(noon)
	renamed.Now = func(_, keyword string) string {
		return map[string]string{"news": "headlines", "old": "headlines"}[keyword]
	}
	renamed.Add("p", journal.Trace{At: noon, Outcome: journal.Told, Thumb: 1, Rated: "news"})
	renamed.Add("p", journal.Trace{At: noon, Outcome: journal.Told, Thumb: -1, Rated: "old"})
	if got := renamed.Day("p", noon, noon.Add(time.Hour)).Thumbs; len(got) != 1 || got[0].Name != "headlines" || got[0].Up != 1 || got[0].Down != 1 {
		t.Errorf("%+v", got)
	}
}
