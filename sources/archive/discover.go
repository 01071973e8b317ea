package archive

import (
	"net/http"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
)

var (
	_ sources.Discoverer = (*Settings)(nil)
	_ sources.Recogniser = (*Settings)(nil)
)

// Discover takes a sitemap, whose pages may be articles.
func (*Settings) Discover(d sources.Document) []sources.Found {
	f, ok := crawl.Discover(d, words.Text{Key: "asked.archive"}, crawl.Limits{Pages: budget.MaxPages, Sitemaps: budget.MaxSitemaps, Bytes: budget.SitemapBytes})
	if !ok {
		return nil
	}
	return []sources.Found{f}
}

// Recognises says whether a page is an article.
func (*Settings) Recognises(d sources.Document) bool {
	const fewest, least = 3, 400
	a, err := pageArticle(outside.Response{URL: d.URL, Body: d.Body, Header: http.Header{"Content-Type": {d.Type}}}, d.URL, nil, nil)
	return err == nil && !a.Published.IsZero() && len(a.Paragraphs) >= fewest && textBytes(a.Paragraphs) >= least
}
