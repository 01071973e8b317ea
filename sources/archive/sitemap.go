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

// readSitemaps reads the sitemap and those that it names, the newest first.
func (g *collector) readSitemaps(ctx context.Context) {
	root, ok := g.readSitemap(ctx, g.settings.Sitemap)
	if !ok {
		return
	}
	more := root.Sitemaps[:min(len(root.Sitemaps), maxSitemaps)]
	for _, ref := range more {
		if ctx.Err() != nil {
			return
		}
		if !g.from.IsZero() && stampBefore(ref.Stamp, g.from) {
			continue
		}
		g.readSitemap(ctx, ref.URL)
	}
}

// readSitemap reads one sitemap and lists its pages.
func (g *collector) readSitemap(ctx context.Context, address string) (crawl.Listing, bool) {
	res := g.fetchDocument(ctx, "sitemap", address, "application/xml, text/xml, */*;q=0.5", maxSitemapBytes)
	if res == nil {
		return crawl.Listing{}, false
	}
	body, url := res.Body, res.URL
	res.Body = nil
	l, err := sources.RunParser(ctx, op, func() (crawl.Listing, error) { return parseSitemap(body, url) })
	if err != nil {
		g.forgetUnreadable(address, err)
		return crawl.Listing{}, false
	}
	if len(l.Sitemaps) > 0 {
		// Whether those that it names have changed is not known by it.
		g.mu.Lock()
		delete(g.kept.Validators, address)
		g.mu.Unlock()
	}
	for _, ref := range l.Pages {
		if g.from.IsZero() || !stampBefore(ref.Stamp, g.from) {
			g.listPage(ref)
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
