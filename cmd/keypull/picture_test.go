package main

import (
	"bytes"
	"context"
	"flag"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"keypull/web/browsertest"
)

// The README's picture is what this test saw: make screenshot writes it anew.
var picture = flag.String("picture", "", "write the picture of the demo's page to this `file`")

const (
	pictureWidth  = 1440
	pictureHeight = 900
	// pictureWithin bounds the whole visit; nothing waits for it when all is well.
	pictureWithin = 5 * time.Minute
)

func TestTheDemoShowsWhatBecomesOfAWord(t *testing.T) {
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	tab := browsertest.NewTab(t, browsertest.Start(t), pictureWithin)
	do(t, tab, chromedp.EmulateViewport(pictureWidth, pictureHeight), chromedp.Navigate(d.server.URL+"/demo/"))
	until(t, tab, `document.querySelector("#phone-screen").firstElementChild?.shadowRoot?.querySelector("textarea")`)
	const chat = `document.querySelector("#phone-screen").firstElementChild.shadowRoot`
	for _, word := range []struct{ send, answer, keyword string }{{"WIPRO", "WIPRO", "quote"}, {"tiramisu", "mascarpone", "recipe"}} {
		do(t, tab, chromedp.Evaluate[chromedp.Void](`document.querySelector('.chip[data-send="`+word.send+`"]').click()`))
		until(t, tab, `[...`+chat+`.querySelectorAll(".them .bubble")].some((x) => x.textContent.includes("`+word.answer+`"))`)
		until(t, tab, `document.querySelector("#parts").textContent.includes("Keyword “`+word.keyword+`”")`)
	}
	// The life of the last ask is one click away, and so is the console again.
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.querySelector("#tab-happens").click()`))
	until(t, tab, `document.querySelector("#parts").checkVisibility()`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.querySelector("#tab-console").click()`))
	const console = `document.querySelector("#editor").contentDocument`
	until(t, tab, console+`?.querySelector("main h1")`)
	// Today counts what was asked while it is looked at.
	until(t, tab, console+`.querySelector("main h1").textContent === "Today" && ["quote", "recipe"].every((word) =>
		[...`+console+`.querySelectorAll("main a")].some((x) => x.textContent.trim() === word))`)
	// The first steps are taken; a new look at the page no longer shows them.
	do(t, tab, chromedp.Evaluate[chromedp.Void](console+`.body.id = "before"; document.querySelector("#editor").contentWindow.location.reload()`))
	until(t, tab, console+`?.readyState === "complete" && `+console+`.body.id !== "before" && `+console+`.querySelector("main h1")`)
	until(t, tab, `[...document.images, ...`+chat+`.querySelectorAll("img")].every((x) => x.complete)`)
	shot, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(shot))
	if err != nil || size.Width != pictureWidth || size.Height != pictureHeight {
		t.Errorf("the picture has %d × %d points, error %v", size.Width, size.Height, err)
	}
	if *picture != "" {
		if err := os.WriteFile(*picture, shot, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func do(t *testing.T, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(tab, steps...); err != nil {
		t.Fatal(err)
	}
}

// until waits for an expression of the page to become true.
func until(t *testing.T, tab context.Context, expression string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := chromedp.Run(tab, chromedp.Evaluate[bool]("!!("+expression+")")); err == nil && ok {
			return
		}
		select {
		case <-tick.C:
		case <-tab.Done():
			t.Fatalf("this did not become true: %s", strings.TrimSpace(expression))
		}
	}
}
