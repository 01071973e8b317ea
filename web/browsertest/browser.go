// Package browsertest starts browsers for tests: a Chromium of its own for each that asks, gone
// with the test. What is looked at in it is the test's business. It is for tests alone.
package browsertest

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// programs are the names under which systems have Chromium. The shell without windows takes a
// third of the time of the whole browser, and shows pages by the same code.
var programs = []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Start returns a browser that ends with the test: a context for NewTab.
func Start(t testing.TB, options ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	all := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findChromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	browser, stop := chromedp.NewExecAllocator(context.Background(), append(all, options...)...)
	t.Cleanup(stop)
	return browser
}

func findChromium(t testing.TB) string {
	t.Helper()
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("the tests of pages need a browser: run bash .ci/test, or install the package chromium-headless-shell")
	return ""
}

// NewTab opens a tab of a browser, or a further one of a tab's, which closes with the test.
// Whatever is done in it fails once its patience is over.
func NewTab(t testing.TB, browser context.Context, patience time.Duration, options ...chromedp.ContextOption) context.Context {
	t.Helper()
	tab, closeTab := chromedp.NewContext(browser, options...)
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
	return ctx
}
