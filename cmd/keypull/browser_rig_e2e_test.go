package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"keypull/web/browsertest"
)

// seat is somebody in front of a window of Chromium: it presses what it reads
// and types into what has a label. Whatever the browser complains of, and
// every dialog that opens, is an error of the test unless the test awaits it.
type seat struct {
	t    testing.TB
	ctx  context.Context
	mu   sync.Mutex
	said []string
	// ignored, where set, is how complaints begin that are none.
	ignored string
	// opened counts the addresses that were typed.
	opened int
}

// newSeat returns a browser of its own; ask it for more windows by another.
func newSeat(t testing.TB) *seat {
	t.Helper()
	return seatIn(t, browsertest.Start(t, chromedp.Flag("lang", "en-US")))
}

// another returns a new window of the same browser, in which nobody is signed in.
func (s *seat) another() *seat {
	s.t.Helper()
	return seatIn(s.t, s.ctx, chromedp.WithNewBrowserContext())
}

// leaves turns to an empty page, which wants nothing of any server.
func (s *seat) leaves() {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, chromedp.Navigate("about:blank")); err != nil {
		s.t.Fatal(err)
	}
}

// tab returns a further tab of the same window.
func (s *seat) tab() *seat {
	s.t.Helper()
	return seatIn(s.t, s.ctx)
}

func seatIn(t testing.TB, within context.Context, options ...chromedp.ContextOption) *seat {
	t.Helper()
	ctx := browsertest.NewTab(t, within, browserPatience, options...)
	s := &seat{t: t, ctx: ctx}
	t.Cleanup(func() {
		for _, said := range s.complaints() {
			t.Errorf("the browser complains: %s", said)
		}
	})
	if err := chromedp.Listen(ctx, s.hear); err != nil {
		t.Fatal(err)
	}
	s.look(1440, "light")
	return s
}

// aborted is what htmx says of a request that was under way as its page was left,
// which is nothing wrong.
var aborted = regexp.MustCompile(`"htmx:(sendAbort|afterRequest)\b`)

func (s *seat) hear(event any) {
	var said string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			said = "console." + string(e.Type)
			for _, arg := range e.Args {
				said += fmt.Sprintf(" %s %s", arg.Value, arg.Description)
			}
			if aborted.MatchString(said) {
				said = ""
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			said = e.Entry.Text + " " + e.Entry.URL
		}
	case *page.EventJavascriptDialogOpening:
		said = fmt.Sprintf("a dialog %s %q", e.Type, e.Message)
		// Events come one by one, so that the answer must not wait for others.
		go func() {
			_, _ = chromedp.Call(s.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if said != "" && (s.ignored == "" || !strings.HasPrefix(said, s.ignored)) {
		s.said = append(s.said, said)
	}
}

// ignores names how complaints begin that are none.
func (s *seat) ignores(beginning string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ignored = beginning
}

// complaints returns what the browser has said since the last time.
func (s *seat) complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	said := s.said
	s.said = nil
	return said
}

// refused awaits that the browser complains of a status, and of nothing else.
func (s *seat) refused(status string) {
	s.t.Helper()
	said := s.complaints()
	for _, one := range said {
		if !strings.Contains(one, "status of "+status) {
			s.t.Errorf("the browser complains: %s", one)
		}
	}
	if len(said) == 0 {
		s.t.Errorf("no page came with the status %s", status)
	}
}

func (s *seat) do(steps ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, steps...); err != nil {
		s.t.Fatal(err)
	}
}

// look sets the width of the window and the scheme of colours.
func (s *seat) look(width int64, scheme string) {
	s.t.Helper()
	height := int64(900)
	if width < 500 {
		height = 844
	}
	s.do(chromedp.EmulateViewport(width, height))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, media); err != nil {
		s.t.Fatal(err)
	}
}

// withoutScripts switches JavaScript off, as some people do.
func (s *seat) withoutScripts() {
	s.t.Helper()
	if _, err := chromedp.Call(s.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		s.t.Fatal(err)
	}
}

// open types an address.
func (s *seat) open(url string) {
	s.t.Helper()
	s.front()
	s.opened++
	s.do(chromedp.Navigate(url))
	s.until(calm)
}

// calm is a page that is there and fetches nothing more.
const calm = `document.readyState === "complete" && !document.querySelector(".htmx-request")`

// sight is what expressions may use: pressable and field find what a person
// would, by the words that stand there.
const visibility = `
const bare = (x, ...without) => { const c = x.cloneNode(true); c.querySelectorAll(["svg", ".required", "[aria-hidden=true]", ...without].join()).forEach((y) => y.remove()); return c.textContent.replace(/\s+/g, " ").trim(); };
const seen = (x) => x.checkVisibility({ visibilityProperty: true }) && !x.closest("[aria-hidden=true], .unseen");
const named = (x, text) => bare(x) === text || bare(x, ".unseen", "small") === text;
const pressable = (text) => [...document.querySelectorAll("a, button, summary, label.choice, label.switch, .ticks label")].find((x) => seen(x) && named(x, text));
const inputs = "input:not([type=hidden]), textarea, select";
const field = (text) => {
  for (const x of document.querySelectorAll("label, legend")) {
    if (!named(x, text)) continue;
    const found = x.htmlFor ? document.getElementById(x.htmlFor) : x.parentElement.querySelector(inputs);
    if (found) return found;
  }
  return document.querySelector('[aria-label="' + CSS.escape(text) + '"]');
};
const main = () => document.querySelector("main")?.textContent.replace(/\s+/g, " ") ?? "";
`

// eval returns an expression as text.
func (s *seat) eval(expression string) string {
	s.t.Helper()
	out, err := s.tryEval(expression)
	if err != nil {
		s.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

func (s *seat) tryEval(expression string) (string, error) {
	return chromedp.Run(s.ctx, chromedp.Evaluate[string](`(() => { `+visibility+` return String(`+expression+`); })()`))
}

// promise returns what an expression will be.
func (s *seat) promise(expression string) string {
	s.t.Helper()
	out, err := chromedp.Run(s.ctx, chromedp.Evaluate[string](`(async () => String(await (`+expression+`)))()`, chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// until waits for an expression to become true.
func (s *seat) until(expression string) {
	s.t.Helper()
	s.await("!!(" + expression + ") || ''")
}

// await waits until an expression is something, and returns that.
func (s *seat) await(expression string) string {
	s.t.Helper()
	over := time.NewTimer(patience / 2)
	defer over.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := s.tryEval(expression)
		if err == nil && got != "" {
			return got
		}
		select {
		case <-tick.C:
		case <-over.C:
			text, _ := s.tryEval(`location.pathname + " " + main().slice(0, 3000)`)
			s.t.Fatalf("this did not become true: %s (%v); the page is %s", expression, err, text)
		}
	}
}

func (s *seat) wants(expression, want string) {
	s.t.Helper()
	if got := s.eval(expression); got != want {
		s.t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// reads fails unless the page says something.
func (s *seat) reads(words ...string) {
	s.t.Helper()
	text := s.eval(`main()`)
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.t.Errorf("the page %s does not say %q: %.2000s", s.eval("location.pathname"), w, text)
		}
	}
}

// point clicks on an element; it must not be covered.
func (s *seat) point(element string) {
	s.t.Helper()
	at := s.await(`(() => { const x = ` + element + `; if (!x) return ""; x.scrollIntoView({ block: "center", behavior: "instant" });
		const r = x.getClientRects()[0]; if (!r) return "";
		const left = r.x + r.width / 2, top = r.y + r.height / 2, hit = document.elementFromPoint(left, top);
		return hit && (x.contains(hit) || hit.contains(x)) ? left + " " + top : ""; })()`)
	left, top, _ := strings.Cut(at, " ")
	x, errX := strconv.ParseFloat(left, 64)
	y, errY := strconv.ParseFloat(top, 64)
	if errX != nil || errY != nil {
		s.t.Fatalf("%s is at %q", element, at)
	}
	s.do(chromedp.MouseClickXY(x, y))
}

// press clicks on what says the words.
func (s *seat) press(words string) {
	s.t.Helper()
	s.point(fmt.Sprintf("pressable(%q)", words))
}

// front goes back to this window: one that is behind another loads its pages
// when the browser finds the time.
func (s *seat) front() {
	s.t.Helper()
	if _, err := chromedp.Call(s.ctx, page.BringToFront, cdp.Empty{}); err != nil {
		s.t.Fatal(err)
	}
}

// follow presses and waits for the page that comes.
func (s *seat) follow(words string) {
	s.t.Helper()
	s.front()
	s.eval(`window.before = true`)
	s.press(words)
	s.until(`!window.before && ` + calm)
}

// fill replaces what stands in the field with that label.
func (s *seat) fill(label, text string) {
	s.t.Helper()
	at := fmt.Sprintf("field(%q)", label)
	s.point(at)
	s.eval(at + `.select()`)
	if _, err := chromedp.Call(s.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		s.t.Fatal(err)
	}
}

// pressNew presses what opens a new tab, and goes there.
func (s *seat) pressNew(words string) *seat {
	s.t.Helper()
	opened := chromedp.WaitNewTarget(s.ctx, func(i *target.Info) bool { return i.Type == "page" })
	s.press(words)
	select {
	case id := <-opened:
		return seatIn(s.t, s.ctx, chromedp.WithTargetID(id))
	case <-time.After(patience / 2):
		s.t.Fatalf("%q opens no new tab", words)
		return nil
	}
}
