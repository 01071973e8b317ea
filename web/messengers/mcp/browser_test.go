package mcp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"keypull/web/console/pages/pagestest"
	"keypull/web/messengers"
	"keypull/web/messengers/mcp"
)

// site serves a server's own documents, as package web does.
func site(t *testing.T, m *mcp.Server) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/mcp/lecker/ai"), "/")
		got, err := m.Receive(r.Context(), messengers.Delivery{Method: r.Method, Path: path, Header: r.Header})
		if err != nil {
			t.Error(err)
		}
		for name, value := range got.Header {
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", got.ContentType)
		if got.Status != 0 {
			w.WriteHeader(got.Status)
		}
		_, _ = w.Write(got.Body)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/mcp/lecker/ai"
}

// TestEverybodyCanReadThePage: by the rules of WCAG, on a phone and in the dark,
// within its own policy.
func TestEverybodyCanReadThePage(t *testing.T) {
	url := site(t, open(t, map[string]any{"anonymous": true}, asking(1, keywords(3)...)))
	b, judge := pagestest.New(t), pagestest.Axe(t)
	for _, look := range []struct {
		width  int64
		scheme string
	}{{390, "light"}, {1280, "dark"}} {
		b.Look(look.width, look.scheme)
		b.Do(chromedp.Navigate(url))
		b.Until(`document.readyState === "complete" && document.querySelector("h1")`)
		b.Do(chromedp.Evaluate[chromedp.Void](judge + ";0"))
		if got := b.Eval(pagestest.Violations); got != "" {
			t.Errorf("%d %s: %s", look.width, look.scheme, got)
		}
		b.Wants(`document.documentElement.scrollWidth <= innerWidth`, "true")
		b.Wants(`getComputedStyle(document.querySelector("main")).maxWidth !== "none"`, "true")
	}
	for _, said := range b.Complaints() {
		t.Errorf("the browser complains: %s", said)
	}
}
