package main

import (
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openDemo runs the demo and opens its page.
func openDemo(t *testing.T, width int64) *browser {
	t.Helper()
	book := newLogBook(t)
	d, err := startDemo(t.Context(), t.TempDir(), freeAddress(t.Context(), "127.0.0.1:0"), slog.New(slog.NewJSONHandler(book, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("the demo did not end well: %v", err)
		}
	})
	b := newBrowser(t, width, 900)
	b.open(d.server.URL + "/demo/")
	return b
}

// price finds the price in the answer about a share.
var price = regexp.MustCompile(`\d+[.,]\d\d`)

func TestTheDemoAnswersInABrowser(t *testing.T) {
	b := openDemo(t, 1280)
	first := b.ask("WIPRO")
	if !price.MatchString(first) || !strings.Contains(first, "as of ") {
		t.Fatalf("WIPRO: got %q, want a price with its age", first)
	}
	b.seconds(2)
	if next := b.ask("wipro"); price.FindString(next) == price.FindString(first) {
		t.Errorf("two seconds later: got %q, want another price than %q", next, first)
	}
	for _, tt := range []struct{ words, want string }{
		{"Tiramisu", "scarpone"}, {"gateau au chocolat", "chocolat"}, {"news", "/news/"}, {"nonsense", "I don't know “nonsense”"},
	} {
		if got := b.ask(tt.words); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q in it", tt.words, got, tt.want)
		}
	}

	// The page tells how the last answer came about, and shows it elsewhere.
	b.eval(`id("tab-happens").click()`)
	b.until(`id("parts").checkVisibility() || id("verdict").checkVisibility()`)
	b.ask("WIPRO")
	b.until(`id("verdict").textContent.startsWith("Answered in ")`)
	b.until(`id("parts").children.length >= 3`)
	b.wants(`id("figure-age").textContent`, "s")
	b.until(`id("sms-bubbles").textContent.includes("WIPRO")`)
	b.until(`id("telegram-bubbles").textContent.includes("WIPRO")`)
	b.wants(`id("sms-cut").textContent`, "GSM-7")
	b.wants(`id("telegram-wire").textContent`, `"parse_mode": "HTML"`)
	b.eval(`document.querySelector('[data-send="tiramisu"]').click()`)
	b.until(`heard().at(-1).includes("scarpone")`)
	b.until(`id("sms-bubbles").textContent.toLowerCase().includes("tiramis")`)
}

func TestTheDemoShowsWhatHappensWhenTheExchangeIsDown(t *testing.T) {
	b := openDemo(t, 1280)
	b.eval(`id("tab-happens").click()`)
	good := b.ask("WIPRO")
	b.until(`button("Exchange down")?.checkVisibility()`)
	b.eval(`button("Exchange down").click()`)
	b.until(`button("Exchange down").getAttribute("aria-checked") === "true"`)
	b.seconds(2)
	if stale := b.ask("WIPRO"); price.FindString(stale) != price.FindString(good) || !strings.Contains(stale, "not current: as of ") {
		t.Errorf("got %q, want the last good price of %q, marked", stale, good)
	}
	if got := b.ask("Infosys"); !strings.Contains(got, "There is no answer for ") || !strings.Contains(got, "ask again") {
		t.Errorf("without a price that was kept: got %q, want a refusal", got)
	}
	if got := b.ask("tiramisu"); !strings.Contains(got, "scarpone") {
		t.Errorf("beside a dead exchange tiramisu was answered %q", got)
	}
	b.eval(`button("Put all back").click()`)
	b.until(`button("Exchange down").getAttribute("aria-checked") === "false"`)
	b.seconds(2)
	if fresh := b.ask("WIPRO"); strings.Contains(fresh, "not current") || !price.MatchString(fresh) {
		t.Errorf("with the exchange back: got %q, want a price", fresh)
	}
}

func TestACrowdCostsOneRequest(t *testing.T) {
	b := openDemo(t, 1280)
	b.eval(`id("tab-happens").click()`)
	b.until(`id("crowd").checkVisibility() && !id("crowd").disabled`)
	b.eval(`id("crowd").click()`)
	b.until(`id("crowd-result").querySelectorAll("dd").length === 3 && !id("crowd").disabled`)
	b.wants(`id("crowd-result").querySelectorAll("dt")[0].textContent`, "answers to 10,000 asks")
	b.wants(`id("crowd-result").querySelectorAll("dd")[0].textContent`, "10,000")
	if got := b.eval(`id("crowd-result").querySelectorAll("dd")[1].textContent`); got != "1" {
		t.Errorf("%s requests went upstream, want 1", got)
	}
	t.Log(b.eval(`id("crowd-result").textContent`))
}

func TestTheDemoFitsAPhone(t *testing.T) {
	b := openDemo(t, 390)
	b.eval(`document.querySelector('[data-send="news"]').click()`)
	b.until(`heard().length === 1`)
	b.ask("WIPRO")
	b.until(`id("parts").children.length >= 3`)
	for _, tab := range []string{"tab-chat", "tab-sms", "tab-telegram", "tab-console", "tab-happens"} {
		b.eval(`id("` + tab + `").click()`)
		b.wants(`"viewport " + document.documentElement.clientWidth + ", page " + document.documentElement.scrollWidth`, "viewport 390, page 390")
	}
}

// within is an expression about the console in its frame, as page.
func within(expression string) string {
	return `((page) => (` + expression + `))(id("editor").contentDocument)`
}

func TestTheDemoOpensWithTheConsoleSignedInBesideThePhone(t *testing.T) {
	b := openDemo(t, 1280)
	b.until(within(`page?.querySelector("main h1")?.textContent === "Today" && page.body.textContent.includes("Demo editor")`))
	b.wants(`((phone, frame) => frame.left > phone.right && frame.right <= innerWidth && frame.top < innerHeight / 3 && frame.height > innerHeight / 2)(
		document.querySelector(".phone").getBoundingClientRect(), id("editor").getBoundingClientRect())`, "true")
	b.wants(`document.querySelectorAll("iframe:not([title])").length`, "0")

	// The tabs go by keyboard, and the address remembers which one is open.
	b.eval(`id("tab-console").focus()`)
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent(kb.ArrowRight)); err != nil {
		t.Fatal(err)
	}
	b.until(`document.activeElement === id("tab-happens") && id("verdict").checkVisibility() && id("switches").checkVisibility() && !id("editor").checkVisibility()`)
	b.wants(`location.hash`, "#happens")
	b.eval(`location.reload()`)
	b.until(`performance.getEntriesByType("navigation")[0].type === "reload" && id("quotes")?.checkVisibility() && !id("editor").checkVisibility()`)
	b.eval(`(location.hash = "#console")`)
	b.until(`id("editor").checkVisibility()`)
	b.until(within(`page?.body?.textContent.includes("Demo editor")`))
}

func TestTheDemoOpensOnAPhoneWithWhatHappens(t *testing.T) {
	b := openDemo(t, 390)
	b.until(`id("verdict").checkVisibility() && !id("editor").checkVisibility()`)
	b.wants(`id("editor").src`, "")
}

func TestAKeywordThatIsAddedInTheConsoleAnswersOnThePhone(t *testing.T) {
	b := openDemo(t, 1280)
	if got := b.ask("extra extra"); !strings.Contains(got, "I don't know “extra extra”") {
		t.Fatalf("before there is a keyword: got %q", got)
	}
	b.until(within(`page?.readyState === "complete" && page.querySelector("main h1")`))
	b.eval(`document.querySelector(".try a").click()`)
	b.until(within(`page?.readyState === "complete" && page.querySelector("#f-phrases-en")`))
	b.eval(within(`page.defaultView.focus(), page.querySelector("#f-phrases-en").focus()`))
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent("extra extra")); err != nil {
		t.Fatal(err)
	}
	b.eval(within(`page.querySelector("#f-source").value = "news", page.querySelector("#f-source").dispatchEvent(new Event("change", {bubbles: true}))`))
	b.wants(within(`page.querySelector("#f-phrases-en").value`), "extra extra")
	b.eval(within(`page.querySelector("#thing").requestSubmit()`))
	b.until(within(`page?.readyState === "complete" && page.location.pathname === "/console/p/demo/keywords/extra-extra"`))
	if got := b.ask("extra extra"); !strings.Contains(got, "/news/") {
		t.Errorf("the keyword answers %q, want a headline", got)
	}
	b.eval(`id("tab-happens").click()`)
	b.until(`id("parts").textContent.includes("Keyword “extra-extra”")`)
}
