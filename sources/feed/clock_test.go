package feed_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

// rss returns a feed of items that are dated so much before they are fetched.
func rss(head string, ages ...time.Duration) string {
	var b strings.Builder
	b.WriteString("<rss><channel>" + head)
	for i, age := range ages {
		fmt.Fprintf(&b, "<item><title>n%d</title><guid>%d</guid><pubDate>%s</pubDate></item>", i, i, fetched.Add(-age).Format(time.RFC1123Z))
	}
	return b.String() + "</channel></rss>"
}

func TestAClockThatIsOffIsToldToTheEditor(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	for name, c := range map[string]struct{ text, want string }{
		"an hour ahead":         {rss("", -58*time.Minute, -40*time.Minute, -11*time.Minute, hour, 2*hour), "3 of its newest items are dated in the future, by up to 58 minutes"},
		"a year ahead":          {rss("", -365*day, -364*day, -363*day, -362*day), "by up to 1 year"},
		"it was made later":     {rss("<lastBuildDate>"+fetched.Add(3*hour).Format(time.RFC1123Z)+"</lastBuildDate>", hour), "the feed's clock is 3 hours ahead"},
		"a feed of events":      {rss("", -3*day, -10*day, -40*day, -90*day, hour, day), ""},
		"an embargo":            {rss("", -5*hour, hour, 2*hour, 3*hour, 4*hour), ""},
		"a minute of skew":      {rss("", -time.Minute, -time.Minute, -time.Minute), ""},
		"nothing in the future": {rss("<lastBuildDate>"+fetched.Format(time.RFC1123Z)+"</lastBuildDate>", 0, hour, 2*hour), ""},
	} {
		s, err := saved(t, "", []byte(c.text)).Fetch(t.Context(), "feed", nil)
		said := strings.Join(saidAll(s.Warnings), "; ")
		if err != nil || !strings.Contains(said, c.want) || c.want == "" && said != "" {
			t.Errorf("%s: the editor hears %q, error %v; want %q", name, said, err, c.want)
		}
	}
}

func TestAServerWhoseClockIsAheadIsToldToTheEditor(t *testing.T) {
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		header := http.Header{"Date": {fetched.Add(90 * time.Minute).Format(http.TimeFormat)}}
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: header, Body: []byte(rss("", time.Hour)), Fetched: fetched}, nil
	}})
	s, err := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://site.example/"}).Fetch(t.Context(), "feed", nil)
	if said := strings.Join(saidAll(s.Warnings), "; "); err != nil || !strings.Contains(said, "the server's clock is 1 hour 30 minutes ahead") {
		t.Errorf("the editor hears %q, error %v", said, err)
	}
}

// TestWhatWasToComeMovesUpWhenItsMomentComes asks one snapshot at several
// moments.
func TestWhatWasToComeMovesUpWhenItsMomentComes(t *testing.T) {
	source := saved(t, "", []byte(rss("", -30*time.Hour, -time.Hour, time.Hour, 26*time.Hour)))
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	for later, want := range map[time.Duration]string{
		0: "n2 n3 n1 n0", 2 * time.Hour: "n1 n2 n3 n0", 31 * time.Hour: "n0 n1 n2 n3",
		-2 * time.Hour: "n3 n2 n1 n0",
	} {
		found, err := source.Select(t.Context(), s, pull.Query{Count: 10, At: fetched.Add(later)})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, it := range found.Items {
			got += " " + it.Title
		}
		if got != " "+want {
			t.Errorf("%v later, the order is%s, want %s", later, got, want)
		}
	}
}

func TestAnItemWithoutADateKeepsThePlaceAndTimeOfItsFirstSight(t *testing.T) {
	item := func(n int, date string) string {
		return fmt.Sprintf("<item><title>n%d</title><guid>%d</guid>%s</item>", n, n, date)
	}
	fetch := func(at time.Time, last *pull.Snapshot, items ...string) pull.Snapshot {
		t.Helper()
		env := sourcetest.Env(t, "")
		env.Client = cannedAt(at, "", []byte("<rss><channel>"+strings.Join(items, "")+"</channel></rss>"))
		s, err := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://site.example/"}).Fetch(t.Context(), "feed", last)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := fetch(fetched, nil, item(1, ""), item(2, ""))
	second := fetch(fetched.Add(time.Hour), &first, item(1, ""), item(2, ""), item(3, "<pubDate>2026-03-02 12:30</pubDate>"))
	want := []string{"n3 13:00", "n1 12:00", "n2 12:00"}
	for i, it := range second.Items {
		if got := it.Title + " " + it.Seen.Format("15:04"); got != want[i] {
			t.Errorf("place %d has %s, want %s", i, got, want[i])
		}
	}
	// What had a date that could be understood was there then, at the latest.
	dated := fetch(fetched, nil, item(1, "<pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate>"))
	unclear := fetch(fetched.Add(time.Hour), &dated, item(1, "<pubDate>Sun, 01 Mar 2026 12:00:00 XYZ</pubDate>"))
	if it := unclear.Items[0]; !it.Published.IsZero() || !it.Seen.Equal(fetched) {
		t.Errorf("published %v, seen %v", it.Published, it.Seen)
	}
}

func TestAListTellsTheDatesOfWhatIsToCome(t *testing.T) {
	source := saved(t, "", []byte(rss("", -5*time.Hour, time.Hour)))
	s, err := source.Fetch(t.Context(), "feed", nil)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "n1, n0, 2 March 2026, 18:00", "fr": "n1, n0, 2 mars 2026 à 18:00", "de": "n1, n0, 2. März 2026, 18:00 Uhr"} {
		var said []string
		for _, b := range source.(pull.Speaker).Say(s.Items, pull.Voice{Language: language, Zone: time.FixedZone("", 3600), At: fetched}).Blocks {
			said = append(said, b.Text)
		}
		if got := strings.Join(said, ", "); got != want {
			t.Errorf("the list is %q, want %q", got, want)
		}
	}
}

func saidAll(texts []words.Text) []string {
	var all []string
	for _, text := range texts {
		all = append(all, text.String())
	}
	return all
}

// A feed whose own clock runs ahead is told at the times at which its items came
// out: its newest stand first, and stay where they are at the next fetch.
func TestTheItemsOfAClockThatIsAheadAreMovedByThat(t *testing.T) {
	made := func(ahead time.Duration) string {
		return "<lastBuildDate>" + fetched.Add(ahead).Format(time.RFC1123Z) + "</lastBuildDate>"
	}
	for name, c := range map[string]struct {
		head   string
		served time.Duration
		ages   []time.Duration
		want   time.Duration
	}{
		"by what it says of itself":          {made(2 * time.Hour), 0, []time.Duration{-110 * time.Minute, time.Hour}, 2 * time.Hour},
		"by its server":                      {"", time.Hour, []time.Duration{-50 * time.Minute, 3 * time.Hour}, time.Hour},
		"by itself before its server":        {made(2 * time.Hour), time.Hour, []time.Duration{-110 * time.Minute}, 2 * time.Hour},
		"a server that tells the right time": {made(5 * time.Hour), time.Second, []time.Duration{-290 * time.Minute, 7 * time.Hour, 30 * time.Hour}, 0},
		"a minute is none":                   {made(time.Minute), time.Minute, []time.Duration{-30 * time.Second}, 0},
		"as new as its newest item":          {made(5 * time.Hour), 0, []time.Duration{-5 * time.Hour, time.Hour}, 0},
		"years ahead, and its items not":     {made(9000 * time.Hour), 0, []time.Duration{time.Hour, 2 * time.Hour}, 0},
		"months ahead, and its items also":   {made(2000 * time.Hour), 0, []time.Duration{-1999 * time.Hour, -1000 * time.Hour}, 2000 * time.Hour},
		"behind":                             {made(-2 * time.Hour), -time.Hour, []time.Duration{time.Hour}, 0},
		"nothing is said, an item to come":   {"", 0, []time.Duration{-time.Hour, time.Hour}, 0},
		"its items are all of the past now":  {made(time.Hour), 0, []time.Duration{time.Hour, 2 * time.Hour}, time.Hour},
	} {
		var last *pull.Snapshot
		for _, jitter := range []time.Duration{0, 2 * time.Minute} {
			env := sourcetest.Env(t, "")
			env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
				header := http.Header{}
				if c.served != 0 {
					header.Set("Date", fetched.Add(c.served).Format(http.TimeFormat))
				}
				return outside.Response{Status: http.StatusOK, URL: r.URL, Header: header, Body: []byte(rss(c.head, c.ages...)), Fetched: fetched.Add(jitter)}, nil
			}})
			s, err := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": "https://site.example/"}).Fetch(t.Context(), "feed", last)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range s.Items {
				var n int
				if _, err := fmt.Sscanf(it.Title, "n%d", &n); err != nil {
					t.Fatal(err)
				}
				if want := fetched.Add(-c.ages[n] - c.want); !it.Published.Equal(want) {
					t.Errorf("%s, %v later: %s came out at %v, want %v", name, jitter, it.Title, it.Published, want)
				}
			}
			if said := strings.Join(saidAll(s.Warnings), "; "); strings.Contains(said, "were moved back") != (c.want > 0) {
				t.Errorf("%s: the editor hears %q", name, said)
			}
			s.Extra = nil
			last = &s
		}
	}
}
