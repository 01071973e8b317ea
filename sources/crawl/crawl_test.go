package crawl_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/sources/crawl"
)

// told returns a listing in one line.
func told(l crawl.Listing) string {
	var b strings.Builder
	for _, r := range l.Pages {
		fmt.Fprintf(&b, "%s@%s ", r.URL, r.Stamp)
	}
	for _, r := range l.Sitemaps {
		fmt.Fprintf(&b, "[%s@%s] ", r.URL, r.Stamp)
	}
	if l.Over > 0 {
		fmt.Fprintf(&b, "+%d ", l.Over)
	}
	return strings.TrimSpace(b.String())
}

func TestASitemapIsReadAsItIsWritten(t *testing.T) {
	const base = "https://n.example/map.xml"
	for name, c := range map[string]struct {
		text, want string
		err        error
	}{
		"pages":               {`<?xml version="1.0"?><urlset><url><loc>https://n.example/a</loc><lastmod>2026-11-20</lastmod></url><url><loc> /b?x=1&amp;y=2 </loc></url></urlset>`, "https://n.example/a@2026-11-20 https://n.example/b?x=1&y=2@", nil},
		"an index":            {`<sitemapindex><sitemap><loc>https://n.example/1.xml.gz</loc><lastmod>2026</lastmod></sitemap></sitemapindex>`, "[https://n.example/1.xml.gz@2026]", nil},
		"with a prefix":       {`<s:urlset><s:url><s:loc><![CDATA[https://n.example/a]]></s:loc></s:url></s:urlset>`, "https://n.example/a@", nil},
		"pictures in between": {`<urlset><url><image:image><image:loc>https://n.example/p.jpg</image:loc></image:image><loc>https://n.example/a</loc></url></urlset>`, "https://n.example/a@", nil},
		"news":                {`<urlset><url><loc>https://n.example/a</loc><news:news><news:publication_date>2026-11-21T08:00:00Z</news:publication_date></news:news></url></urlset>`, "https://n.example/a@2026-11-21T08:00:00Z", nil},
		"news with lastmod":   {`<urlset><url><loc>https://n.example/a</loc><news:news><news:publication_date>2026-11-21</news:publication_date></news:news><lastmod>2026-11-22</lastmod></url></urlset>`, "https://n.example/a@2026-11-22", nil},
		"left out":            {`<urlset><!-- <url><loc>https://n.example/x</loc></url> --><url><loc>https://n.example/a</loc></url></urlset>`, "https://n.example/a@", nil},
		"never closed":        {`<urlset><url><loc>https://n.example/a</loc><url><loc>https://n.example/b</loc></url>`, "https://n.example/a@ https://n.example/b@", nil},
		"unsafe":              {`<urlset><url><loc>javascript:alert(1)</loc></url><url><loc>https://n.example/a</loc></url></urlset>`, "https://n.example/a@", nil},
		"too many":            {`<urlset>` + strings.Repeat(`<url><loc>https://n.example/a</loc></url>`, 5) + `</urlset>`, "https://n.example/a@ https://n.example/a@ https://n.example/a@ +2", nil},
		"no sitemap":          {`<html><body>Not found</body></html>`, "", crawl.ErrNone},
		"no zip":              {"\x1f\x8bnothing", "", crawl.ErrZip},
	} {
		t.Run(name, func(t *testing.T) {
			most := crawl.Limits{Pages: 3, Sitemaps: 3, Bytes: 1 << 20}
			l, err := crawl.Sitemap([]byte(c.text), base, most)
			if got := told(l); got != c.want || !errors.Is(err, c.err) {
				t.Errorf("%q, %v; want %q, %v", got, err, c.want, c.err)
			}
			if c.err != nil {
				return
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write([]byte(c.text))
			_ = z.Close()
			if l, err = crawl.Sitemap(b.Bytes(), base, most); told(l) != c.want || err != nil || l.Cut {
				t.Errorf("zipped %q, %v", told(l), err)
			}
		})
	}
}

func TestAZippedSitemapIsBounded(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(`<urlset><url><loc>https://n.example/a</loc></url>` + strings.Repeat(" ", 64<<20)))
	_ = z.Close()
	l, err := crawl.Sitemap(b.Bytes(), "https://n.example/", crawl.Limits{Pages: 3, Sitemaps: 3, Bytes: 1 << 20})
	if err != nil || !l.Cut || len(l.Pages) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestAFetchStopsAskingBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for whole, want := range map[time.Duration]time.Duration{6 * time.Second: 5 * time.Second, 10 * time.Minute: 10*time.Minute - 5*time.Second} {
			ctx, cancel := context.WithTimeout(t.Context(), whole)
			asking, end := crawl.InTime(ctx, true)
			at, ok := asking.Deadline()
			half, over := crawl.HalfTime(ctx)
			middle, _ := half.Deadline()
			if got := time.Until(at); !ok || got != want || time.Until(middle) != whole/2 {
				t.Errorf("of %s it asks for %s, and for half of it %s", whole, got, time.Until(middle))
			}
			end()
			over()
			cancel()
		}
		asking, end := crawl.InTime(t.Context(), false)
		defer end()
		if _, ok := asking.Deadline(); ok {
			t.Error("without an end it has one")
		}
	})
}

func TestPagesAreReadSideBySideUntilItIsOver(t *testing.T) {
	pages := make([]string, 50)
	for i := range pages {
		pages[i] = fmt.Sprint(i)
	}
	var mu sync.Mutex
	read, now, most := 0, 0, 0
	crawl.EachPage(t.Context(), pages, func() bool { return false }, func(page string) {
		mu.Lock()
		read, now = read+1, now+1
		most = max(most, now)
		mu.Unlock()
		if page == "7" {
			panic("a page that breaks it down")
		}
		time.Sleep(time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
	})
	if read != len(pages) || most > 5 {
		t.Errorf("%d were read, %d at once", read, most)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var after atomic.Int64
	crawl.EachPage(ctx, pages, func() bool { return false }, func(string) { after.Add(1); cancel() })
	if n := after.Load(); n == 0 || n > 10 {
		t.Errorf("%d were read after its end", n)
	}
	after.Store(0)
	crawl.EachPage(t.Context(), pages, func() bool { return after.Load() >= 3 }, func(string) { after.Add(1) })
	if n := after.Load(); n < 3 || n > 10 {
		t.Errorf("%d were read though it was over", n)
	}
}
