package site_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"keypull/web/console/pages/pagestest"
)

// browser is a window in front of the console.
type browser struct{ *pagestest.Browser }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	return &browser{pagestest.New(t)}
}

// pictures is where screenshots of the pages are wanted.
var pictures = flag.String("pictures", "", "write a picture of every page into this `folder`")

// overflow lists what reaches beyond the window's width.
const overflow = `document.documentElement.scrollWidth <= innerWidth ? "" :
	[...document.querySelectorAll("body *")].filter((x) => x.getBoundingClientRect().right > innerWidth + 1 && !x.closest(".tabs, .scroll, .unseen"))
	.slice(0, 5).map((x) => x.tagName + "." + x.className + " " + Math.round(x.getBoundingClientRect().right)).join(", ") || "scrolls"`

// needlessScrollbars lists what scrolls by a pixel alone, for which browsers draw a bar.
const needlessScrollbars = `[...document.querySelectorAll("body *")].filter((x) => {
	const style = getComputedStyle(x), by = (overflow, all, seen) => ["auto", "scroll"].includes(overflow) && all - seen === 1;
	return by(style.overflowX, x.scrollWidth, x.clientWidth) || by(style.overflowY, x.scrollHeight, x.clientHeight);
}).slice(0, 5).map((x) => x.tagName + "." + x.className).join(", ")`

// astray lists the marks of ages that do not stand in the line of their first word.
const astray = `[...document.querySelectorAll(".age .icon")].filter((x) => {
	const word = document.createRange(); word.selectNode(x.nextSibling);
	const mark = x.getBoundingClientRect(), line = word.getClientRects()[0];
	return mark.height && line && (mark.bottom <= line.top || mark.top >= line.bottom);
}).slice(0, 5).map((x) => x.parentNode.textContent).join(", ")`

// signIn signs a visitor in by the form, as people do.
func (b *browser) signIn(v *visitor) {
	b.T.Helper()
	b.Open(v.server.URL + "/console/sign-in")
	b.fill("#f-email", v.person.Email)
	b.fill("#f-password", goodPassword)
	b.submit("form")
	b.Until(`document.readyState === "complete" && !location.pathname.endsWith("/sign-in")`)
}

// fill types into a field.
func (b *browser) fill(selector, text string) {
	b.T.Helper()
	b.Eval(fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.value = %q;
		f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); })()`, selector, text))
}

// submit sends a form as a click on its button does, and waits for the page
// that follows.
func (b *browser) submit(form string) {
	b.T.Helper()
	b.Eval(`window.old = true`)
	b.Eval(fmt.Sprintf(`(() => { setTimeout(() => document.querySelector(%q).requestSubmit()); })()`, form))
	b.Until(`!window.old && document.readyState === "complete"`)
}

// judge fails where the page that is shown overflows, scrolls by a pixel, has a mark astray, is not accessible, has
// no h1 or many, or where the browser complains; name is that of its picture.
func (b *browser) judge(name string) {
	b.T.Helper()
	if got := b.Eval(overflow); got != "" {
		b.T.Errorf("%s overflows: %s", name, got)
	}
	if got := b.Eval(needlessScrollbars); got != "" {
		b.T.Errorf("%s scrolls by one pixel: %s", name, got)
	}
	if got := b.Eval(astray); got != "" {
		b.T.Errorf("%s has marks beside their line: %s", name, got)
	}
	b.Do(chromedp.Evaluate[chromedp.Void](pagestest.Axe(b.T) + ";0"))
	if got := b.Eval(pagestest.Violations); got != "" {
		b.T.Errorf("%s is not accessible:\n%s", name, got)
	}
	b.Wants(`document.querySelectorAll("h1").length`, "1")
	for _, said := range b.Complaints() {
		b.T.Errorf("%s: the browser complains: %s", name, said)
	}
	b.picture(name)
}

func (b *browser) picture(name string) {
	b.T.Helper()
	if *pictures == "" {
		return
	}
	shot, err := chromedp.Run(b.Ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.T.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), shot, 0o600); err != nil {
		b.T.Fatal(err)
	}
}
