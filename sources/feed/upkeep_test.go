package feed_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

// clock is one that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fetchAgain fetches with what was kept, as it comes back from the store.
func fetchAgain(t *testing.T, s pull.Source, last *pull.Snapshot) (pull.Snapshot, error) {
	t.Helper()
	return s.Fetch(t.Context(), "feed", last)
}

func TestAFeedThatHasMovedForGoodIsAskedForThere(t *testing.T) {
	var mu sync.Mutex
	asked, back, broken, code := []string{}, false, false, http.StatusMovedPermanently
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
		switch {
		case r.URL.Path == "/old" && !back:
			http.Redirect(w, r, "/new", code)
		case r.URL.Path == "/new" && broken:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = fmt.Fprintf(w, "<rss><channel><item><title>%s %d</title></item></channel></rss>", r.URL.Path, len(asked))
		}
	}))
	defer s.Close()
	paths := func() string {
		mu.Lock()
		defer mu.Unlock()
		all := strings.Join(asked, " ")
		asked = nil
		return all
	}
	now := &clock{at: time.Now()}
	env := sourcetest.Env(t, "")
	env.Clock = now.now
	open := func() pull.Source { return sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL + "/old"}) }
	var last *pull.Snapshot
	round := func(want string) {
		t.Helper()
		snapshot, err := fetchAgain(t, open(), last)
		if err != nil {
			t.Fatal(err)
		}
		// The clock of the responses is that of the machine; what was kept ages.
		snapshot.Extra = aged(t, snapshot.Extra, 2*time.Hour)
		if last = &snapshot; paths() != want {
			t.Errorf("want %q; the snapshot keeps %s", want, snapshot.Extra)
		}
	}
	round("/old /new")
	round("/old /new")
	round("/old /new")
	round("/new")
	if len(last.Warnings) == 0 || !strings.Contains(fmt.Sprint(last.Warnings), s.URL+"/new") {
		t.Errorf("the editor hears %q", last.Warnings)
	}
	mu.Lock()
	broken, back = true, true
	mu.Unlock()
	round("/new /old")
	round("/old")
	code, back, broken, last = http.StatusFound, false, false, nil
	for range 4 {
		round("/old /new")
	}
}

// aged returns what was kept, longer ago.
func aged(t *testing.T, extra []byte, by time.Duration) []byte {
	t.Helper()
	const mark = `"told":"`
	text := string(extra)
	i := strings.Index(text, mark)
	if i < 0 {
		return extra
	}
	end := i + len(mark) + strings.IndexByte(text[i+len(mark):], '"')
	at, err := time.Parse(time.RFC3339Nano, text[i+len(mark):end])
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text[:i+len(mark)] + at.Add(-by).Format(time.RFC3339Nano) + text[end:])
}

func TestAFeedThatIsGoneIsNotAskedForAgain(t *testing.T) {
	requests := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.WriteHeader(http.StatusGone)
	}))
	defer s.Close()
	now := &clock{at: time.Now()}
	env := sourcetest.Env(t, "")
	env.Clock = now.now
	for _, name := range []string{"at first", "again", "after a restart"} {
		source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL})
		_, err := fetchAgain(t, source, nil)
		if err == nil || !strings.Contains(err.Error(), "gone for good") || requests != 1 {
			t.Errorf("%s: %v after %d requests", name, err, requests)
		}
	}
	other := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL + "/new"})
	if _, err := fetchAgain(t, other, nil); err == nil || requests != 2 {
		t.Errorf("another address is not asked: %v after %d requests", err, requests)
	}
	now.pass(8 * 24 * time.Hour)
	if _, err := fetchAgain(t, other, nil); err == nil || requests != 3 {
		t.Errorf("after a week: %v after %d requests", err, requests)
	}
}

func TestWhatAServerWithoutValidatorsRepeatsIsUnchanged(t *testing.T) {
	text := "<rss><channel><item><title>one</title></item></channel></rss>"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }))
	defer s.Close()
	source := sourcetest.Open(t, feed.Kind, sourcetest.Env(t, ""), map[string]any{"url": s.URL})
	first, err := fetchAgain(t, source, nil)
	if err != nil || first.Unchanged {
		t.Fatalf("unchanged %v, %v", first.Unchanged, err)
	}
	second, err := fetchAgain(t, source, &first)
	if err != nil || !second.Unchanged || second.Fetched.Before(first.Fetched) || string(second.Extra) != string(first.Extra) {
		t.Errorf("%+v, %v", second, err)
	}
	text = strings.ReplaceAll(text, "one", "two")
	if third, err := fetchAgain(t, source, &second); err != nil || third.Unchanged || third.Items[0].Title != "two" {
		t.Errorf("%+v, %v", third, err)
	}
}

func TestAFeedSaysForHowLongItIsFresh(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 10, 0, 0, time.UTC) // a Monday
	for name, c := range map[string]struct {
		inside, header string
		want           time.Duration
	}{
		"nothing":                   {"", "", 0},
		"a ttl":                     {"<ttl>45</ttl>", "", 45 * time.Minute},
		"a ttl beyond reason":       {"<ttl>99999</ttl>", "", 24 * time.Hour},
		"no ttl":                    {"<ttl>soon</ttl>", "", 0},
		"a ttl beside its server's": {"<ttl>45</ttl>", "max-age=120", 2 * time.Minute},
		"a period":                  {`<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>`, "", 15 * time.Minute},
		"a long period":             {`<sy:updatePeriod>weekly</sy:updatePeriod>`, "", time.Hour},
		"hours":                     {"<skipHours><hour>12</hour><hour>13</hour></skipHours>", "", 110 * time.Minute},
		"a ttl into such hours":     {"<ttl>60</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>", "", 170 * time.Minute},
		"all hours":                 {"<skipHours>" + strings.Repeat("<hour>1</hour>", 3) + allHours() + "</skipHours>", "", 0},
		"days":                      {"<skipDays><day>Monday</day></skipDays>", "", 11*time.Hour + 50*time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("Cache-Control", c.header)
				}
				_, _ = w.Write([]byte("<rss><channel>" + c.inside + "<item><title>one</title></item></channel></rss>"))
			}))
			defer s.Close()
			env := sourcetest.Env(t, "")
			if c.header == "" {
				env.Client = cannedAt(at, "", []byte("<rss><channel>"+c.inside+"<item><title>one</title></item></channel></rss>"))
			}
			source := sourcetest.Open(t, feed.Kind, env, map[string]any{"url": s.URL})
			var last *pull.Snapshot
			for range 2 {
				got, err := fetchAgain(t, source, last)
				if err != nil {
					t.Fatal(err)
				}
				if last = &got; got.Expires.IsZero() != (c.want == 0) || c.want > 0 && got.Expires.Sub(got.Fetched).Round(time.Second) != c.want {
					t.Errorf("it is fresh for %v; want %v", got.Expires.Sub(got.Fetched), c.want)
				}
			}
		})
	}
}

func allHours() (all string) {
	for h := range 24 {
		all += fmt.Sprintf("<hour>%d</hour>", h)
	}
	return all
}
