package site_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// seenOfFirstRow is how many pixels of the first row of a list a phone shows above its
// navigation.
const seenOfFirstRow = `(() => {
	const row = document.querySelector("main tbody tr, main ul.kinds > li");
	const bar = document.querySelector(".bottom").getBoundingClientRect();
	return row ? Math.round(Math.min(row.getBoundingClientRect().bottom, bar.top || innerHeight) - row.getBoundingClientRect().top) : "no list";
})()`

func TestOnAPhoneListsBeginAboveTheFold(t *testing.T) {
	r, admin := busy(t)
	b := newBrowser(t)
	b.Look(390, "light")
	b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.signIn(admin)
	for _, page := range []string{"keywords", "sources", "channels", "demand", "channels/dead", "people", "audit", "sources/new", "channels/new"} {
		b.Open(r.server.URL + room + page)
		b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
		if got := b.Eval(`(() => { const seen = ` + seenOfFirstRow + `; return typeof seen === "number" && seen >= 56; })()`); got != "true" {
			b.T.Errorf("%s shows %s pixels of its first row", page, b.Eval(seenOfFirstRow))
		}
		b.picture("phone-" + strings.ReplaceAll(page, "/", "-"))
	}
}

// covered are the controls that something stands over when they have the focus.
const covered = `JSON.stringify([...document.querySelectorAll("main a[href], main button, main input:not([type=hidden]), main select, main textarea")].filter((e) => e.checkVisibility({contentVisibilityAuto: true}) && !e.disabled && !e.closest(".unseen, .clip") && !e.matches("[type=checkbox], [type=radio], [type=file]")).filter((e) => {
	e.focus();
	const r = e.getBoundingClientRect(), at = document.elementFromPoint(r.left + 4, Math.min(r.bottom, innerHeight) - 4);
	return at && getComputedStyle(at.closest(".bottom") || document.body).position === "fixed";
}).map((e) => e.name || e.textContent.trim()))`

func TestAtFourTimesTheSizeNothingStandsOverWhatIsTyped(t *testing.T) {
	r, admin := busy(t)
	b := newBrowser(t)
	b.Do(chromedp.EmulateViewport(320, 256))
	b.signIn(admin)
	for _, page := range []string{"keywords", "sources/new/feed", "settings"} {
		b.Open(r.server.URL + room + page)
		b.Do(chromedp.EmulateViewport(320, 256))
		if got := b.Eval(covered); got != "[]" && got != `"[]"` {
			b.T.Errorf("on %s the bar stands over %s", page, got)
		}
		if got := b.Eval(`document.documentElement.scrollWidth <= innerWidth`); got != "true" {
			b.T.Errorf("%s scrolls to the side", page)
		}
		b.picture("zoomed-" + strings.ReplaceAll(page, "/", "-"))
	}
}
