package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestARestOfAHostBindsEverySourceAndOutlivesARestart(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	one, two := site.feed("one.xml", "Edition one"), site.feed("two.xml", "Edition two")
	s := serveConfig(t, feedBlock("one", one.url(), `max_age = "60s"`), keywordBlock("one", "one"),
		feedBlock("two", two.url(), `max_age = "60s"`), keywordBlock("two", "two"), telegramBlock(api.URL))
	one.change(func(f *newsFeed) {
		f.raw = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "600")
			_, _ = w.Write([]byte(rssFeed(rssItem("Edition one", "https://news.example/1", time.Now()))))
		}
	})
	expect := func(word, want string, requests int) {
		t.Helper()
		if got := s.reply(api, newChat(), word); !strings.Contains(got, want) || want == "" && strings.Contains(got, "Edition") {
			t.Errorf("%s: the reply is %q, want %q in it", word, got, want)
		}
		if got := one.count() + two.count(); got != requests {
			t.Errorf("the host saw %d requests, want %d", got, requests)
		}
	}
	expect("one", "Edition one", 1)
	expect("two", "", 1)
	s.restart()
	s.clock.advance(9 * time.Minute)
	expect("two", "", 1)
	s.clock.advance(2 * time.Minute)
	expect("two", "Edition two", 2)
}

func TestWhatIsStillFreshIsNotFetchedByAStart(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	prices := site.feed("quote", "")
	prices.change(func(f *newsFeed) {
		f.raw = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"price":512.30}`)) }
	})
	s := serveConfig(t, sourceBlock("quotes", "quote", `max_age = "60s"`, `url = "`+prices.url()+`?s={symbol}"`, `symbols = [{ symbol = "WIPRO" }]`),
		keywordBlock("wipro", "quotes", `query = "WIPRO"`), telegramBlock(api.URL))
	if got := s.reply(api, newChat(), "wipro"); !strings.Contains(got, "512.30") || prices.count() != 1 {
		t.Errorf("the reply is %q after %d requests", got, prices.count())
	}
	s.restart()
	if got := s.reply(api, newChat(), "wipro"); !strings.Contains(got, "512.30") || prices.count() != 1 {
		t.Errorf("after a restart the reply is %q after %d requests", got, prices.count())
	}
}

func TestWhatComesOutOfACacheIsToldAsOldAsItIs(t *testing.T) {
	api, site := newBotAPI(t), newNewsSite(t)
	held, clock := site.feed("held.xml", ""), site.feed("clock.xml", "")
	answer := func(header, value string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(header, value)
			_, _ = w.Write([]byte(rssFeed(rssItem("Edition one", "https://news.example/1", time.Now()))))
		}
	}
	held.change(func(f *newsFeed) { f.raw = answer("Age", "7200") })
	clock.change(func(f *newsFeed) { f.raw = answer("Date", time.Now().Add(-3*time.Hour).UTC().Format(http.TimeFormat)) })
	s := serveConfig(t, feedBlock("held", held.url(), `max_age = "5s"`), keywordBlock("held", "held"),
		feedBlock("clock", clock.url(), `max_age = "60s"`), keywordBlock("clock", "clock"), telegramBlock(api.URL))
	if got := s.reply(api, newChat(), "held"); !strings.Contains(got, "Edition one") || !strings.Contains(got, "as of ") {
		t.Errorf("what a cache held for two hours is told as %q", got)
	}
	if got := s.reply(api, newChat(), "clock"); !strings.Contains(got, "Edition one") || strings.Contains(got, "as of ") {
		t.Errorf("what comes from a server whose clock is off is told as %q", got)
	}
}
