package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"keypull/pull/people"
)

// personHash is made once, since that takes its time on purpose.
var personHash = sync.OnceValues(func() (string, error) {
	return people.NewPasswords(rand.Reader).Hash(context.Background(), personPassword)
})

// person writes somebody down who signs in with personPassword; grants are as
// in "lecker owner", or "admin".
func (s *service) person(email, name, language string, grants ...string) {
	s.t.Helper()
	hash, err := personHash()
	if err != nil {
		s.t.Fatal(err)
	}
	p := people.Person{ID: people.NewID(rand.Reader), Email: email, Name: name, Hash: hash, Language: language, Zone: "Europe/Paris",
		Roles: map[string]people.Role{}, Created: s.clock.Now(), Changed: s.clock.Now()}
	for _, g := range grants {
		if publisher, role, ok := strings.Cut(g, " "); ok {
			p.Roles[publisher] = people.Role(role)
		} else {
			p.Admin = true
		}
	}
	if _, err := s.resources.people.Put(s.t.Context(), p, 0); err != nil {
		s.t.Fatal(err)
	}
	s.log.keepOut(personPassword)
}

// signIn signs somebody in by the form, in English.
func (s *seat) signIn(url, email string) {
	s.t.Helper()
	s.open(url + "/console/sign-in")
	s.enter(email)
}

// enter fills in the form of the page for signing in.
func (s *seat) enter(email string) {
	s.t.Helper()
	s.fill("E-mail", email)
	s.fill("Password", personPassword)
	s.follow("Sign in")
	s.until(`location.pathname !== "/console/sign-in"`)
}

// holdings returns what the catalogue holds of a publisher.
func (s *service) holdings(publisher string) string {
	s.t.Helper()
	return asJSON(s.t, s.room.Publisher(publisher).Publisher)
}

// typed is what the form at work holds.
const typed = `JSON.stringify([...new FormData(document.querySelector("#thing"))].filter(([name]) => !name.startsWith("_") && name !== "version"))`

// describes are the sentences that a field is described by, or its group.
const describes = `((x) => { let said = ""; for (let y = x; y && y.id !== "thing"; y = y.parentElement)
	for (const id of (y.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)) said += " " + (document.getElementById(id)?.textContent ?? "MISSING " + id);
	return said; })`

// refusal is a form that is sent as it must not be.
type refusal struct {
	name, page string
	fill       func(s *seat)
	// field is the label of what is wrong, says what must be said there.
	field, says string
}

func refusals(site *newsSite) []refusal {
	return []refusal{
		{name: "an address that is not there", page: "sources/new?kind=feed", field: "Address", says: "404", fill: func(s *seat) {
			s.fill("Address", site.URL+"/nothing.xml")
			s.eval(`field("If the source fails").closest("details").open = true`)
			s.fill("If the source fails", "3h")
		}},
		{name: "a page that is no feed", page: "sources/new?kind=feed", field: "Address", says: "feed", fill: func(s *seat) {
			s.fill("Address", site.URL+"/page.html")
			s.eval(`field("Fresh for").closest("details").open = true`)
			s.fill("Fresh for", "90s")
		}},
		{name: "a phrase that is taken", page: "keywords/new?source=news", field: "Phrases: English", says: "news", fill: func(s *seat) {
			s.fill("Phrases: English", "NEWS!")
			s.fill("Phrases: French", "les nouvelles")
			s.eval(`field("How many items").closest("details").open = true`)
			s.fill("How many items", "3")
		}},
		{name: "a name that no template knows", page: "keywords/new?source=news", field: "Every language", says: `item has no “prize”`, fill: func(s *seat) {
			s.fill("Phrases: English", "prize")
			s.press("A template of your own")
			s.until(`field("Every language")`)
			s.fill("Every language", "It costs {{ item.prize }}")
			s.fill("Phrases: French", "prix")
		}},
		{name: "a text of one megabyte", page: "sources/new?kind=text", field: "Text", says: "64 KiB", fill: func(s *seat) {
			s.press("Add")
			s.fill("Title", "A very long answer")
			s.fill("Text", strings.Repeat("0123456789abcde ", 1<<16))
		}},
	}
}

func TestARefusedFormLosesNothing(t *testing.T) {
	site := newNewsSite(t)
	news := site.feed("feed.xml", "First edition")
	site.feed("page.html", "").raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><title>Welcome</title><p>A page.")
	}
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", feedDoc("news", news.url()))
	c.add("lecker", "keyword", wordDoc("news", "news"))
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	before := s.holdings("lecker")
	for _, r := range refusals(site) {
		t.Run(r.name, func(t *testing.T) {
			b.t = t
			b.open(s.URL + "/console/p/lecker/" + r.page)
			r.fill(b)
			written := b.eval(typed)
			b.follow("Save")
			b.refused("422")
			b.wants(`document.activeElement.id`, "summary")
			b.wants(`[...document.querySelectorAll("#summary a")].every((a) => document.getElementById(decodeURIComponent(a.hash.slice(1))))`, "true")
			at := fmt.Sprintf("field(%q)", r.field)
			b.wants(at+`.getAttribute("aria-invalid")`, "true")
			if got := b.eval(describes + "(" + at + ")"); !strings.Contains(got, r.says) || strings.Contains(got, "MISSING") {
				t.Errorf("at the field stands %q", got)
			}
			if got := b.eval(typed); got != written {
				t.Errorf("what was typed became %.2000s, it was %.2000s", got, written)
			}
			if got := s.holdings("lecker"); got != before {
				t.Errorf("something was saved: %s", got)
			}
			b.press(b.eval(`bare(document.querySelector("#summary a"))`))
			b.wants(describes+`(document.activeElement).includes(`+fmt.Sprintf("%q", r.says)+`)`, "true")
		})
	}
	b.t = t
}

func TestTwoTabsDecideWhichVersionCounts(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	first := newSeat(t)
	first.signIn(s.URL, "ann@example.org")
	place := s.URL + "/console/p/lecker/keywords/hours"
	first.open(place)
	second := first.tab()
	second.open(place)
	first.fill("Phrases: English", "opening")
	first.follow("Save")
	saved := s.holdings("lecker")

	second.fill("Phrases: English", "open when\nwhen open")
	second.fill("Phrases: French", "horaires")
	second.follow("Save")
	second.refused("409")
	second.reads("Somebody else was faster", "Your version", "The version that is live", "opening", "open when", "when open", "horaires", "Ann")
	if got := s.holdings("lecker"); got != saved {
		t.Errorf("a stale version was saved: %s", got)
	}
	third := first.tab()
	third.open(place)
	third.fill("Phrases: English", "third")
	asks(t, s.URL, "lecker", "opening", "Open from 9 to 17.")

	second.follow("Keep mine")
	second.reads("It is live")
	asks(t, s.URL, "lecker", "when open", "Open from 9 to 17.")
	asks(t, s.URL, "lecker", "opening", "Do you mean “open when”?") // another form of a word of what is kept
	kept := s.holdings("lecker")

	third.follow("Save")
	third.refused("409")
	third.follow("Take theirs")
	third.wants(`field("Phrases: English").value`, "open when\nwhen open")
	third.wants(`field("Phrases: French").value`, "horaires")
	if got := s.holdings("lecker"); got != kept {
		t.Errorf("taking theirs saved something: %s", got)
	}
}
