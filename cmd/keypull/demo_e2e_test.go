package main

import (
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openDemo runs the demo and opens its page.
func openDemo(t *testing.T, width int64) *browser {
	t.Helper()
	return openDemoAt(t, width, 900)
}

func openDemoAt(t *testing.T, width, height int64) *browser {
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
	b := newBrowser(t, width, height)
	b.open(d.server.URL + "/demo/")
	// The phone opens with a greeting and an answer.
	b.until(`heard().length === 1 && root.querySelector(".hello p")`)
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
		{"Tiramisu", "scarpone"}, {"gateau au chocolat", "chocolat"}, {"nonsense", "I don't know “nonsense”"},
	} {
		if got := b.ask(tt.words); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q in it", tt.words, got, tt.want)
		}
	}

	// Headlines lead to their stories, and show no address.
	if got := b.ask("news"); strings.Contains(got, "http") {
		t.Errorf("news: got %q", got)
	}
	b.wants(`[...[...root.querySelectorAll(".them")].at(-1).querySelectorAll(".bubble a")].filter((a) => a.href.includes("/c/demo/")).length`, "3")

	// The page tells how the last answer came about, and shows it elsewhere.
	b.eval(`id("tab-happens").click()`)
	b.until(`id("parts").checkVisibility() || id("verdict").checkVisibility()`)
	b.ask("WIPRO")
	b.until(`id("verdict").textContent.startsWith("Answered in ")`)
	b.until(`id("parts").children.length >= 3`)
	b.wants(`id("figure-age").textContent`, "s")
	b.until(`id("sms-bubbles").textContent.includes("WIPRO")`)
	b.until(`id("telegram-bubbles").textContent.includes("WIPRO")`)
	b.until(`id("sms-cut").textContent.includes("GSM-7")`)
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
	b.eval(`button("Do it: Put all back").click()`)
	b.until(`button("Exchange down").getAttribute("aria-checked") === "false"`)
	b.seconds(2)
	if fresh := b.ask("WIPRO"); strings.Contains(fresh, "not current") || !price.MatchString(fresh) {
		t.Errorf("with the exchange back: got %q, want a price", fresh)
	}
}

func TestACrowdCostsOneRequestAndIsCountedApart(t *testing.T) {
	b := openDemo(t, 1280)
	b.until(`id("crowd").checkVisibility() && !id("crowd").disabled`)
	b.eval(`id("crowd").click()`)
	b.until(`id("crowd-result")?.querySelectorAll("dd").length === 3 && !id("crowd").disabled`)
	b.wants(`id("crowd-result").querySelectorAll("dt")[0].textContent`, "answers to 10,000 asks")
	b.wants(`id("crowd-result").querySelectorAll("dd")[0].textContent`, "10,000")
	figures := b.eval(`[...id("crowd-result").querySelectorAll("dd")].slice(1).map((d) => d.textContent).join(" ")`)
	var requests, took float64
	var unit string
	if _, err := fmt.Sscan(figures, &requests, &took, &unit); err != nil {
		t.Fatalf("%q: %v", figures, err)
	}
	if unit == "ms" {
		took /= 1000
	}
	// A price is good for a second.
	if requests < 1 || requests > 1+took {
		t.Errorf("requests that went upstream, and for how long: %s; want 1 a second", figures)
	}
	t.Log(b.eval(`id("crowd-result").textContent`))
	// Today still tells what the visitor asked.
	b.until(within(`page?.querySelector("main h1")?.textContent === "Today"`))
	if today := b.eval(within(`page.querySelector("main").textContent`)); strings.Contains(today, "10,0") || !strings.Contains(today, "quote") {
		t.Errorf("the visitor's own figures: %q", today)
	}
}

// inView returns an expression that tells whether all of something stands in the window.
func inView(element string) string {
	return `((box) => box.width > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth)(` + element + `.getBoundingClientRect())`
}

func TestTheStoryIsInViewAndSoAreItsResults(t *testing.T) {
	for _, size := range []struct{ width, height int64 }{{1440, 900}, {1280, 720}, {390, 844}} {
		b := openDemoAt(t, size.width, size.height)
		for _, name := range []string{"crowd", "outage", "jump"} {
			b.wants(inView(`id("`+name+`")`), "true")
		}
		b.wants(inView(`root.querySelector("header")`), "true")
		for _, deed := range []struct{ button, done string }{
			{"outage", "not current: as of "}, {"outage", "The exchange is back"}, {"jump", "The next ask brought the new price"},
		} {
			b.eval(`id("` + deed.button + `").click()`)
			b.until(`id("outcome").textContent.includes("` + deed.done + `") && !id("` + deed.button + `").disabled`)
			b.wants(inView(`id("outcome")`), "true")
			b.wants("`viewport ${document.documentElement.clientWidth}, page ${document.documentElement.scrollWidth}`", fmt.Sprintf("viewport %d, page %[1]d", b.width()))
		}
	}
}

func (b *browser) width() int {
	b.t.Helper()
	n, err := strconv.Atoi(b.eval(`innerWidth`))
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestTheOtherChannelsArePhones(t *testing.T) {
	b := openDemo(t, 1280)
	for _, channel := range []string{"sms", "telegram"} {
		b.eval(`id("tab-` + channel + `").click()`)
		b.until(`id("` + channel + `-bubbles").querySelectorAll(".mine").length >= 1`)
		b.eval(`id("` + channel + `-say").focus()`)
		if err := chromedp.Do(b.ctx, chromedp.KeyEvent("tiramisu on "+channel+"\r")); err != nil {
			t.Fatal(err)
		}
		b.until(`[...id("` + channel + `-bubbles").querySelectorAll(".mine")].at(-1).textContent === "tiramisu on ` + channel + `" && id("` + channel + `-bubbles").lastElementChild.matches(":not(.mine)")`)
		b.wants(inView(`id("`+channel+`-say")`), "true")
	}
	b.eval(`id("wire-toggle").click()`)
	b.until(`id("telegram-wire").checkVisibility() && !id("telegram-bubbles").checkVisibility()`)
	b.wants(inView(`id("telegram-wire")`), "true")
	b.wants(`id("telegram-wire").textContent`, `"parse_mode": "HTML"`)
	b.eval(`id("wire-toggle").click()`)
	b.until(`!id("telegram-wire").checkVisibility() && id("telegram-bubbles").checkVisibility()`)
	// Where the web chat tells the way back, a messenger stays silent.
	b.eval(`id("tab-chat").click()`)
	b.ask("STOP")
	b.ask("WIPRO")
	b.until(`id("sms-bubbles").lastElementChild.textContent.startsWith("Silence")`)
	b.until(`id("parts").textContent.includes("This reader said STOP")`)
}

func TestTheTimesOfTheDemoAreThePublishers(t *testing.T) {
	b := openDemo(t, 1280)
	if _, err := chromedp.Call(b.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Pacific/Auckland"}); err != nil {
		t.Fatal(err)
	}
	b.eval(`location.reload()`)
	b.until(`performance.getEntriesByType("navigation")[0].type === "reload" && id("headlines")?.children.length > 0`)
	b.wants(`new Date().getTimezoneOffset() < -600`, "true")
	b.wants(`id("zone").textContent`, "Paris")
	b.wants(`[...id("headlines").querySelectorAll("time")].every((x) => x.textContent === new Date(x.dateTime).toLocaleTimeString("en", {hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Paris"}))`, "true")
}

func TestWhatAVisitorAskedInVainIsAClickFromItsKeyword(t *testing.T) {
	b := openDemo(t, 1280)
	b.ask("bitcoin")
	b.until(`id("missed").checkVisibility() && id("missed").textContent.includes("Make “bitcoin” a keyword")`)
	b.until(within(`page?.readyState === "complete" && page.querySelector("main h1")`))
	b.eval(`id("missed").querySelector("a").click()`)
	b.until(within(`page?.querySelector("#f-phrases-en")?.value === "bitcoin"`))
}

func TestTheDemoFitsAPhone(t *testing.T) {
	b := openDemo(t, 390)
	b.eval(`document.querySelector('[data-send="news"]').click()`)
	b.until(`heard().length === 2`)
	b.ask("WIPRO")
	b.until(`id("parts").children.length >= 3`)
	for _, tab := range []string{"tab-chat", "tab-sms", "tab-telegram", "tab-console", "tab-happens"} {
		b.eval(`id("` + tab + `").click()`)
		b.wants(`"viewport " + document.documentElement.clientWidth + ", page " + document.documentElement.scrollWidth`, "viewport 390, page 390")
	}
}

// within returns an expression about the console in its frame, as page.
func within(expression string) string {
	return `((page) => (` + expression + `))(id("editor").contentDocument)`
}

func TestTheDemoOpensWithTheConsoleSignedInBesideThePhone(t *testing.T) {
	b := openDemo(t, 1280)
	b.until(within(`page?.querySelector("main h1")?.textContent === "Today" && page.body.textContent.includes("Demo editor")`))
	b.wants(`((phone, frame) => frame.left > phone.right && frame.right <= innerWidth && frame.top < innerHeight / 2 && frame.height > innerHeight / 2)(
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
	b.ask("extra extra")
	b.wants(`[...root.querySelectorAll(".them")].at(-1).querySelector("a")?.href`, "/c/demo/")
	b.eval(`id("tab-happens").click()`)
	b.until(`id("parts").textContent.includes("Keyword “extra extra”")`)
}
