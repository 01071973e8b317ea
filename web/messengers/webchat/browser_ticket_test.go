package webchat_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"keypull/web/messengers/webchat"
)

func TestAStreamThatBreaksOffIsOpenedWithANewTicketAndNeverTheSession(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	address := s.asks()[0].Address
	send(t, s.chat, address, "first of two", "1-1")
	b.hears("first of two")
	s.cut()
	send(t, s.chat, address, "second of two", "2-1")
	b.hears("second of two")
	b.wants(turns, "You: one|You said one|first of two|second of two")
	s.mu.Lock()
	defer s.mu.Unlock()
	tickets := map[string]bool{}
	for _, a := range s.addresses {
		if strings.Contains(a, address) || tickets[a] {
			t.Errorf("a stream was opened at %s", a)
		}
		tickets[a] = true
	}
	if len(tickets) < 2 {
		t.Errorf("the streams were %v", s.addresses)
	}
}

func TestAChatThatTheServerForgotGoesOnAsANewOne(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	s.restart(installed(t, "another key", usualBudget, nobody))
	b.say("two")
	b.hears("You said two")
	b.wants(turns, "You: one|You said one|You: two|You said two")
	asked := s.asks()
	if asked[0].Reader == asked[1].Reader || asked[1].Reader == "" {
		t.Errorf("asked %+v", asked)
	}
}

func TestWhoMustWaitIsToldKindlyAndAnsweredThen(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	full := installed(t, "full", webchat.Budget{Asks: 60}, nobody)
	for range 60 {
		receive(t, full, delivery(`{"text":"x"}`))
	}
	s.mu.Lock()
	s.full = full
	s.mu.Unlock()
	b.open(s.URL + base)
	b.run(chromedp.Evaluate[chromedp.Void](`window.told = []; new MutationObserver((all) => told.push(...all.map((m) => m.target.textContent)))
		.observe(document.querySelector("div[data-mode]").shadowRoot.querySelector(".status"), { childList: true })`))
	b.say("one")
	b.hears("You said one")
	b.wants(`told.some((x) => x.includes("Many questions came from your network"))`, "true")
	b.wants(turns, "You: one|You said one")
	b.until(`$(".status").hidden`)
}
