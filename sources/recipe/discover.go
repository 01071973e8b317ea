package recipe

import (
	"bytes"
	"net/url"

	"keypull/pull/words"
	"keypull/sources"
)

var _ sources.Discoverer = (*Settings)(nil)

// maxHead is how far into a document its first element is looked for.
const maxHead = 2 << 10

// Discover takes a page that holds recipes, and a sitemap, of which nobody knows
// yet what its pages hold.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if f, ok := ofSitemap(d); ok {
		return []sources.Found{f}
	}
	doc := document{body: d.Body[:min(len(d.Body), maxPageBytes)], base: d.URL, id: d.Address, contentType: d.Type}
	items := doc.recipes()
	if len(items) == 0 {
		return nil
	}
	f := sources.Found{Title: items[0].Title, Form: form, Settings: map[string]any{"urls": []any{d.Address}}, Phrase: words.Verbatim(items[0].Title)}
	if len(items) > 1 {
		f.Phrase, f.Needs = own.Text("phrase", nil), true
	}
	for _, it := range items {
		f.Shows = append(f.Shows, it.Title)
	}
	return []sources.Found{f}
}

// form is what pages write recipes in.
const form = "schema.org"

func ofSitemap(d sources.Document) (sources.Found, bool) {
	head := d.Body[:min(len(d.Body), maxHead)]
	zipped := bytes.HasPrefix(head, []byte{0x1F, 0x8B})
	if !zipped && !bytes.Contains(head, []byte("<urlset")) && !bytes.Contains(head, []byte("<sitemapindex")) {
		return sources.Found{}, false
	}
	l, err := parseSitemap(d.Body, d.URL)
	if err != nil {
		return sources.Found{}, false
	}
	f := sources.Found{Form: "Sitemap", Settings: map[string]any{"sitemap": d.Address}, Phrase: own.Text("phrase", nil), Needs: true}
	if u, err := url.Parse(d.URL); err == nil {
		f.Title = u.Hostname()
	}
	for i := range min(len(l.Pages), 3) {
		f.Samples = append(f.Samples, l.Pages[i*len(l.Pages)/3].URL)
	}
	for _, ref := range append(l.Pages, l.Sitemaps...)[:min(len(l.Pages)+len(l.Sitemaps), 3)] {
		f.Shows = append(f.Shows, ref.URL)
	}
	if len(l.Pages) == 0 && len(l.Sitemaps) > 0 {
		f.Samples = []string{l.Sitemaps[0].URL, l.Sitemaps[len(l.Sitemaps)-1].URL}
	}
	return f, true
}
