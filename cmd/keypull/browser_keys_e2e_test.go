package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostTabs is how often somebody presses the tab key at most to get to a place
// of one page.
const mostTabs = 120

// tabTo presses the tab key until the focus is at an element, and makes sure
// on the way that one sees where it is.
func (s *seat) tabTo(element string) {
	s.t.Helper()
	for range mostTabs {
		s.keys(kb.Tab)
		if got := s.eval(`(() => { const x = document.activeElement; if (!x || x === document.body) return "";
			const c = getComputedStyle(x), r = x.getBoundingClientRect(), box = x.closest(".choice, .switch, .kind, .search-box") ?? x, b = getComputedStyle(box);
			if (x.matches(":focus-visible") && c.outlineStyle === "none" && c.boxShadow === "none" && b.outlineStyle === "none" && b.boxShadow === "none") return "one does not see the focus at " + x.outerHTML.slice(0, 160);
			return r.bottom < 0 || r.top > innerHeight ? "the focus is out of sight at " + x.outerHTML.slice(0, 160) : ""; })()`); got != "" {
			s.t.Error(got)
		}
		if s.eval(`document.activeElement === (`+element+`)`) == "true" {
			return
		}
	}
	s.t.Fatalf("%d tabs do not lead to %s", mostTabs, element)
}

// keys presses keys, one after the other.
func (s *seat) keys(text string) {
	s.t.Helper()
	s.do(chromedp.KeyEvent(text))
}

// types goes to a field by its label and types.
func (s *seat) types(label, text string) {
	s.t.Helper()
	s.tabTo(fmt.Sprintf("field(%q)", label))
	s.keys(text)
}

// enters goes to what says the words, presses enter, and waits for the page
// that comes.
func (s *seat) enters(words string) {
	s.t.Helper()
	s.eval(`window.before = true`)
	s.tabTo(fmt.Sprintf("pressable(%q)", words))
	s.keys(kb.Enter)
	s.until(`!window.before && ` + calm)
}

func TestTheConsoleNeedsNoMouse(t *testing.T) {
	s := serveConsole(t)
	s.log.keepOut(personPassword)
	feed := newNewsSite(t).feed("feed.xml", "Night trains return in December")
	b := newSeat(t)
	b.open(s.Welcome)
	b.types("Your name", "Ann Ouray")
	b.types("E-mail", "ann@example.org")
	b.types("Password", personPassword)
	b.types("Name", "The Daily Pull")
	b.enters("Begin")
	b.reads("New source")

	b.enters("News feed")
	b.types("Address", feed.url())
	b.tabTo(`pressable("Try it")`)
	b.keys(kb.Enter)
	b.until(`main().includes("It works: 1 item shown")`)
	// What was brought has the focus: a few tabs lead around to the form.
	b.enters("Save")
	b.wants(`document.activeElement === field("Phrases: English")`, "true")
	b.keys("night trains")
	b.until(`document.querySelector("#preview").textContent.includes("Night trains return in December")`)
	// The reply is chosen by the arrow keys, ticked by the space bar.
	b.tabTo(`document.querySelector("input[name=reply_mode]:checked")`)
	b.keys(kb.ArrowDown)
	b.until(`document.querySelectorAll("#parts input").length > 2`)
	b.tabTo(`document.querySelector("#parts input")`)
	b.keys(" ")
	b.until(calm)
	b.enters("Save")
	b.reads("It is live")
	asks(t, s.URL, "the-daily-pull", "night trains", "Night trains return in December")

	b.enters("Delete the keyword")
	b.reads("Undo")
	asks(t, s.URL, "the-daily-pull", "night trains", "I don't know “night trains”")
	b.keys(kb.Tab)
	b.enters("Keywords")
	b.reads("No keyword yet")
	b.tabTo(`document.querySelector("[data-theme-switch]")`)
	b.keys(kb.Enter)
	b.wants(`document.documentElement.dataset.theme`, "dark")
	b.enters("Sign out")
	b.reads("Sign in")
}

func TestTheFirstTabSkipsTheNavigation(t *testing.T) {
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker owner")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	b.open(s.URL + "/console/p/lecker/keywords")
	b.keys(kb.Tab)
	b.wants(`bare(document.activeElement)`, "Skip to the content")
	b.keys(kb.Enter)
	b.keys(kb.Tab)
	b.wants(`document.querySelector("main").contains(document.activeElement)`, "true")
}
