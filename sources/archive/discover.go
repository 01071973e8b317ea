package archive

import (
	"net/http"
	"slices"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
)

var (
	_ sources.Discoverer = (*Settings)(nil)
	_ sources.Recogniser = (*Settings)(nil)
	_ sources.Gatherer   = (*Settings)(nil)
)

// asked is what an archive that was found is asked by.
var asked = words.Text{Key: "asked.archive"}

// Discover takes a sitemap, whose pages may be articles.
func (*Settings) Discover(d sources.Document) []sources.Found {
	f, ok := crawl.Discover(d, asked, crawl.Limits{Pages: budget.MaxPages, Sitemaps: budget.MaxSitemaps, Bytes: budget.SitemapBytes})
	if !ok {
		return nil
	}
	f.Articles = true
	return []sources.Found{f}
}

// Recognises says whether a page has a text that may answer something.
func (*Settings) Recognises(d sources.Document) bool {
	const least = 80
	a, err := pageArticle(outside.Response{URL: d.URL, Body: d.Body, Header: http.Header{"Content-Type": {d.Type}}}, d.URL, nil, nil)
	return err == nil && textBytes(a.Paragraphs) >= least
}

// Gather takes all of them, for a site of which no sitemap was found.
func (*Settings) Gather(site string, lists, pages []string) (f sources.Found, ok bool) {
	const fewest, most = 3, 200
	if len(lists) == 0 && len(pages) < fewest {
		return f, false
	}
	settings := map[string]any{}
	if len(lists) > 0 {
		settings["lists"] = lists
	}
	if len(pages) > 0 {
		settings["pages"] = pages[:min(len(pages), most)]
	}
	shows := slices.Concat(lists, pages)
	return sources.Found{Title: site, Form: "HTML", Phrase: asked, Needs: true, Listed: true, Settings: settings, Shows: shows[:min(len(shows), fewest)]}, true
}
