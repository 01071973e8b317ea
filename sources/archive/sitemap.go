package archive

import (
	"context"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/crawl"
)

// Limits of sitemaps.
const (
	maxSitemapBytes = 16 << 20
	maxSitemaps     = 500
	maxPages        = 50_000
)

// sitemaps goes through the sitemap and those that it names, the newest first.
func (g *gathering) sitemaps(ctx context.Context) {
	root, ok := g.sitemap(ctx, g.settings.Sitemap)
	if !ok {
		return
	}
	more := root.Sitemaps[:min(len(root.Sitemaps), maxSitemaps)]
	for _, ref := range more {
		if ctx.Err() != nil {
			return
		}
		if !g.from.IsZero() && old(ref.Stamp, g.from) {
			continue
		}
		g.sitemap(ctx, ref.URL)
	}
}

// sitemap reads one and lists its pages.
func (g *gathering) sitemap(ctx context.Context, address string) (crawl.Listing, bool) {
	res := g.get(ctx, "sitemap", address, "application/xml, text/xml, */*;q=0.5", maxSitemapBytes)
	if res == nil {
		return crawl.Listing{}, false
	}
	body, url := res.Body, res.URL
	res.Body = nil
	l, err := sources.RunParser(ctx, op, func() (crawl.Listing, error) { return parseSitemap(body, url) })
	if err != nil {
		g.unread(address, err)
		return crawl.Listing{}, false
	}
	if len(l.Sitemaps) > 0 {
		// Whether those that it names have changed is not known by it.
		g.mu.Lock()
		delete(g.kept.Validators, address)
		g.mu.Unlock()
	}
	for _, ref := range l.Pages {
		if g.from.IsZero() || !old(ref.Stamp, g.from) {
			g.list(ref)
		}
	}
	return l, true
}

// parseSitemap reads a sitemap.
func parseSitemap(body []byte, base string) (crawl.Listing, error) {
	l, err := crawl.Sitemap(body, base, crawl.Limits{Pages: maxPages, Sitemaps: maxSitemaps, Bytes: 4 * maxSitemapBytes})
	if err != nil {
		return l, &pull.Error{Kind: pull.Unusable, Op: op, Field: "sitemap", Hint: own.Text("no_sitemap", nil), Err: err}
	}
	return l, nil
}
