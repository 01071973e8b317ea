package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"keypull/pull/catalogue"
)

// wordy returns a publisher with very many keywords that are words.
func wordy(n int) catalogue.Publisher {
	p := lecker()
	for i := range n {
		word := ""
		for x := 100 + i; x > 0; x /= 14 {
			word += []string{"ba", "cen", "dil", "for", "gu", "hes", "jan", "kil", "lom", "mur", "pes", "rit", "sol", "tav"}[x%14]
		}
		k := catalogue.Keyword{ID: word, Source: "news", Phrases: map[string][]string{"en": {word, "the " + word}, "fr": {"le " + word}}}
		k.Defaults()
		p.Keywords = append(p.Keywords, k)
	}
	return p
}

const (
	// active is what enter would open, and listed all that is offered.
	active = `document.getElementById(document.getElementById("palette-input").getAttribute("aria-activedescendant"))?.querySelector("b").textContent`
	opened = `document.getElementById("palette").open`
	arrive = `document.readyState === "complete" && location.pathname + location.search`
)

// keys presses keys as a person does.
func (b *browser) keys(keys string, modifiers ...chromedp.Modifier) {
	b.T.Helper()
	b.Do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

func TestThePaletteFindsAndDoesByKeysAlone(t *testing.T) {
	p := wordy(10_000)
	r := newRig(t, p, empty("fresh"))
	ann := r.as("lecker editor", "fresh editor")
	b := newBrowser(t)
	b.Look(1440, "light")
	b.signIn(ann)
	at := func(path string) { b.T.Helper(); b.Until(arrive + fmt.Sprintf(` === %q`, path)) }
	b.Open(r.server.URL + room + "today")
	b.keys("k", chromedp.ModifierCtrl)
	b.Until(opened + ` && document.querySelectorAll("#palette [role=option]").length > 8`)
	b.judge("palette")
	for _, i := range []int{2, 4711, 9999} {
		word := p.Keywords[len(p.Keywords)-10_000+i].ID
		b.Eval(`(() => { const box = document.getElementById("palette-input"); box.value = ""; })()`)
		b.keys(word[:2] + word[3:4] + word[2:3] + word[4:])
		b.Until(active + fmt.Sprintf(` === %q`, word))
	}
	b.judge("palette-found")
	b.keys("\r")
	at(room + "keywords/" + p.Keywords[len(p.Keywords)-1].ID)
	// What a page is left in the middle of, the browser calls an error.
	b.Until(settled)

	b.keys("k", chromedp.ModifierCtrl)
	b.keys("nwe keywrod\r")
	at(room + "keywords/new")
	b.Wants(`document.activeElement.matches("#f-phrases-en")`, "true")
	b.keys("gk/?")
	b.Wants(`document.querySelector("dialog[open]") === null && document.activeElement.value`, "gk/?")
	// Who leaves a form that was changed would be asked.
	b.Until(settled)
	b.Eval(`document.querySelector("main").replaceChildren()`)
	b.keys("k", chromedp.ModifierCtrl)
	b.keys("zeppelin at noon")
	b.Until(active + ` === "Ask as a reader: zeppelin at noon"`)
	b.keys(kb.Escape)
	b.Until(`!` + opened)
	b.Open(r.server.URL + room + "today")
	b.keys("gs")
	at(room + "sources")
	b.keys("/")
	b.Wants(`document.activeElement.name`, "q")
	b.keys("nwes")
	b.Until(`document.querySelectorAll("#list tbody tr").length === 1`)
	b.Until(settled)
	b.Eval(`document.activeElement.blur()`)
	b.keys("j\r")
	at(room + "sources/news")
	b.keys("?")
	b.Until(`document.getElementById("keys").open`)
	b.judge("keys")
	b.keys(kb.Escape)
	b.keys("gm")
	at("/console/me")
	b.fill("#f-name", "Ann with keys")
	b.Eval(`(() => { const on = document.getElementById("f-single_keys"); on.click(); on.focus(); })()`)
	b.Eval(`window.old = true`)
	b.keys("s", chromedp.ModifierCtrl)
	b.Until(`!window.old && document.readyState === "complete" && document.getElementById("f-name").value === "Ann with keys"`)
	b.Wants(`document.getElementById("f-single_keys").checked`, "false")
	b.keys("?")
	b.keys("gt")
	b.Wants(`document.querySelector("dialog[open]") === null && location.pathname`, "/console/me")
	b.Look(390, "dark")
	b.Eval(`document.querySelector(".top [data-palette-open]").click()`)
	b.Until(opened + ` && document.querySelectorAll("#palette [role=option]").length > 1`)
	b.judge("palette-390")
}

func TestTheSearchIsAPageWithoutAScript(t *testing.T) {
	r := newRig(t, wordy(20), empty("fresh"))
	viewer := r.as("lecker viewer")
	a := viewer.get(room+"search?q=nesw").wants(t, http.StatusOK)
	for _, want := range []string{`href="/console/p/lecker/keywords/news"`, `href="/console/p/lecker/sources/news"`, `href="/console/p/lecker/ask?q=nesw"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s is not found", want)
		}
	}
	if a := viewer.get(room+"search").wants(t, http.StatusOK); strings.Contains(a.body, "keywords/new") {
		t.Error("who only looks is offered to add something")
	}
	if a := viewer.get(room+"search?q="+strings.Repeat("%3Cb%3E", 400)).wants(t, http.StatusOK); strings.Contains(a.body, "<b><b>") {
		t.Error("what was typed is part of the page")
	}
	viewer.get("/console/p/fresh/search?q=news").wants(t, http.StatusNotFound)
	viewer.get("/console/search?q=lekcer").wants(t, http.StatusOK).page(t)
}
