package archive

import (
	"bytes"
	"net/http"
	"net/url"

	"keypull/pull/outside"
	"keypull/sources"
)

var (
	_ sources.Discoverer = (*Settings)(nil)
	_ sources.Recogniser = (*Settings)(nil)
)

// Discover takes a sitemap, whose pages may be articles.
func (*Settings) Discover(d sources.Document) []sources.Found {
	head := d.Body[:min(len(d.Body), 2<<10)]
	zipped := bytes.HasPrefix(head, []byte{0x1F, 0x8B})
	if !zipped && !bytes.Contains(head, []byte("<urlset")) && !bytes.Contains(head, []byte("<sitemapindex")) {
		return nil
	}
	l, err := parseSitemap(d.Body, d.URL)
	if err != nil {
		return nil
	}
	f := sources.Found{Form: "Sitemap", Settings: map[string]any{"sitemap": d.Address}, Phrase: own.Text("phrase", nil), Needs: true}
	if u, err := url.Parse(d.URL); err == nil {
		f.Title = u.Hostname()
	}
	for _, i := range sources.SpreadSamples(len(l.Pages)) {
		f.Samples = append(f.Samples, l.Pages[i].URL)
	}
	if len(l.Pages) == 0 && len(l.Sitemaps) > 0 {
		f.Samples = []string{l.Sitemaps[0].URL, l.Sitemaps[len(l.Sitemaps)-1].URL}
	}
	return []sources.Found{f}
}

// Recognises says whether a page is an article.
func (*Settings) Recognises(d sources.Document) bool {
	const fewest, least = 3, 400
	a, err := pageArticle(outside.Response{URL: d.URL, Body: d.Body, Header: http.Header{"Content-Type": {d.Type}}}, d.URL, nil, nil)
	return err == nil && !a.Published.IsZero() && len(a.Paragraphs) >= fewest && textBytes(a.Paragraphs) >= least
}
