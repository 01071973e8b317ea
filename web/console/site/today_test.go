package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/words"
)

// ask counts an ask that was answered.
func (r *rig) ask(keyword string) {
	r.tally.Add("lecker", journal.Trace{At: r.clock(), Channel: "web", Outcome: journal.Answered, What: journal.What{Keyword: keyword}, Took: journal.Took{Total: 48}})
}

// miss counts an ask that nothing answers.
func (r *rig) miss(text string) {
	r.tally.Add("lecker", journal.Trace{At: r.clock(), Channel: "web", Outcome: journal.Missed, What: journal.What{Unknown: text}})
	r.demands(text, 1)
}

func TestTheDayIsToldAsItHappens(t *testing.T) {
	r := newRig(t)
	editor := r.as("lecker editor")
	r.ask("news")
	for range 5 {
		r.miss("zeppelin & co")
	}
	r.miss("my secret")
	r.tries("my own try")
	r.tally.Add("lecker", journal.Trace{At: r.clock(), Outcome: journal.Ordered, What: journal.What{Command: "menu"}})
	r.tally.Add("lecker", journal.Trace{At: r.clock(), Outcome: journal.Ordered, What: journal.What{Command: journal.Greeting}})
	r.wait(time.Minute)
	r.health.all = []pull.Health{{Publisher: "lecker", Source: "news", Bad: r.clock(), Error: words.Verbatim("the server answered 503")}}
	page := editor.get("/console/p/lecker/today").wants(t, 200, " ms<", "zeppelin &amp; co", "the server answered 503", "Make it a keyword",
		`href="/console/p/lecker/keywords/new?phrase=zeppelin&#43;%26&#43;co"`, `href="`+r.server.URL+`/chat/lecker/web"`, `href="/console/p/lecker/keywords/news"`,
		`hx-trigger="every 2s"`, `<noscript>`, "14 % of asks for content", "86 % of asks for content", "and 1 greeting<", "1 more ask in words that are not shown",
	).lacks(t, "secret", "own try")
	live := strings.ReplaceAll(between(t, page.body, `hx-get="`, `"`), "&amp;", "&")

	script := r.visit(editor.person)
	script.header = http.Header{"Hx-Request": {"true"}}
	if a := script.get(live); a.status != http.StatusNoContent || a.body != "" {
		t.Errorf("nothing has changed: %d %q", a.status, a.body)
	}
	r.ask("sap")
	r.wait(time.Second)
	part := script.get(live).wants(t, 200, `id="today"`, `href="/console/p/lecker/keywords/sap"`).lacks(t, "<html", "<h1")
	next := strings.ReplaceAll(between(t, part.body, `hx-get="`, `"`), "&amp;", "&")
	script.get(next).wants(t, http.StatusNoContent)
	editor.get("/console/p/lecker/today/live").leads(t, "/console/p/lecker/today")

	r.as("lecker viewer").get("/console/p/lecker/today").wants(t, 200, "zeppelin").lacks(t, "Make it a keyword")
}

func TestFirstStepsLeadOnAndVanish(t *testing.T) {
	r := newRig(t, empty("fresh"))
	editor := r.as("fresh editor")
	const steps = "First steps"
	editor.get("/console/p/fresh/today").wants(t, 200, steps, `href="/console/p/fresh/sources/new?first=1"`, "/chat/fresh/web")
	r.as("fresh viewer").get("/console/p/fresh/today").wants(t, 200).lacks(t, steps)

	full := lecker()
	full.ID = "fresh"
	r = newRig(t, full)
	editor = r.as("fresh editor")
	editor.get("/console/p/fresh/today").wants(t, 200, steps, "Ask it yourself", "Ask in the web chat").lacks(t, "?first=1")
	r.tally.Add("fresh", journal.Trace{At: r.clock(), Outcome: journal.Answered})
	r.wait(time.Second)
	editor.get("/console/p/fresh/today").wants(t, 200).lacks(t, steps)
	// The next morning nobody has asked yet, and nobody is new any more.
	r.wait(11 * time.Hour)
	editor.get("/console/p/fresh/today").wants(t, 200, steps)
	r.wait(13 * time.Hour)
	r.visit(editor.person).get("/console/p/fresh/today").wants(t, 200).lacks(t, steps)
}

func TestTheDayOfALargePublisherStaysSmall(t *testing.T) {
	p := lecker()
	for n := range 1000 {
		id := fmt.Sprintf("source-%d", n)
		p.Sources = append(p.Sources, catalogue.Source{ID: id, Kind: "feed", Settings: map[string]any{"url": "https://example.org/" + id}})
	}
	r := newRig(t, p)
	for n := range 200 {
		r.miss(strings.Repeat("w", 60) + fmt.Sprint(n))
		r.health.all = append(r.health.all, pull.Health{Publisher: "lecker", Source: fmt.Sprintf("source-%d", n+500), Bad: r.clock(), Error: words.Verbatim(strings.Repeat("broken ", 40))})
	}
	r.wait(time.Second)
	page := r.as("lecker owner").get("/console/p/lecker/today").wants(t, 200, "source-500", "And 990 more")
	if len(page.body) > 200_000 {
		t.Errorf("%d bytes", len(page.body))
	}
}
