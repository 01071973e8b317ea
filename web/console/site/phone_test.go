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
