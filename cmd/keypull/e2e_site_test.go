package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// newsSite is a foreign web server with feeds, which the test changes, slows
// down and takes away.
type newsSite struct {
	*httptest.Server
	clock *testClock
	mu    sync.Mutex
	feeds map[string]*newsFeed
}

// newsFeed is one feed of a site and who asked for it.
type newsFeed struct {
	site  *newsSite
	path  string
	title string
	link  string
	// raw, where set, is sent in place of the feed.
	raw http.HandlerFunc
	// each, where set, makes the title of every request.
	each         func(request int) string
	etag         string
	lastModified string
	// hold, where set, is waited for before answering.
	hold     chan struct{}
	down     bool
	requests []http.Header
	statuses []int
}

func newNewsSite(t testing.TB) *newsSite {
	s := &newsSite{clock: &testClock{}, feeds: map[string]*newsFeed{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// Close lets go whoever is held up, and ends the server.
func (s *newsSite) Close() {
	s.mu.Lock()
	for _, f := range s.feeds {
		f.release()
	}
	s.mu.Unlock()
	s.CloseClientConnections()
	s.Server.Close()
}

// feed opens a feed with one item.
func (s *newsSite) feed(path, title string) *newsFeed {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &newsFeed{site: s, path: path, title: title, link: "https://news.example/" + path}
	s.feeds["/"+path] = f
	return f
}

func (f *newsFeed) url() string { return f.site.URL + "/" + f.path }

// change alters a feed under the site's lock.
func (f *newsFeed) change(g func(*newsFeed)) {
	f.site.mu.Lock()
	defer f.site.mu.Unlock()
	g(f)
}

// release ends a hold. The site's lock is held.
func (f *newsFeed) release() {
	if f.hold != nil {
		close(f.hold)
		f.hold = nil
	}
}

// asked returns the headers of the requests so far, and the answers' statuses.
func (f *newsFeed) asked() ([]http.Header, []int) {
	f.site.mu.Lock()
	defer f.site.mu.Unlock()
	return append([]http.Header(nil), f.requests...), append([]int(nil), f.statuses...)
}

func (f *newsFeed) count() int {
	headers, _ := f.asked()
	return len(headers)
}

func (s *newsSite) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat))
	s.mu.Lock()
	f := s.feeds[r.URL.Path]
	if f == nil {
		s.mu.Unlock()
		http.NotFound(w, r)
		return
	}
	f.requests = append(f.requests, r.Header.Clone())
	if f.each != nil {
		f.title = f.each(len(f.requests))
	}
	hold := f.hold
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f.answer(w, r)
}

func (f *newsFeed) answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case f.down:
		f.statuses = append(f.statuses, 0)
		panic(http.ErrAbortHandler)
	case f.raw != nil:
		f.statuses = append(f.statuses, http.StatusOK)
		f.raw(w, r)
		return
	}
	if f.etag != "" {
		w.Header()["ETag"] = []string{f.etag}
	}
	if f.lastModified != "" {
		w.Header().Set("Last-Modified", f.lastModified)
	}
	if f.etag != "" && r.Header.Get("If-None-Match") == f.etag {
		f.statuses = append(f.statuses, http.StatusNotModified)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f.statuses = append(f.statuses, http.StatusOK)
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	_, _ = fmt.Fprint(w, rssFeed(rssItem(f.title, f.link, f.site.clock.Now())))
}

// rssFeed returns a feed of items.
func rssFeed(items string) string {
	return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title><link>https://news.example/</link>` +
		items + `</channel></rss>`
}

// rssItem returns one item; title and link stand in it as they are.
func rssItem(title, link string, at time.Time) string {
	return `<item><title>` + title + `</title><link>` + link + `</link><guid isPermaLink="false">` + title + `</guid><pubDate>` +
		at.UTC().Format(time.RFC1123Z) + `</pubDate></item>`
}
