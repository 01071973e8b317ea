package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// clicksOf returns how many clicks "keypull figures" tells of each row.
func (s *service) clicksOf(t *testing.T, args string) map[string]int {
	t.Helper()
	all := map[string]int{}
	for line := range strings.Lines(s.printed(t, "figures --publisher lecker --json "+args)) {
		var r struct {
			By     string
			Clicks int
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all[r.By] = r.Clicks
	}
	return all
}

// follow fetches a link that was told, and goes no further.
func (s *service) follow(t *testing.T, path string) (status int, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode, res.Header
}

func TestAFollowedLinkIsCountedForTheFiguresOverRestarts(t *testing.T) {
	const target = "https://oven.example/opening-hours?day=mon"
	s := serveConsole(t)
	s.clock.untilNoon() // days of the figures are the publisher's
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", object{"id": "hours", "kind": "text", "settings": object{"answers": []object{{"text": "Open from 9 to 17.", "title": "Hours", "link": target}}}})
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	link := func(session string) string {
		t.Helper()
		return regexp.MustCompile(`https?://[^\s"<>)\\]+`).FindString(s.says(session, "hours"))
	}
	if got := link("before-it-is-on-1234"); got != target {
		t.Errorf("where nothing is counted the link is %s", got)
	}
	c.put("/publishers/lecker", "publisher", func(doc object) { doc["clicks"], doc["utm"] = true, object{"medium": "{channel}"} })
	told := link("after-it-is-on-12345")
	if !strings.HasPrefix(told, s.URL+"/c/lecker/") {
		t.Fatalf("the link is %s", told)
	}
	told = strings.TrimPrefix(told, s.URL)
	follow := func() int {
		t.Helper()
		status, header := s.follow(t, told)
		if want := target + "&utm_medium=web"; header.Get("Location") != want || header.Get("Cache-Control") != "no-store" || header.Get("Set-Cookie") != "" {
			t.Errorf("it leads to %s with %v", header.Get("Location"), header)
		}
		return status
	}
	if got := follow(); got != http.StatusFound {
		t.Errorf("at once it ends with %d", got)
	}
	s.clock.advance(time.Minute)
	for range 3 {
		follow()
	}
	check := func(when string, want int) {
		t.Helper()
		for args, of := range map[string]string{"--by keyword": "hours", "--by source": "hours", "--by channel": "web", "--by day": s.clock.Now().UTC().Format(time.DateOnly)} {
			if got := s.clicksOf(t, args)[of]; got != want {
				t.Errorf("%s, figures %s tell %d clicks, want %d", when, args, got, want)
			}
		}
	}
	check("at once", 3)
	s.restart()
	follow()
	check("after a restart", 4)
	c.put("/publishers/lecker/channels/web", "channel", func(doc object) { doc["clicks"] = "off" })
	if got := link("where-it-is-off-1234"); got != target {
		t.Errorf("on a channel where it is off the link is %s", got)
	}
}

// TestAServerThatReadersDoNotReachCountsNothingUnasked: a publisher that is made there tells links
// as its items have them.
func TestAServerThatReadersDoNotReachCountsNothingUnasked(t *testing.T) {
	const target = "https://oven.example/opening-hours"
	s := serveConsole(t)
	c := s.admin()
	c.want(http.StatusCreated, http.MethodPost, "/publishers", object{"publisher": object{"id": "lecker", "name": "Lecker", "languages": []string{"en"}}})
	c.add("lecker", "source", object{"id": "hours", "kind": "text", "settings": object{"answers": []object{{"text": "Open from 9 to 17.", "link": target}}}})
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	if said := s.says("a-reader-of-now-1234", "hours"); !strings.Contains(said, target) {
		t.Errorf("the web chat tells %s", said)
	}
}
