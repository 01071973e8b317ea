package site_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
)

// hostile is what somebody writes who wants to break a page.
const hostile = `</span><script>document.title="taken"</script><img src=x onerror=alert(1)>`

// lengthy is longer than any line and has no place to break.
const lengthy = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

// busy fills a rig with a day, people, invites, tokens and acts.
func busy(t *testing.T) (r *rig, admin *visitor) {
	t.Helper()
	other := lecker()
	other.ID, other.Name = "kiosk", "Kiosk "+lengthy
	file := lecker()
	file.ID, file.Name = "file", "From the file"
	r = newRig(t, lecker(), other, file, empty("fresh"))
	r.Provision("file")
	r.kept.sent = []pipeline.Outgoing{{Ask: 1 << 30, Cause: 1 << 30, CauseKept: true, At: r.clock(), Channel: "web", Fate: pipeline.Folded}, {Ask: 1<<30 + 1, Kind: pull.Human, At: r.clock(), Channel: "web", Orphan: true}}
	admin = r.visit(r.person("ada@example.org", "admin"))
	ann := r.as("lecker owner", "kiosk viewer")
	r.person("bernard.de-la-tour@example.org", "lecker editor")
	ann.post("/console/p/lecker/people/invites", "email", "new@example.org", "name", "Newcomer", "role", "editor").wants(t, 200)
	ann.post("/console/p/lecker/people/tokens", "name", "Site search", "role", "viewer", "expires", "2026-12-31").wants(t, 200)
	admin.post("/console/installation/tokens", "name", "Backup "+lengthy[:60]).wants(t, 200)
	ann.post("/console/p/lecker/settings", "version", "*", "outlet", "Lecker!", "languages", "en", "languages", "fr", "time_zone", "Europe/Paris", "autocorrect", "offer").wants(t, 303)
	ann.post("/console/p/lecker/people/"+ann.person.ID, "role", "viewer").wants(t, 409)
	r.health.all = []pull.Health{{Publisher: "lecker", Source: "news", Good: r.clock(), Bad: r.clock(), Error: words.Verbatim("the server answered 503 " + lengthy)}}
	for n := range 60 {
		at := r.clock().Add(-time.Duration(n*11) * time.Minute)
		trace := journal.Trace{At: at, Channel: "web", Outcome: journal.Answered, What: journal.What{Keyword: []string{"news", "news", "sap"}[n%3]},
			Took: journal.Took{Total: journal.Millis(20 + n)}}
		trace.When.AsOf = at.Add(-time.Duration(n) * time.Second)
		r.tally.Add("lecker", trace)
	}
	for n, text := range []string{"zeppelin", "zeppelin", "wetter", hostile, lengthy} {
		r.tally.Add("lecker", journal.Trace{At: r.clock().Add(-time.Duration(n) * time.Minute), Channel: "web", Outcome: journal.Missed, What: journal.What{Unknown: text}})
	}
	r.demands("zeppelin "+lengthy[:40], 6, "news", "sap")
	r.demands("wetter", 3, "news")
	r.holds(askingReader, who.Reader{Language: "fr", First: r.clock(), Address: lengthy, Recent: []who.Pull{{Keyword: "news", Argument: hostile, At: r.clock()}},
		Miss: &who.Miss{Core: hostile, At: r.clock()}, Consent: who.Consent{Given: true, At: r.clock()}, Question: &who.Question{Core: lengthy}})
	r.letters.Die(
		pipeline.DeadLetter{Ask: 17, Publisher: "lecker", Channel: "web", Since: r.clock(), Why: words.Verbatim("The platform answered 403."), Text: hostile},
		pipeline.DeadLetter{Ask: 18, Publisher: "lecker", Channel: "web", Since: r.clock(), Why: words.Verbatim("Resolving it ended the process: " + lengthy), Queued: true,
			Trace: &journal.Trace{What: journal.What{Keyword: "news"}, Error: hostile}},
		pipeline.DeadLetter{Ask: 19, Publisher: "lecker", Channel: "gone", Since: r.clock(), Why: words.Verbatim(lengthy), Text: lengthy, Lost: true},
	)
	r.letters.Gone = 3
	r.demands(hostile, 5)
	r.tries(hostile, "news")
	r.tries("zeppelin "+lengthy[:40], "sap")
	r.demanded = append(r.demanded, journal.Tell{Text: "zeppelin " + lengthy[:40], Keyword: "news", Language: "fr", At: r.clock()})
	return r, admin
}

// looks returns the pages of this half of the console; status is what the browser
// complains of.
func looks() map[string]string {
	return map[string]string{
		"today": "/console/p/lecker/today", "today-fresh": "/console/p/fresh/today", "demand": "/console/p/lecker/demand", "demand-none": "/console/p/fresh/demand", "drill": "/console/p/lecker/sources/news/drill", "withdrawn-hits": "/console/p/lecker/sources/withdrawn?source=news&item=wolf", "readers": readersAt,
		"dead": deadAt, "dead-web": deadAt + "?channel=web", "dead-none": "/console/p/fresh/channels/dead", "dead-count": "/console/p/lecker/channels", "people": "/console/p/lecker/people",
		"people-none": "/console/p/kiosk/people", "tokens": "/console/p/lecker/people/tokens", "tokens-none": "/console/p/kiosk/people/tokens",
		"settings": "/console/p/lecker/settings", "settings-file": "/console/p/file/settings", "delete": "/console/p/lecker/settings/delete",
		"audit": "/console/p/lecker/audit", "sends": "/console/p/lecker/audit/sends", "audit-none": "/console/p/fresh/audit", "home": "/console", "new": "/console/new", "me": "/console/me",
		"installation": "/console/installation", "installation-tokens": "/console/installation/tokens", "acts": "/console/installation/acts",
	}
}

func TestPagesOfPeopleAndTheDayAreWellBuilt(t *testing.T) {
	r, admin := busy(t)
	secret, _, err := r.gate.First(t.Context())
	if err != nil || secret != "" {
		t.Fatalf("%q, %v", secret, err)
	}
	// The longest words are not those of English.
	speakers := map[int64]people.Person{1440: admin.person, 390: r.person("dora@example.org", "admin")}
	german := speakers[390]
	german.Language = "de"
	if _, revision, err := r.gate.People.Get(t.Context(), german.ID); err != nil {
		t.Fatal(err)
	} else if _, err := r.gate.People.Put(t.Context(), german, revision); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int64{390, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			// Dark is but other colours: one width shows them all.
			if width != 1440 && scheme == "dark" {
				continue
			}
			t.Run(fmt.Sprintf("%d %s", width, scheme), func(t *testing.T) {
				t.Parallel()
				ownerless := rigOf(t, newMemory(), "")
				ownerless.hasThree()
				welcome, ok, err := ownerless.first()
				if err != nil || !ok {
					t.Fatal(ok, err)
				}
				b := newBrowser(t)
				b.Look(width, scheme)
				name := func(page string) string { return fmt.Sprintf("%s-%d-%s", page, width, scheme) }
				b.Open(welcome)
				b.judge(name("welcome"))
				b.Open(r.server.URL + "/console/welcome/nothing")
				b.refused("410")
				b.judge(name("welcome-gone"))
				b.Open(r.server.URL + "/console/sign-in")
				b.judge(name("sign-in"))
				b.Open(ownerless.server.URL)
				b.judge(name("way-in"))
				b.Open(ownerless.server.URL + "/console/try")
				b.judge(name("try"))
				b.fill("#f-address", "harbour.example")
				b.submit("main form")
				b.Until(`document.querySelectorAll(".bubble.mine").length === 3`)
				b.judge(name("tried"))
				b.signIn(r.visit(speakers[width]))
				for page, path := range looks() {
					b.Open(r.server.URL + path)
					b.judge(name(page))
					b.Wants(`document.title.includes("taken")`, "false")
				}
				b.Open(r.server.URL + readersAt)
				b.fill("#f-id", askingReader)
				b.submit("main form")
				b.Until(`document.getElementById("held") !== null`)
				b.judge(name("readers-held"))
				b.submit(`main form[action$="/forget"]`)
				b.Until(`document.querySelector('form[action$="/erase"]') !== null`)
				b.judge(name("readers-forget"))
				b.Wants(`document.title.includes("taken")`, "false")
				b.Open(r.server.URL + "/console/p/lecker/nowhere")
				b.refused("404")
				b.judge(name("failure"))
			})
		}
	}
}

// first returns the link of the first owner.
func (r *rig) first() (link string, ok bool, err error) {
	secret, ok, err := r.gate.First(r.t.Context())
	return r.gate.Link(secret), ok, err
}

// refused makes sure that the page came with that status, of which browsers
// complain.
func (b *browser) refused(status string) {
	b.T.Helper()
	said := b.Complaints()
	if len(said) != 1 || !strings.Contains(said[0], status) {
		b.T.Errorf("the browser says %q, not that the status is %s", said, status)
	}
}
