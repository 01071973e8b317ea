package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"keypull/web/console/pages/pagestest"
)

// whatsOn is a page of a place where something is on, with a menu beside.
const whatsOn = `<!doctype html><html lang="en"><head><title>The Old Kiln</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/bar">Bar</a></li><li><a href="/hire">Hire</a></li><li><a href="/find">Find us</a></li></ul></nav>
<h1>The Old Kiln</h1><div class="shows">
<div class="show"><span class="when">Fri 4 Dec 2099, 20:00</span><h3><a href="/s/1">Sheep on the Line</a></h3><p>Three brothers and a cello</p><em class="cost">£9.00</em></div>
<div class="show"><span class="when">Sat 5 Dec 2099, 19:00</span><h3><a href="/s/2">The Late Ferry</a></h3><p>A play for two</p><em class="cost">£12.00</em></div>
<div class="show"><span class="when">Sat 12 Dec 2099, 20:00</span><h3><a href="/s/3">Quiz of the Year</a></h3><p>Teams of six at most</p><em class="cost">£3.00</em></div>
</div></body></html>`

// settled is a page whose new parts answer to clicks.
const settled = calm + ` && !document.querySelector(".htmx-settling, .htmx-added") && `

// sitePage serves one page of a site.
func sitePage(t *testing.T, path, text string) *newsFeed {
	t.Helper()
	f := newNewsSite(t).feed(path, "")
	f.raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, text)
	}
	return f
}

// TestABlockOfAPageIsClicked makes a source of a page without a selector that is
// typed, and has a reader ask for it.
func TestABlockOfAPageIsClicked(t *testing.T) {
	page := sitePage(t, "whatson", whatsOn)
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	for name, scripts := range map[string]bool{"with scripts": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			b := newSeat(t)
			if !scripts {
				b.withoutScripts()
			}
			word := map[bool]string{true: "kiln", false: "oven"}[scripts]
			b.signIn(s.URL, "ann@example.org")
			b.open(s.URL + "/console/p/lecker/sources/new?kind=page")
			b.fill("Address", page.url())
			b.fill("Title", "What is on, "+word)
			click := func(press, then string) {
				t.Helper()
				if !scripts { // another page comes
					b.eval(`document.left = true`)
					then = `!document.left && ` + then
				}
				b.point(press)
				b.until(settled + then)
			}
			click(`pressable("Try it")`, `document.querySelector("#answer")`)
			const chosen = `document.querySelectorAll("#answer [aria-pressed=true]").length`
			b.wants(chosen, "0")
			block := `[...document.querySelectorAll("#answer button.block")].find((x) => x.textContent.includes("The Late Ferry"))`
			click(block, chosen+` === 3`)
			b.reads("It works: 3 items shown", "Sheep on the Line", "Quiz of the Year", "Three brothers and a cello")
			b.wants(`field("Item").value`, "div.show")
			b.wants(`field("Shape").value`, "")
			piece := func(text string) string {
				return fmt.Sprintf(`[...document.querySelectorAll("#answer button.chip")].find((x) => x.textContent.includes(%q))`, text)
			}
			const pairs = `JSON.stringify([...document.querySelectorAll('[name^="settings.fields["]')].map((x) => x.value))`
			b.press("Author")
			click(piece("A play for two"), pairs+`.includes('"author","p"')`)
			b.press("Price")
			click(piece("£9.00"), pairs+`.includes('"price",".cost"')`)
			b.press("Title")
			click(piece("The Late Ferry"), pairs+`.includes('"title","a"')`)
			b.wants(`location.pathname.endsWith("/try")`, fmt.Sprint(!scripts))
			if page.count() == 0 {
				t.Error("nobody asked for the page")
			}
			b.follow("Save")
			b.reads("Which word shall readers send?")
			b.fill("Phrases: English", word)
			b.follow("Save")
			b.reads("It is live")
			asks(t, s.URL, "lecker", word, "Sheep on the Line", "9")
		})
	}
}

// TestABlockIsChosenByTheKeyboard goes through a page with the tab key, and judges
// what is shown by axe on a desk and on a phone.
func TestABlockIsChosenByTheKeyboard(t *testing.T) {
	page := sitePage(t, "whatson", whatsOn)
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	b.open(s.URL + "/console/p/lecker/sources/new?kind=page")
	b.fill("Address", page.url())
	b.press("Try it")
	b.until(settled + `document.querySelector("#answer")`)
	b.tabTo(`[...document.querySelectorAll("#answer button.block")].find((x) => x.textContent.includes("Sheep on the Line"))`)
	b.keys(" ")
	b.until(calm + ` && document.querySelector("#answer [aria-pressed=true]")`)
	b.do(chromedp.Evaluate[chromedp.Void](axe(t) + ";0"))
	for _, width := range []int64{1440, 390} {
		for _, scheme := range []string{"light", "dark"} {
			b.look(width, scheme)
			if got := b.eval(faults); got != "" {
				t.Errorf("at %d: %s", width, got)
			}
			if got := b.promise(pagestest.Violations); got != "" {
				t.Errorf("at %d, %s, it is not accessible:\n%s", width, scheme, got)
			}
		}
	}
}

// TestNothingOfAForeignPageRuns shows pages that would run, fetch and submit: the
// browser asks nobody for anything of them.
func TestNothingOfAForeignPageRuns(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	trap := newNewsSite(t)
	trap.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path)
		http.NotFound(w, r)
	})
	at := trap.URL
	var blocks strings.Builder
	for i, p := range payloads {
		fmt.Fprintf(&blocks, `<div class="bait" style="background:url(%s/style)" onclick="window.__pwned=1" onmouseover="window.__pwned=1"><h3>Bait %d</h3>%s<p>words of it</p><svg onload="window.__pwned=1"><image href="%s/svg"/></svg><form action="%s/form"><input autofocus onfocus="window.__pwned=1"><button>go</button></form><video src="%s/video" autoplay></video></div>`, at, i, p, at, at, at)
	}
	page := sitePage(t, "bait", `<!doctype html><html><head><base href="`+at+`/base/"><meta http-equiv="refresh" content="0;url=`+at+`/refresh"><link rel="stylesheet" href="`+at+`/css"><link rel="prefetch" href="`+at+`/prefetch"><script src="`+at+`/script"></script><title>Bait</title></head><body onload="window.__pwned=1"><h1>Bait</h1>`+
		blocks.String()+strings.Repeat("<div>", 100)+strings.Repeat("<p>more</p>", 3000)+`<iframe src="`+at+`/frame"></iframe></body></html>`)
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker editor")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	b.open(s.URL + "/console/p/lecker/sources/new?kind=page")
	b.fill("Address", page.url())
	b.press("Try it")
	b.until(settled + `document.querySelector("#answer")`)
	b.harmless()
	mu.Lock()
	if len(asked) > 0 {
		t.Errorf("the browser asked for %q", asked)
	}
	mu.Unlock()
	b.point(`[...document.querySelectorAll("#answer button.block")].find((x) => x.textContent.includes("Bait 1"))`)
	b.until(calm + ` && document.querySelector("#answer [aria-pressed=true]")`)
	b.reads("Bait 1", "Bait 4")
	b.harmless()
	mu.Lock()
	defer mu.Unlock()
	asked = slices.DeleteFunc(asked, func(path string) bool { return path == "/base/x" }) // an item is shown with its picture
	if len(asked) > 0 {
		t.Errorf("the browser asked for %q", asked)
	}
}
