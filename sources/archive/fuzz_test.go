package archive

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"keypull/pull/outside"
)

// FuzzWhatAnOutletSendsIsReadOrRefused reads anything as a sitemap, a feed and a page:
// none may fail otherwise than by an error, nor give what is no text.
func FuzzWhatAnOutletSendsIsReadOrRefused(f *testing.F) {
	for _, seed := range []string{
		`<urlset><url><loc>https://example.org/a</loc><lastmod>2026-04-01</lastmod></url></urlset>`,
		`<sitemapindex><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>`,
		`<rss><channel><item><title>A</title><link>/a</link><description>&lt;p>One.&lt;p>Two.</description></item></channel></rss>`,
		`<html lang="en"><script type="application/ld+json">{"@type":"NewsArticle","headline":"A","articleBody":"One.\n\nTwo.","datePublished":"2026-03-02"}</script></html>`,
		`<html><meta property="article:published_time" content="2026-13-45"><article><h1>A</h1><p>One.</p></article></html>`,
	} {
		f.Add([]byte(seed))
	}
	const base = "https://example.org/a"
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			return
		}
		_, _ = parseSitemap(body, base)
		_, _ = parseFeed(body, base, at, time.UTC)
		a, err := ofPage(outside.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: body}, base, time.UTC)
		if err != nil {
			return
		}
		for _, p := range append(a.Paragraphs, a.Title) {
			if !utf8.ValidString(p) {
				t.Errorf("%q is no text", p)
			}
		}
		for _, p := range a.Paragraphs {
			if strings.TrimSpace(p) == "" {
				t.Errorf("an empty paragraph of %q", body)
			}
		}
	})
}
