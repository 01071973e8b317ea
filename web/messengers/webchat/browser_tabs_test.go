package webchat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
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

// Readers of a page that is not listed see nothing; whoever built it is told.
func TestAPageThatIsNotListedShowsNothing(t *testing.T) {
	for _, mode := range []string{"bubble", "inline"} {
		s, b := newSite(t, nil), newBrowser(t)
		said := make(chan string, 1)
		err := chromedp.Listen(b.ctx, func(event any) {
			if e, ok := event.(*runtime.EventConsoleAPICalled); ok && len(e.Args) > 0 && strings.Contains(string(e.Args[0].Value), "keypull: ") {
				var line string
				_ = json.Unmarshal(e.Args[0].Value, &line)
				said <- line
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		b.run(chromedp.Navigate(s.elsewhere() + "/article?lang=de&target=&mode=" + mode))
		select {
		case line := <-said:
			if !strings.Contains(line, "„origins“") || !strings.Contains(line, s.elsewhere()) {
				t.Errorf("the console says %q", line)
			}
		case <-b.ctx.Done():
			t.Fatal("the console says nothing")
		}
		b.wants(`[...document.querySelectorAll("*")].some((x) => x.shadowRoot)`, "false")
	}
}

func TestPrintingLeavesTheChatOut(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + "/article?lang=de&mode=inline&target=%23here")
	b.wants(`$("textarea").checkVisibility()`, "true")
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	b.wants(`$("textarea").checkVisibility()`, "false")
}

func TestWhatIsPastedKeepsItsLines(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.text(`$("textarea").focus()`)
	b.text(`document.execCommand("insertText", false, "tiramisu\nnews")`)
	b.wants(`$("textarea").value`, "tiramisu\nnews")
	b.press(kb.Enter)
	b.until(`$$(".me .bubble").length === 1`)
	b.wants(`$("textarea").value`, "")
	b.until(`$$(".them").length > 0`)
	if got := s.asks()[0].Text; got != "tiramisu\nnews" {
		t.Errorf("asked was %q", got)
	}
}

func TestTheChatGreetsWithWordsToTap(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + "/article?lang=de&mode=inline&target=%23here")
	b.wants(`$(".hello p").textContent`, "Lecker in de.")
	b.wants(`$("textarea").placeholder`, "Ein Wort, etwa Tiramisu")
	b.text(`$$(".hello button")[1].click()`)
	b.hears("You tapped k:news")
	b.wants(`$$(".hello button").map((x) => x.textContent).join()`, "Tiramisu,News,MENU")
	if in := s.asks()[0]; !in.Greeted || in.Text != "News" {
		t.Errorf("got %+v", in)
	}
}
