package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"keypull/cmd/keypull/demo"
	"keypull/pull/catalogue"
)

// TestTheDemoTellsItsStory presses through the story by keyboard: it can be paused, begun
// again, gone on with chapter by chapter, and skipped.
func TestTheDemoTellsItsStory(t *testing.T) {
	b := openDemo(t, 1280)
	b.wants(`id("play").checkVisibility()`, "false")
	enter := func(button string) {
		t.Helper()
		b.eval(`id("` + button + `").focus()`)
		if err := chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
			t.Fatal(err)
		}
	}
	enter("play-open")
	b.until(`id("play").checkVisibility() && id("play-said").textContent.includes("one word")`)
	b.until(`heard().length >= 2`)
	enter("play-go")
	b.wants(`id("play-go").textContent`, "Go on")
	for _, said := range []string{"life of that ask", "other channels", "Ten thousand readers"} {
		enter("play-next")
		b.until(`id("play-said").textContent.includes("` + said + `")`)
	}
	b.until(`id("crowd-result")?.textContent.includes("10,000")`)
	enter("play-again")
	b.until(`id("play-said").textContent.includes("one word")`)
	b.eval(`document.querySelector('[data-send="tiramisu"]').click()`)
	b.until(`id("play-go").textContent === "Go on"`)
	enter("play-end")
	b.until(`!id("play").checkVisibility() && document.activeElement === id("play-open") && !document.querySelector(".pointed")`)
	b.wants(`"viewport " + document.documentElement.clientWidth + ", page " + document.documentElement.scrollWidth`, "viewport 1280, page 1280")
}

func TestTheDemoCanBeStartedOver(t *testing.T) {
	d := runningAt(t, t.TempDir())
	defer d.end(t)
	room := d.server.room
	before := strings.Join(keywordIDs(room.Publisher(demo.PublisherID)), " ")
	news, _ := room.Publisher(demo.PublisherID).Keyword("news")
	own := *news
	own.ID, own.Phrases = "mine", map[string][]string{"en": {"my own word"}}
	for _, c := range []catalogue.Change{
		{Publisher: demo.PublisherID, Resource: catalogue.ResourceKeyword, ID: "mine", Value: own, By: "a visitor"},
		{Publisher: demo.PublisherID, Resource: catalogue.ResourceKeyword, ID: "stock", When: room.Publisher(demo.PublisherID).MetaOf(catalogue.ResourceKeyword, "stock").Version},
	} {
		if _, err := room.SaveAll(t.Context(), []catalogue.Change{c}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.world.Flip(demo.ExchangeDown); err != nil {
		t.Fatal(err)
	}
	foreign, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.server.URL+"/demo/anew", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := sendTo(t, foreign); got != http.StatusForbidden {
		t.Errorf("another site starts the demo over: %d", got)
	}
	if got := d.post(t, "/demo/anew"); got != http.StatusOK {
		t.Fatalf("starting over was answered %d", got)
	}
	if after := strings.Join(keywordIDs(room.Publisher(demo.PublisherID)), " "); after != before {
		t.Errorf("keywords %q, want %q", after, before)
	}
	for _, s := range d.world.Switches() {
		if s.On {
			t.Errorf("%s is still on", s.Name)
		}
	}
}

func keywordIDs(pub *catalogue.Setup) (ids []string) {
	for i := range pub.Keywords {
		ids = append(ids, pub.Keywords[i].ID)
	}
	return ids
}

// post sends nothing to a page of the demo, as the page itself does.
func (d *runningDemo) post(t *testing.T, path string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, d.server.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return sendTo(t, r)
}

func sendTo(t *testing.T, r *http.Request) int {
	t.Helper()
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	return answer.StatusCode
}
