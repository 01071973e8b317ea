package webchat_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"keypull/web/browsertest"
)

// browser is one tab of a Chromium of its own.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// patience bounds a whole browser test; nothing waits for it when all is well.
const patience = time.Minute

func newBrowser(t *testing.T) *browser {
	t.Helper()
	b := &browser{t: t, ctx: browsertest.NewTab(t, browsertest.Start(t, chromedp.WindowSize(1280, 900)), patience)}
	b.watch()
	return b
}

// watch makes every error of the page's scripts one of the test.
func (b *browser) watch() {
	var mu sync.Mutex
	var failures []string
	err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*runtime.EventExceptionThrown); ok {
			mu.Lock()
			defer mu.Unlock()
			failures = append(failures, fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, f := range failures {
			b.t.Errorf("the page's script failed: %s", f)
		}
	})
}

func (b *browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// prelude gives expressions the widget's root, and $ and $$ to look into it.
const prelude = `var root = document.querySelector("div[data-mode]")?.shadowRoot;
var $ = (s) => root?.querySelector(s), $$ = (s) => [...(root?.querySelectorAll(s) ?? [])];`

func (b *browser) evaluate(expression string) (string, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[string](`(() => { `+prelude+` return String(`+expression+`); })()`))
}

// until waits for an expression to become true, across reloads.
func (b *browser) until(expression string) {
	b.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if got, err := b.evaluate("!!(" + expression + ")"); err == nil && got == "true" {
			return
		}
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			b.t.Fatalf("this did not become true: %s", expression)
		}
	}
}

func (b *browser) text(expression string) string {
	b.t.Helper()
	out, err := b.evaluate(expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// press sends keys to whatever has the focus.
func (b *browser) press(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.run(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

func (b *browser) open(url string) {
	b.t.Helper()
	b.run(chromedp.Navigate(url))
	b.until(`$("textarea")`)
}

// say types words into the input and sends them.
func (b *browser) say(words string) {
	b.t.Helper()
	b.text(`$("textarea").focus()`)
	b.press(words)
	b.press(kb.Enter)
}

func (b *browser) tap(label string) {
	b.t.Helper()
	b.until(`$$("button").some((x) => x.textContent === "` + label + `")`)
	b.text(`$$("button").filter((x) => x.textContent === "` + label + `").pop().click()`)
}

// turns is the conversation as a reader sees it, one line a turn.
const turns = `$$(".turn .bubble").map((x) => x.textContent).join("|")`

func (b *browser) hears(reply string) {
	b.t.Helper()
	b.until(`$$(".them .bubble").some((x) => x.textContent.includes("` + reply + `"))`)
}

func (b *browser) wants(expression, want string) {
	b.t.Helper()
	if got := b.text(expression); got != want {
		b.t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

func TestReadersAskByTypingAndByTapping(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.wants(`$("#title").textContent`, "Ask Lecker")
	b.wants(`sessionStorage.length + localStorage.length`, "0")
	b.say("tiramisu")
	b.hears("250 g mascarpone")
	b.until(`$(".them img")?.naturalWidth > 0`)
	b.wants(`$(".them img").alt`, "A bowl of tiramisu")
	b.wants(`$(".them p a").href`, "https://lecker.example/tiramisu")
	b.wants(`$(".them p strong").textContent`, "Tiramisu")
	b.wants(`$(".choices a").href`, "https://lecker.example/")
	b.tap("Headlines")
	b.hears("You tapped k:news")
	asked := s.asks()
	if asked[1].Text != "Headlines" || asked[1].Tap != "k:news" || asked[1].Reader != asked[0].Reader || asked[0].Language != "en" {
		t.Errorf("got %+v", asked)
	}
	b.wants(`document.cookie + localStorage.length`, "0")
}

func TestAReloadResumesTheConversation(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + "/article?lang=de&mode=inline&target=%23here")
	b.wants(`document.querySelector("#here").contains(root.host)`, "true")
	b.wants(`$("label").textContent`, "Ihre Nachricht")
	b.say("one")
	b.hears("You said one")
	b.say("two")
	b.hears("You said two")
	before := b.text(turns)
	b.run(chromedp.Reload())
	b.until(`$$(".turn").length === 4`)
	b.wants(turns, before)
	b.say("three")
	b.hears("You said three")
	asked := s.asks()
	if len(asked) != 3 || asked[2].Reader != asked[0].Reader {
		t.Errorf("the session did not go on: %+v", asked)
	}
}

func TestALostAnswerIsAskedForAgainWithTheSameID(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	s.loseNext(2)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	b.wants(turns, "You: one|You said one")
	asked := s.asks()
	if len(asked) < 2 {
		t.Fatalf("asked %d times, want a repetition", len(asked))
	}
	for _, in := range asked {
		if in.ID != asked[0].ID || in.Reader != asked[0].Reader {
			t.Errorf("a repetition became another ask: %+v", in)
		}
	}
	b.until(`$(".status").hidden`)
}

func TestAMessageThatWaitsDuringAReloadIsSentAfterIt(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	s.loseNext(100)
	b.say("two")
	b.until(`!$(".status").hidden`)
	b.run(chromedp.Reload())
	b.until(`$$(".turn").length === 3`)
	s.loseNext(0)
	b.hears("You said two")
	b.wants(turns, "You: one|You said one|You: two|You said two")
}

func TestLaterRepliesAppearByThemselvesAndOnce(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	address := s.asks()[0].Address
	send(t, s.chat, address, "Here is the slow answer", "1-1")
	b.hears("Here is the slow answer")
	streams := s.streamed()
	b.run(chromedp.Reload())
	b.until(`$$(".turn").length === 3`)
	send(t, s.chat, address, "And another one", "2-1")
	b.hears("And another one")
	if s.streamed() <= streams {
		t.Error("the events were not subscribed to again")
	}
	b.wants(turns, "You: one|You said one|Here is the slow answer|And another one")
}

func TestTheBubbleWorksByKeyboardAlone(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + "/article?lang=fr&mode=bubble")
	b.wants(`$(".panel").hidden`, "true")
	b.press(kb.Tab)
	b.wants(`root.activeElement?.getAttribute("aria-label")`, "Ouvrir la discussion")
	b.press(kb.Enter)
	b.until(`root.activeElement === $("textarea")`)
	b.wants(`$(".launcher").getAttribute("aria-expanded")`, "true")
	b.press("tiramisu")
	b.press(kb.Enter)
	b.hears("mascarpone")
	b.press(kb.Tab, chromedp.ModifierShift)
	b.press(kb.Escape)
	b.until(`$(".panel").hidden`)
	b.wants(`root.activeElement.className`, "launcher")
	b.wants(`$(".launcher").getAttribute("aria-expanded")`, "false")
	b.wants(`$$("button, a.choice").filter((x) => x.getClientRects().length && (x.offsetWidth < 24 || x.offsetHeight < 24)).length`, "0")
}

func TestADeclinedConsentKeepsNothing(t *testing.T) {
	s, b := newSite(t, map[string]any{"consent": "May we remember what you ask? https://lecker.example/privacy"}), newBrowser(t)
	b.open(s.URL + base)
	b.until(`$(".consent")?.textContent.includes("May we remember")`)
	b.tap("Decline")
	b.say("one")
	b.hears("You said one")
	b.wants(`localStorage.length + sessionStorage.length + document.cookie`, "0")
	if got := s.asks()[0].Consent; got != "refused" {
		t.Errorf("consent %q was sent, want refused", got)
	}
	b.run(chromedp.Reload())
	b.until(`$(".consent")?.textContent.includes("May we remember")`)
	b.wants(turns, "")
}

func TestAGivenConsentIsKeptUntilItIsTakenBack(t *testing.T) {
	s, b := newSite(t, map[string]any{"consent": "May we?"}), newBrowser(t)
	b.open(s.URL + base)
	b.say("before any choice")
	b.hears("You said before any choice")
	b.wants(`localStorage.length + sessionStorage.length`, "0")
	b.tap("Accept")
	b.say("one")
	b.hears("You said one")
	b.run(chromedp.Reload())
	b.until(`$$(".turn").length === 4`)
	if asked := s.asks(); asked[0].Consent != "" || asked[1].Consent != "given" {
		t.Errorf("got %+v", asked)
	}
	b.tap("Forget it")
	b.until(`$$(".turn").length === 0`)
	b.wants(`localStorage.length + sessionStorage.length`, "0")
	b.say("anew")
	b.hears("You said anew")
	if asked := s.asks(); asked[2].Reader == asked[1].Reader {
		t.Error("the forgotten session goes on")
	}
}

func TestContentIsShownAsText(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("hostile")
	b.hears("onerror")
	b.wants(`$$(".them .bubble img").length`, "0")
	b.wants(`$(".them p a").href`, "https://a.example/x_(y)")
	b.wants(`$(".them .choice").textContent`, "<b>bold</b>")
	b.wants(`document.title`, "Ask Lecker")
}

func TestTheWidgetTellsAssistiveTechnologyWhatItIs(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.wants(`$(".log").getAttribute("role") + " " + $(".log").getAttribute("aria-live")`, "log polite")
	b.wants(`$("label").htmlFor === $("textarea").id`, "true")
	b.wants(`$$("button").every((x) => x.textContent || x.getAttribute("aria-label"))`, "true")
	b.wants(`$$("svg").every((x) => x.getAttribute("aria-hidden") === "true")`, "true")
	b.say(strings.Repeat("word ", 3))
	b.hears("You said word")
	b.wants(`$(".dots").hidden`, "true")
}
