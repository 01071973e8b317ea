package site_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/sources/quote"
	"keypull/sources/text"
	"keypull/store"
	"keypull/store/mem"
	"keypull/web/console"
	"keypull/web/messengers"
	"keypull/web/messengers/telegram"
	"keypull/web/messengers/webchat"
)

// press returns the world that sources ask: a feed, a page that is none, prices,
// and a feed of somebody who wants to break pages.
func press(t testing.TB) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	feedOf := func(items ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml")
			_, _ = fmt.Fprintf(w, `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>News</title>%s</channel></rss>`, strings.Join(items, ""))
		}
	}
	item := func(n int, title, summary, link, image string) string {
		return fmt.Sprintf(`<item><title>%s</title><description>%s</description><link>%s</link><guid>%d</guid><author>Ann Ouray</author><category>Travel</category><pubDate>Fri, 20 Nov 2026 %02d:00:00 GMT</pubDate><media:content medium="image" url=%q/></item>`,
			esc(title), esc(summary), esc(link), n, 11-n, esc(image))
	}
	mux.HandleFunc("/picture.svg", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160"><rect width="320" height="160" fill="#2c6e63"/><circle cx="240" cy="60" r="36" fill="#f0c36a"/><path d="M0 160 90 70l60 60 50-40 120 70z" fill="#1d4a43"/></svg>`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/feed.xml", feedOf(
		item(1, "Night trains to Paris return in December", "The railway has taken over twelve sleeping cars, and sells the first tickets on Monday. A bed costs from 79 euros.", server.URL+"/1", server.URL+"/picture.svg"),
		item(2, "Council votes for the new market hall", "Building begins in spring.", server.URL+"/2", ""),
		item(3, "How to keep basil alive through the winter", "Light, and less water than you think.", server.URL+"/3", ""),
	))
	mux.HandleFunc("/hostile.xml", feedOf(item(1, hostile, hostile, "javascript:alert(1)", "javascript:alert(2)"), item(2, lengthy, lengthy+lengthy, server.URL+"/"+lengthy, "")))
	mux.HandleFunc("/page.html", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Welcome</title><p>A page."))
	})
	mux.HandleFunc("/price", func(w http.ResponseWriter, r *http.Request) {
		if place := r.FormValue("place"); place != "" {
			_, _ = fmt.Fprintf(w, `{"symbol": %q, "price": "12.40"}`, place+":"+r.FormValue("s"))
			return
		}
		_, _ = fmt.Fprintf(w, `{"price": "12.40", "change": "-0.25", "currency": "EUR", "time": "2026-11-20T11:58:00Z"}`)
	})
	return server
}

var esc = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace

// world tries sources, keywords and channels for real: with the kinds
// themselves, by HTTP, at the publishers of a rig.
type world struct {
	r        *rig
	client   *outside.Client
	cache    *pull.Cache
	resolver *pull.Resolver
}

// newWorld gives a rig the world to try things in.
func newWorld(t testing.TB, r *rig) {
	t.Helper()
	w := &world{r: r, client: outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Clock: r.clock,
		Logger: slog.New(slog.DiscardHandler)})}
	w.cache = pull.NewCache(store.NewSnapshots(mem.Open(store.Options{})), r.clock)
	w.resolver = &pull.Resolver{Cache: w.cache, Clock: r.clock}
	t.Cleanup(func() { w.cache.Close(); w.client.Close() })
	r.trials.source, r.trials.keyword, r.trials.channel = w.source, w.keyword, w.channel
}

func (w *world) open(p catalogue.Publisher, s catalogue.Source) (pull.Source, error) {
	all := []sources.Kind{feed.Kind, quote.Kind, text.Kind}
	i := slices.IndexFunc(all, func(k sources.Kind) bool { return k.Name == s.Kind })
	filled := all[i].New()
	if err := settings.FillWith(filled, s.Settings, checks()); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return filled.Open(sources.Env{ID: s.ID, Languages: p.Languages, Client: w.client, Clock: w.r.clock,
		Logger: slog.New(slog.DiscardHandler), Folder: w.r.t.TempDir()})
}

func (w *world) source(s catalogue.Source, q pull.Query) (trial console.Trial) {
	ctx := outside.Record(context.Background(), func(e outside.Exchange) {
		trial.Requests = append(trial.Requests, console.Exchange{Method: e.Method, URL: e.URL, Status: e.Status, Bytes: e.Bytes, Millis: 12.3, Error: e.Err})
	})
	source, err := w.open(lecker(), s)
	if err != nil {
		return console.Trial{Err: err}
	}
	if v, ok := source.(pull.Vocabulary); ok {
		trial.Terms = v.Terms(nil)
		trial.AllTerms = len(trial.Terms)
	}
	if q.Argument == "" && s.Kind == "quote" && len(trial.Terms) > 0 {
		q.Argument = trial.Terms[0].Value
	}
	key, err := source.Key(q)
	if err != nil {
		trial.Err = err
		return trial
	}
	snapshot, err := source.Fetch(ctx, key, nil)
	if err != nil {
		trial.Err = err
		return trial
	}
	trial.Fetched, trial.Warnings, trial.Took = snapshot.Fetched, snapshot.Warnings, 140*time.Millisecond
	found, err := source.Select(ctx, snapshot, q)
	trial.Items, trial.Err = found.Items, err
	return trial
}

func (w *world) keyword(k catalogue.Keyword, a pull.Ask) (pull.Resolved, error) {
	o := w.r.Publisher(a.Publisher)
	p := o.Publisher
	p.Keywords = []catalogue.Keyword{k}
	opened, terms := map[string]pull.Opened{}, map[string]*what.Vocabulary{}
	for _, s := range p.Sources {
		source, err := w.open(p, s)
		if err != nil {
			return pull.Resolved{}, err
		}
		opened[s.ID] = pull.Opened{Source: source, Freshness: s.Freshness, Mark: fmt.Sprint(s.Settings)}
		if v, ok := source.(pull.Vocabulary); ok {
			terms[s.ID] = what.NewVocabulary(v.Terms(nil))
		}
	}
	e, err := pull.NewEdition(p, opened, nil, terms, nil)
	if err != nil {
		return pull.Resolved{}, err
	}
	return w.resolver.Resolve(context.Background(), pull.Request{Edition: e, Ask: a, Reader: who.Reader{First: a.At.Add(-time.Hour), Language: a.Language}, Like: k.ID}), nil
}

func (w *world) channel(c catalogue.Channel) (messengers.Messenger, error) {
	filled := telegram.Kind.New()
	if c.Kind == "webchat" {
		filled = webchat.Kind.New()
	}
	if err := settings.FillWith(filled, c.Settings, checks()); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return filled.Open(messengers.Env{Publisher: "lecker", ID: c.ID, Client: w.client, Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
}

// reachable is lecker with its sources at a press, a written answer and a bot.
func reachable(url string) catalogue.Publisher {
	p := lecker()
	p.Sources[0].Settings = map[string]any{"url": url + "/feed.xml"}
	p.Sources[1].Settings = map[string]any{"url": url + "/price?s={symbol}", "format": "json", "price": "price", "change": "change", "currency": "currency",
		"symbols": []any{map[string]any{"symbol": "SAP", "name": "SAP SE"}, map[string]any{"symbol": "WIPRO", "name": "Wipro Limited"}}}
	p.Sources = append(p.Sources, catalogue.Source{ID: "hours", Kind: "text", Settings: map[string]any{"answers": []any{map[string]any{"text": "We are open from 9 to 17."}}}})
	p.Channels = []catalogue.Channel{
		{ID: "tg", Kind: "telegram", Settings: map[string]any{"token": "123456:AAExtoken", "updates": "poll", "api_base": url}},
		{ID: "web", Kind: "webchat", Settings: map[string]any{"title": "Lecker"}},
	}
	return p
}
