package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"keypull/web/console/pages/pagestest"
)

// faults of a page that anybody would see: it is wider than the window, or hides a part, is in
// another language, has no heading of its own, or shows the key of a word.
const faults = `(() => { const found = [];
	if (document.documentElement.scrollWidth > innerWidth) found.push("it is wider than the window: " + [...document.querySelectorAll("body *")]
		.filter((x) => x.getBoundingClientRect().right > innerWidth + 1 && !x.closest(".tabs, .scroll, .unseen")).slice(0, 3).map((x) => x.outerHTML.slice(0, 120)).join(" "));
	for (const x of document.querySelectorAll(".card.flush")) if (x.scrollWidth > x.clientWidth + 1 && getComputedStyle(x).overflowX === "hidden") found.push("a card hides what stands at its end: " + x.innerText.slice(0, 80));
	if (innerWidth >= 1200) for (const x of document.querySelectorAll(".card.flush")) if (x.scrollWidth > x.clientWidth + 1) found.push("a table has no room for all its columns: " + x.innerText.slice(0, 80));
	if (document.querySelectorAll("h1").length !== 1) found.push("it has " + document.querySelectorAll("h1").length + " headings");
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const own = (x) => x.closest("script, style, textarea, pre, .mono, bdi, noscript, .bubble, [data-copy]");
	while (texts.nextNode()) if (/^[a-z]+(\.[a-z_]+)+$/.test(texts.currentNode.data.trim()) && !own(texts.currentNode.parentElement)) found.push("it shows " + texts.currentNode.data);
	for (const x of document.querySelectorAll("[aria-label], [title], [alt]")) for (const a of ["aria-label", "title", "alt"])
		if (/^[a-z]+(\.[a-z_]+)+$/.test(x.getAttribute(a) ?? "")) found.push("it says " + x.getAttribute(a));
	return found.join("\n"); })()`

// axe returns the judge of whether everybody can use a page.
func axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(npmFolder(t), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// busyHouse returns an installation at work: two publishers, one of them in the
// configuration file, everything that a page can show, and asks.
func busyHouse(t *testing.T) *service {
	t.Helper()
	const filed = `
[[publisher]]
id = "filed"
name = "From the file"
languages = ["en"]
time_zone = "Europe/Paris"
`
	s := serveConsole(t, filed, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), chatBlock())
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", feedDoc("news", newNewsSite(t).feed("feed.xml", "Night trains return in December").url()))
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/sources", object{"untried": true, "source": object{"id": "prices", "kind": "quote",
		"settings": object{"url": deadURL(t) + "/{symbol}", "price": "last", "symbols": []object{{"symbol": "SAP", "name": "SAP SE"}}}}})
	c.add("lecker", "keyword", wordDoc("news", "news", object{"phrases": object{"en": []string{"news", "headlines"}, "fr": []string{"actus"}}}))
	c.add("lecker", "keyword", wordDoc("ticked", "news", object{"reply": []object{{"show": "title"}, {"show": "link"}}}))
	c.add("lecker", "keyword", wordDoc("letter", "news", object{"template": "{{ item.title }}", "hours": []string{"mon-fri 09:15-15:30"}}))
	c.add("lecker", "channel", botDoc("tg", newBotAPI(t), nil))
	c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/tokens", object{"name": "The newsroom's script", "role": "viewer"})
	c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/invites", object{"email": "eve@example.org", "role": "viewer"})
	c.put("/publishers/lecker", "publisher", func(doc object) { doc["clicks"] = true })
	for _, words := range []string{"headlines", "zeppelin", "the weather tomorrow", "news"} {
		said, err := tryAsk(s.URL, "lecker", words)
		if err != nil {
			t.Error(err)
		}
		if link := regexp.MustCompile(`/c/lecker/[\w-]+`).FindString(said); link != "" {
			s.clock.advance(time.Minute)
			s.follow(t, link)
		}
	}
	return s
}

func TestEveryPageIsForEverybody(t *testing.T) {
	s := busyHouse(t)
	judge := axe(t)
	for _, language := range []string{"en", "fr", "de"} {
		s.person(language+"@example.org", "Ann Ouray", language, "admin", "lecker owner")
	}
	for _, language := range []string{"en", "fr", "de"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			b := newSeat(t)
			b.signIn(s.URL, language+"@example.org")
			paths := b.walk(s.URL+"/console/p/lecker/today", func() { b.everyLook(judge, language) })
			for _, resource := range []string{"today", "sources", "sources/new", "sources/prices", "keywords", "keywords/new", "keywords/ticked", "keywords/letter",
				"channels", "channels/new", "channels/tg", "channels/web", "demand", "people", "people/tokens", "audit", "settings", "settings/delete"} {
				if !slices.Contains(paths, "/console/p/lecker/"+resource) {
					t.Errorf("the walk did not come by %s; it saw %q", resource, paths)
				}
			}
			if len(paths) < 45 {
				t.Errorf("the walk saw %d pages only: %q", len(paths), paths)
			}
		})
	}
}

// everyLook judges the page that is shown: narrow by day, and by night as wide as tables
// just have room, the latter
// in English with axe. The tests of the pages themselves know the other looks.
func (s *seat) everyLook(judge, language string) {
	s.t.Helper()
	at := s.eval("location.pathname + location.search")
	s.wants(`document.documentElement.lang`, language)
	if language == "en" {
		s.do(chromedp.Evaluate[chromedp.Void](judge + ";0"))
	}
	for _, look := range []struct {
		width  int64
		scheme string
	}{{390, "light"}, {1200, "dark"}} {
		s.look(look.width, look.scheme)
		if got := s.eval(faults); got != "" {
			s.t.Errorf("%s in %s at %d: %s", at, language, look.width, got)
		}
		if language != "en" || look.scheme == "light" {
			continue
		}
		if got := s.promise(pagestest.Violations); got != "" {
			s.t.Errorf("%s at %d, %s, is not accessible:\n%s", at, look.width, look.scheme, got)
		}
	}
	for _, said := range s.complaints() {
		s.t.Errorf("%s: the browser complains: %s", at, said)
	}
}

// TestTheEyesOfTheseTestsSeeWhatIsPlanted: a page with every fault is found
// out.
func TestTheEyesOfTheseTestsSeeWhatIsPlanted(t *testing.T) {
	b := newSeat(t)
	page, _ := foreignPage(t, `<main><script>window.__pwned = 1; alert(1)</script><a href="javascript:void 0" onclick="1">nav.today</a>`+
		`<button aria-label="form.save">x</button><div class=wide style="width: 3000px">wide</div></main>`)
	b.do(chromedp.Navigate(page))
	b.until(calm)
	for expression, wants := range map[string][]string{
		harm:   {"a script ran", "javascript:void 0", "onclick", "style=", "a foreign element"},
		faults: {"wider than the window", "wide", "0 headings", "it shows nav.today", "it says form.save"},
	} {
		got := b.eval(expression)
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in %q", want, got)
			}
		}
	}
	if said := b.complaints(); len(said) != 1 || !strings.Contains(said[0], "a dialog alert") {
		t.Errorf("the browser says %q", said)
	}
	b.do(chromedp.Evaluate[chromedp.Void](axe(t) + ";0"))
	if got := b.promise(pagestest.Violations); !strings.Contains(got, "html-has-lang") {
		t.Errorf("axe finds %q", got)
	}
}
