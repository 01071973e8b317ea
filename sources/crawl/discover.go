package crawl

import (
	"bytes"

	"keypull/pull/words"
	"keypull/sources"
)

// Discover takes a sitemap for a kind whose setting of that name it may be; nobody knows
// yet what its pages hold.
func Discover(d sources.Document, phrase words.Text, most Limits) (sources.Found, bool) {
	const maxHead, shown = 2 << 10, 3
	head := d.Body[:min(len(d.Body), maxHead)]
	zipped := bytes.HasPrefix(head, []byte{0x1F, 0x8B})
	if !zipped && !bytes.Contains(head, []byte("<urlset")) && !bytes.Contains(head, []byte("<sitemapindex")) {
		return sources.Found{}, false
	}
	l, err := Sitemap(d.Body, d.URL, most)
	if err != nil {
		return sources.Found{}, false
	}
	f := sources.Found{Title: d.Host(), Form: "Sitemap", Settings: map[string]any{"sitemap": d.Address}, Phrase: phrase, Needs: true}
	for _, i := range sources.SpreadSamples(len(l.Pages)) {
		f.Samples = append(f.Samples, l.Pages[i].URL)
	}
	for _, ref := range append(l.Pages, l.Sitemaps...)[:min(len(l.Pages)+len(l.Sitemaps), shown)] {
		f.Shows = append(f.Shows, ref.URL)
	}
	if len(l.Pages) == 0 && len(l.Sitemaps) > 0 {
		f.Samples = []string{l.Sitemaps[0].URL, l.Sitemaps[len(l.Sitemaps)-1].URL}
	}
	return f, true
}
