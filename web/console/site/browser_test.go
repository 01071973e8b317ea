package site_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience bounds a whole test in the browser; nothing waits for it when all
// is well.
const patience = 3 * time.Minute

// axeFile judges pages by the rules of WCAG.
const axeFile = "../../../cmd/keypull/testdata/npm/node_modules/axe-core/axe.min.js"

// browser is one tab of a Chromium of its own. Whatever its console says of
// errors, and every request that the policy refused, is an error of the test.
type browser struct {
	t    *testing.T
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	ctx, cancel := context.WithTimeout(tab, patience)
	t.Cleanup(func() {
		cancel()
		if err := chromedp.Cancel(tab); err != nil {
			t.Logf("Chromium did not end well: %v", err)
		}
	})
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(b.ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("the tests of pages need a browser: run bash .ci/test, or install the package chromium")
	return ""
}

func axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not installed; run bash .ci/test: %v", err)
	}
	return string(text)
}

func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.said = append(b.said, fmt.Sprintf("console.%s %+v", e.Type, e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.said = append(b.said, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// complaints are what the browser has said since the last time.
func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// look sets the size of the window and the scheme of colours.
func (b *browser) look(width int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
	b.until(`document.readyState === "complete" && document.documentElement.classList.contains("js")`)
}

// eval returns an expression, which may be a promise, as text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	out, err := b.tryEval(expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

func (b *browser) tryEval(expression string) (string, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[string](`(async () => String(await (`+expression+`)))()`, chromedp.EvalAwaitPromise))
}

// until waits for an expression to become true.
func (b *browser) until(expression string) {
	b.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if got, err := b.tryEval("!!(" + expression + ")"); err == nil && got == "true" {
			return
		}
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			b.t.Fatalf("this did not become true: %s", expression)
		}
	}
}

func (b *browser) wants(expression, want string) {
	b.t.Helper()
	if got := b.eval(expression); got != want {
		b.t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// pictures is where screenshots of the pages are wanted.
var pictures = flag.String("pictures", "", "write a picture of every page into this `folder`")

// overflow lists what reaches beyond the window's width.
const overflow = `document.documentElement.scrollWidth <= innerWidth ? "" :
	[...document.querySelectorAll("body *")].filter((x) => x.getBoundingClientRect().right > innerWidth + 1 && !x.closest(".tabs, .scroll, .unseen"))
	.slice(0, 5).map((x) => x.tagName + "." + x.className + " " + Math.round(x.getBoundingClientRect().right)).join(", ") || "scrolls"`

// violations runs axe over the page, with the rules of WCAG 2.2 A and AA.
const violations = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then((r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 300)).join(" | ")).join("\n"))`

// signIn signs a visitor in by the form, as people do.
func (b *browser) signIn(v *visitor) {
	b.t.Helper()
	b.open(v.server.URL + "/console/sign-in")
	b.fill("#f-email", v.person.Email)
	b.fill("#f-password", goodPassword)
	b.submit("form")
	b.until(`document.readyState === "complete" && !location.pathname.endsWith("/sign-in")`)
}

// fill types into a field.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.value = %q;
		f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); })()`, selector, text))
}

// submit sends a form as a click on its button does, and waits for the page
// that follows.
func (b *browser) submit(form string) {
	b.t.Helper()
	b.eval(`window.old = true`)
	b.eval(fmt.Sprintf(`(() => { setTimeout(() => document.querySelector(%q).requestSubmit()); })()`, form))
	b.until(`!window.old && document.readyState === "complete"`)
}

// judge fails where the page that is shown overflows, is not accessible, has
// no h1 or many, or where the browser complains; name is that of its picture.
func (b *browser) judge(name string) {
	b.t.Helper()
	if got := b.eval(overflow); got != "" {
		b.t.Errorf("%s overflows: %s", name, got)
	}
	b.do(chromedp.Evaluate[chromedp.Void](axe(b.t) + ";0"))
	if got := b.eval(violations); got != "" {
		b.t.Errorf("%s is not accessible:\n%s", name, got)
	}
	b.wants(`document.querySelectorAll("h1").length`, "1")
	for _, said := range b.complaints() {
		b.t.Errorf("%s: the browser complains: %s", name, said)
	}
	b.picture(name)
}

func (b *browser) picture(name string) {
	b.t.Helper()
	if *pictures == "" {
		return
	}
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), shot, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
