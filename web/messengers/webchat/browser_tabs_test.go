package webchat_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// tab opens a page in one more tab of a browser.
func (b *browser) tab(url string) *browser {
	b.t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx)
	b.t.Cleanup(stop)
	other := &browser{t: b.t, ctx: ctx}
	other.open(url)
	return other
}

// A browser has six connections to a host: each tab with a stream of its own
// would leave none for the seventh.
func TestAllTabsOfABrowserAreOneChatWithOneStream(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		tabs       int
	}{
		{"with locks", base, 8},
		{"without locks", "/article?lang=en&mode=inline&target=%23here&locks=no", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, b := newSite(t, nil), newBrowser(t)
			b.open(s.URL + tt.page)
			tabs := []*browser{b.tab(s.URL + tt.page)}
			for range tt.tabs - 2 {
				tabs = append(tabs, b.tab(s.URL+tt.page))
			}
			b.say("one")
			last := tabs[len(tabs)-1]
			last.hears("You said one")
			last.say("two")
			b.hears("You said two")
			later(t, s, tabs, "The slow answer")
			want := "You: one|You said one|You: two|You said two|The slow answer"
			for i, tab := range tabs {
				if got := tab.text(turns); got != want {
					t.Errorf("tab %d shows %q, want %q", i, got, want)
				}
				tab.wants(`$(".dots").hidden`, "true")
			}
			if got := s.streamed(); got != 1 {
				t.Errorf("%d streams for %d tabs, want 1", got, tt.tabs)
			}
			for _, in := range s.asks() {
				if in.Reader != s.asks()[0].Reader {
					t.Errorf("a tab became another reader: %+v", in)
				}
			}
			// Whoever leads goes, with a message under way: the first of the tabs.
			s.loseNext(1000)
			last.say("three")
			last.until(`$$(".turn").length === 6`)
			b.run(chromedp.Navigate("about:blank"))
			s.loseNext(0)
			last.hears("You said three")
			later(t, s, tabs, "The last word")
			want += "|You: three|You said three|The last word"
			for _, tab := range tabs {
				tab.until(turns + ` === "` + want + `"`)
			}
		})
	}
}

// later sends a reply that came late, and waits until all tabs show it.
func later(t *testing.T, s *site, tabs []*browser, text string) {
	t.Helper()
	send(t, s.chat, s.asks()[0].Address, text, fmt.Sprintf("%d-1", len(text)))
	for _, tab := range tabs {
		tab.hears(text)
	}
}

func TestWhatOneTabForgetsIsGoneFromAll(t *testing.T) {
	s, b := newSite(t, map[string]any{"consent": "May we?"}), newBrowser(t)
	b.open(s.URL + base)
	other := b.tab(s.URL + base)
	other.tap("Accept")
	other.say("one")
	b.hears("You said one")
	b.until(`$(".consent").textContent.includes("remembered on this device")`)
	other.tap("Forget it")
	b.until(`$$(".turn").length === 0`)
	b.wants(`localStorage.length + sessionStorage.length`, "0")
	if got := s.asks()[0].Consent; got != "given" {
		t.Errorf("consent %q was sent, want given", got)
	}
}

// An outlet that embeds the chat from an origin that it did not list must see so.
func TestAPageThatIsNotListedIsToldWhatToSet(t *testing.T) {
	for _, mode := range []string{"bubble", "inline"} {
		s, b := newSite(t, nil), newBrowser(t)
		b.run(chromedp.Navigate(s.elsewhere() + "/article?lang=de&target=&mode=" + mode))
		b.until(`$(".refused")?.checkVisibility()`)
		b.wants(`$(".refused").textContent.includes("„origins“") && $(".refused").textContent.includes(location.origin)`, "true")
		b.wants(`$("input") === null`, "true")
	}
}

func TestTheChatGreetsWithWordsToTap(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + "/article?lang=de&mode=inline&target=%23here")
	b.wants(`$(".hello p").textContent`, "Lecker in de.")
	b.wants(`$("input").placeholder`, "Ein Wort, etwa Tiramisu")
	b.text(`$$(".hello button")[1].click()`)
	b.hears("You tapped k:news")
	b.wants(`$$(".hello button").map((x) => x.textContent).join()`, "Tiramisu,News,MENU")
	if in := s.asks()[0]; !in.Greeted || in.Text != "News" {
		t.Errorf("got %+v", in)
	}
}
