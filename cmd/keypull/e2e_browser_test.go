package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"keypull/web/browsertest"
)

// browserPatience bounds a whole test in the browser where it hangs: what it waits
// for has a patience of its own, and says what it found.
const browserPatience = 30 * time.Minute

// browser is one tab of a Chromium of its own. Whatever its console says of
// errors, and every request that a policy refused, is an error of the test.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func newBrowser(t *testing.T, width, height int64) *browser {
	t.Helper()
	ctx := browsertest.NewTab(t, browsertest.Start(t), browserPatience)
	b := &browser{t: t, ctx: ctx}
	b.watch()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
	// Nothing moves by itself, so that no test depends on when.
	calm := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, calm); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) watch() {
	var mu sync.Mutex
	var said []string
	err := chromedp.Listen(b.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			said = append(said, fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				said = append(said, fmt.Sprintf("console.%s %+v", e.Type, e.Args))
			}
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
				said = append(said, e.Entry.Text+" "+e.Entry.URL)
			}
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range said {
			b.t.Errorf("the browser complains: %s", s)
		}
	})
}

// prelude gives expressions the chat's root as root, its last answer as heard,
// and the page's parts by id.
const prelude = `var root = (document.querySelector("#phone-screen")?.firstElementChild ??
  [...document.querySelectorAll("body *")].find((x) => x.shadowRoot))?.shadowRoot;
var heard = () => [...(root?.querySelectorAll(".them .bubble") ?? [])].map((x) => x.textContent);
var id = (name) => document.getElementById(name);
var button = (label) => document.querySelector('[aria-label="' + label + '"]');`

// eval returns an expression as text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	out, err := b.tryEval(expression)
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

func (b *browser) tryEval(expression string) (string, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[string](`(() => { `+prelude+` return String(`+expression+`); })()`))
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

func (b *browser) open(url string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(url)); err != nil {
		b.t.Fatal(err)
	}
	b.until(`root?.querySelector("form textarea")`)
}

// ask types into the chat and returns the answer.
func (b *browser) ask(words string) string {
	b.t.Helper()
	before := b.eval(`heard().length`)
	b.eval(`root.querySelector("form textarea").focus()`)
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent(words+"\r")); err != nil {
		b.t.Fatal(err)
	}
	b.until(`heard().length > ` + before)
	return b.eval(`heard().at(-1)`)
}

// seconds waits until the page's clock has moved on: prices have an age.
func (b *browser) seconds(n int) {
	b.t.Helper()
	b.until(fmt.Sprintf("performance.now() > %s + %d", b.eval("performance.now()"), n*1000))
}

func (b *browser) wants(expression, want string) {
	b.t.Helper()
	if got := b.eval(expression); !strings.Contains(got, want) {
		b.t.Errorf("%s is %q, want %q in it", expression, got, want)
	}
}
