// Package pagestest looks at pages as people do: in a Chromium of its own, which
// complains aloud of whatever goes wrong in a page. It is for tests alone.
package pagestest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"keypull/web/browsertest"
)

// patience is how long one thing is waited for, and patienceInAll bounds a whole
// test that hangs; nothing waits for them when all is well.
const (
	patience      = 3 * time.Minute
	patienceInAll = 30 * time.Minute
)

// axeFile judges pages by the rules of WCAG; the path counts from a package
// beside or above this one.
const axeFile = "../../../cmd/keypull/testdata/npm/node_modules/axe-core/axe.min.js"

// Browser is one tab of a Chromium of its own. Whatever its console says of
// errors, and every request that the policy refused, is an error of the test.
type Browser struct {
	T    *testing.T
	Ctx  context.Context
	mu   sync.Mutex
	said []string
}

// New opens a tab that closes with the test.
func New(t *testing.T) *Browser {
	t.Helper()
	b := &Browser{T: t, Ctx: browsertest.NewTab(t, browsertest.Start(t), patienceInAll)}
	if err := chromedp.Listen(b.Ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

// Axe returns the script that judges pages.
func Axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not installed; run bash .ci/test: %v", err)
	}
	return string(text)
}

// Violations runs Axe over the page, with the rules of WCAG 2.2 A and AA. What
// passes is not looked up again for a report that nobody reads.
const Violations = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then((r) => r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 300)).join(" | ")).join("\n"))`

func (b *Browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			said := "console." + string(e.Type)
			for _, arg := range e.Args {
				said += " " + string(arg.Value) + arg.Description
			}
			b.said = append(b.said, said)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.said = append(b.said, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// Complaints returns what the browser has said since the last time.
func (b *Browser) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

// Do carries steps out; a step that fails ends the test.
func (b *Browser) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.T.Helper()
	if err := chromedp.Do(b.Ctx, steps...); err != nil {
		b.T.Fatal(err)
	}
}

// Look sets the size of the window and the scheme of colours.
func (b *Browser) Look(width int64, scheme string) {
	b.T.Helper()
	b.Do(chromedp.EmulateViewport(width, 900))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(b.Ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.T.Fatal(err)
	}
}

// Open goes to a page and waits until its scripts have run.
func (b *Browser) Open(url string) {
	b.T.Helper()
	b.Do(chromedp.Navigate(url))
	b.Until(`document.readyState === "complete" && document.documentElement.classList.contains("js")`)
}

// Eval returns an expression, which may be a promise, as text.
func (b *Browser) Eval(expression string) string {
	b.T.Helper()
	out, err := b.TryEval(expression)
	if err != nil {
		b.T.Fatalf("%s: %v", expression, err)
	}
	return out
}

// TryEval is Eval for what may fail.
func (b *Browser) TryEval(expression string) (string, error) {
	return chromedp.Run(b.Ctx, chromedp.Evaluate[string](`(async () => String(await (`+expression+`)))()`, chromedp.EvalAwaitPromise))
}

// Until waits for an expression to become true, and says what is there where it
// does not.
func (b *Browser) Until(expression string) {
	b.T.Helper()
	over := time.NewTimer(patience)
	defer over.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if got, err := b.TryEval("!!(" + expression + ")"); err == nil && got == "true" {
			return
		}
		select {
		case <-tick.C:
		case <-over.C:
			there, err := b.TryEval(`location.href + "\n" + document.body.innerText.slice(0, 3000)`)
			b.T.Fatalf("this did not become true: %s; the browser said %q, %v, and shows %s", expression, b.Complaints(), err, there)
		case <-b.Ctx.Done():
			b.T.Fatalf("this did not become true before the test's end: %s", expression)
		}
	}
}

// Wants notes an expression that is something else.
func (b *Browser) Wants(expression, want string) {
	b.T.Helper()
	if got := b.Eval(expression); got != want {
		b.T.Errorf("%s is %q, want %q", expression, got, want)
	}
}
