package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/consoletest"
)

// counted is a publisher of a zone whose asks are counted.
type counted struct {
	*consoletest.Figures
	*console.Console
	catalogue console.Catalogue
}

func newCounted(zone *time.Location, now time.Time) counted {
	c := counted{Figures: &consoletest.Figures{Publisher: "lecker", Zone: zone}}
	outlet := catalogue.Publisher{
		ID: "lecker", Name: "lecker", Languages: []string{"en"}, TimeZone: zone.String(),
		Sources:  []catalogue.Source{{ID: "kitchen", Kind: "recipe", Formerly: []string{"recipes"}}},
		Keywords: []catalogue.Keyword{{ID: "cake", Source: "kitchen", Formerly: []string{"tart"}, Phrases: map[string][]string{"en": {"cake"}}}},
	}
	c.catalogue = newMemory(outlet)
	c.Console = console.New(console.Options{}, console.Figures{Counts: c.Figures, Catalogue: c.catalogue, Clock: func() time.Time { return now }}.Operations()...)
	return c
}

// within is a test, or one run of a property.
type within interface{ Context() context.Context }

func (c counted) get(t within, in object) (console.FiguresAnswer, error) {
	in["publisher"] = "lecker"
	return consoletest.Call[object, console.FiguresAnswer](console.WithCaller(t.Context(), console.Operator()), c.Console, "figures.get", in)
}

func ofKeyword(at time.Time, keyword, source string, o journal.Outcome) journal.Trace {
	return journal.Trace{At: at, Channel: "web", Outcome: o, What: journal.What{Keyword: keyword}, When: journal.When{Source: source}, Who: journal.Who{Language: "en"}, Took: journal.Took{Total: 20}}
}

// rowsOf tells each row by what it is of and how much was asked.
func rowsOf(a console.FiguresAnswer) string {
	var all []string
	for _, r := range a.Rows {
		all = append(all, fmt.Sprintf("%s=%d", r.By, r.Asked))
	}
	return strings.Join(all, " ")
}

func TestFiguresAreToldByWhatIsAskedFor(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 30, 0, 0, vienna) }
	c := newCounted(vienna, at(31, 12))
	for _, a := range []journal.Trace{
		ofKeyword(at(2, 9), "tart", "recipes", journal.Answered), ofKeyword(at(2, 9), "cake", "kitchen", journal.Answered), ofKeyword(at(9, 9), "cake", "kitchen", journal.Refused),
		// The clocks go forward on the 29th: 3:30 is the third hour of that day.
		ofKeyword(at(29, 3), "soup", "", journal.Answered), {At: at(29, 23), Channel: "tg", Outcome: journal.Missed}, {At: at(30, 0), Channel: "tg", Outcome: journal.Silent},
	} {
		c.Add(a)
	}
	for _, tt := range []struct {
		name string
		in   object
		want string
	}{
		{"the last 30 days", object{}, "2026-03-02=2 2026-03-09=1 2026-03-29=2 2026-03-30=1"},
		{"both days count", object{"from": "2026-03-09", "to": "2026-03-29"}, "2026-03-09=1 2026-03-29=2"},
		{"hours", object{"by": "hour", "from": "2026-03-29", "to": "2026-03-30"}, "03:00=1 23:00=1 00:00=1"},
		{"hours of the week", object{"by": "hour_of_week"}, "1 00:00=1 1 09:00=3 7 03:00=1 7 23:00=1"},
		{"keywords by the ids of today, the most asked first", object{"by": "keyword"}, "cake=3 soup=1"},
		{"sources likewise", object{"by": "source"}, "kitchen=3"},
		{"channels", object{"by": "channel"}, "web=4 tg=2"},
		{"languages", object{"by": "language"}, "en=4 =2"},
		{"one keyword by day", object{"keyword": "cake"}, "2026-03-02=2 2026-03-09=1"},
		{"one source", object{"source": "kitchen", "by": "day"}, "2026-03-02=2 2026-03-09=1"},
		{"one channel", object{"channel": "tg"}, "2026-03-29=1 2026-03-30=1"},
		{"no room for all", object{"by": "keyword", "limit": 1}, "cake=3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := c.get(t, tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := rowsOf(a); got != tt.want {
				t.Errorf("rows %s, want %s", got, tt.want)
			}
		})
	}
}

func TestEachThingOfAListTellsHowOftenItWasAsked(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	c := newCounted(time.UTC, now)
	for _, days := range []int{0, 0, 1, 29, 30} {
		c.Add(ofKeyword(now.AddDate(0, 0, -days), "tart", "kitchen", journal.Answered))
	}
	for _, days := range []int{1, 1, 31} {
		c.Add(ofKeyword(now.AddDate(0, 0, -days), "cake", "kitchen", journal.Clicked))
	}
	want := make([]int, 30)
	want[29], want[28], want[0] = 2, 1, 1
	for noun, id := range map[string]string{"keyword": "cake", "source": "kitchen", "channel": "web"} {
		got, err := consoletest.Call[object, console.AskedDaily](console.WithCaller(t.Context(), console.Operator()), c.Console, "figures.asked", object{"publisher": "lecker", "noun": noun, "ids": id + ",soup"})
		if diff := cmp.Diff(map[string][]int{id: want}, got.Asked); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", noun, err, diff)
		}
		if diff := cmp.Diff(map[string]int{id: 2}, got.Clicks); diff != "" {
			t.Errorf("clicks by %s: %s", noun, diff)
		}
	}
}

func TestFiguresThatCannotBeToldAreRefused(t *testing.T) {
	c := newCounted(time.UTC, time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC))
	for _, tt := range []struct {
		in   object
		want string
	}{
		{object{"from": "yesterday"}, "from: Write a day such as 2026-03-01."},
		{object{"to": "2026-02-30"}, "to: Write a day such as 2026-03-01."},
		{object{"from": "2026-03-02", "to": "2026-03-01"}, "from: Choose from 1 to 731 days, the first of them not after the last."},
		{object{"from": "2024-03-01"}, "from: Choose from 1 to 731 days, the first of them not after the last."},
		{object{"keyword": "cake", "channel": "tg"}, "by: Figures of one thing alone are told by day: give one of them, and leave out by or write day."},
		{object{"keyword": "cake", "by": "hour"}, "by: Figures of one thing alone are told by day: give one of them, and leave out by or write day."},
		{object{"limit": 20_001}, "limit: Write a number from 1 to 20,000."},
		{object{"by": "moon"}, `by: Write one of "hour", "day", "month", "hour_of_week", "keyword", "channel", "language", "source", not "moon".`},
	} {
		_, err := c.get(t, tt.in)
		if got := fmt.Sprint(err); console.KindOf(err) != pull.Invalid || !strings.Contains(got, tt.want) {
			t.Errorf("%v: %s, want %s", tt.in, got, tt.want)
		}
	}
}

// Whatever was asked, the rows of each part and the ends of each row add up.
func TestFiguresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
		c := newCounted(time.UTC, now)
		asked := rapid.IntRange(0, 40).Draw(t, "asks")
		for range asked {
			o := rapid.SampledFrom([]journal.Outcome{journal.Answered, journal.Refused, journal.Offered, journal.Missed, journal.Ordered, journal.Silent, journal.Ended}).Draw(t, "outcome")
			a := ofKeyword(now.Add(-time.Duration(rapid.IntRange(0, 600).Draw(t, "hours"))*time.Hour), "cake", "kitchen", o)
			a.What.Command = rapid.SampledFrom([]string{"", journal.Greeting}).Draw(t, "command")
			a.Channel = rapid.SampledFrom([]string{"web", "tg"}).Draw(t, "channel")
			c.Add(a)
		}
		for _, by := range []string{"hour", "day", "hour_of_week", "channel", "language"} {
			a, err := c.get(t, object{"by": by})
			if err != nil {
				t.Fatal(err)
			}
			sum := 0
			for _, r := range append(a.Rows, a.Total) {
				if ends := r.Wanted() + r.Commands + r.Greetings + r.Silent + r.Ended; ends != r.Asked || r.Ended < 0 {
					t.Fatalf("by %s: %+v ends %d times", by, r, ends)
				}
				sum += r.Asked
			}
			if sum != 2*asked {
				t.Fatalf("by %s: rows and total are %d, want %d twice", by, sum, asked)
			}
		}
		if a, err := c.get(t, object{}); err != nil || !cmp.Equal(a.Total.Asked, asked) {
			t.Fatalf("%d were asked, not %d (%v)", a.Total.Asked, asked, err)
		}
	})
}

// TestReadersAreToldWhereNoneStandsOut: who asked, who came back and who did not are told as
// numbers of five and more; by month each reader counts once.
func TestReadersAreToldWhereNoneStandsOut(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	c := newCounted(time.UTC, now)
	visits := func(month time.Month, day, firsts, back int, monthly journal.Visit) {
		for n := range firsts {
			of := journal.FirstOfDay | monthly
			if n < back {
				of |= journal.BackOnDay
			}
			c.Add(journal.Trace{At: time.Date(2026, month, day, 9, 0, 0, 0, time.UTC), Channel: "web", Outcome: journal.Missed, Who: journal.Who{Visit: of}})
		}
	}
	visits(time.February, 1, 4, 0, journal.FirstOfMonth)
	visits(time.February, 2, 5, 0, journal.FirstOfMonth)
	visits(time.March, 1, 10, 4, journal.FirstOfMonth|journal.BackInMonth)
	visits(time.March, 2, 10, 5, 0)
	visits(time.March, 3, 10, 6, journal.FirstOfMonth)
	for by, want := range map[string]string{
		"day":   "2026-02-01=0/0 2026-02-02=5/0 2026-03-01=10/0 2026-03-02=10/5 2026-03-03=10/0",
		"month": "2026-02=9/0 2026-03=20/10",
	} {
		a, err := c.get(t, object{"by": by, "from": "2026-02-01", "to": "2026-03-31"})
		var got []string
		for _, r := range a.Rows {
			got = append(got, fmt.Sprintf("%s=%d/%d", r.By, r.Readers, r.Returned))
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("by %s: %s, want %s, %v", by, got, want, err)
		}
	}
}

// Asks of today are added to what is held of days before, in every part, and what was told before stays as it was.
func TestFiguresOfTodayAreAddedToThoseBefore(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	c := newCounted(time.UTC, now)
	parts := []object{{"by": "keyword"}, {"by": "source"}, {"by": "channel"}, {"by": "day"}, {"by": "month"}, {"by": "hour_of_week"}, {"keyword": "cake"}, {"source": "kitchen"}}
	for n := range 40 {
		c.Add(ofKeyword(now.AddDate(0, 0, -n%20), []string{"cake", "tart", "soup"}[n%3], []string{"kitchen", "recipes"}[n%2], journal.Answered))
		for _, in := range parts {
			held, err := c.get(t, in)
			if err != nil {
				t.Fatal(err)
			}
			fresh := console.New(console.Options{}, console.Figures{Counts: c.Figures, Catalogue: c.catalogue, Clock: func() time.Time { return now }}.Operations()...)
			want, err := counted{Figures: c.Figures, Console: fresh}.get(t, in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, held); diff != "" {
				t.Fatalf("after %d asks, %v (-anew +held): %s", n+1, in, diff)
			}
		}
	}
}
