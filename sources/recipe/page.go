package recipe

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
)

// workers is how many pages are under way at a time; the client limits how
// many of them are at one host.
const workers = 8

// pageRef is a page to go through; stamp is the sitemap's lastmod.
type pageRef struct{ url, stamp string }

// readPages goes through web pages. Only the end of ctx ends it early.
func (s *source) readPages(ctx context.Context, b *book, pages []pageRef) error {
	var g errgroup.Group
	g.SetLimit(workers)
	for _, p := range pages {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			b.add(s.readPage(ctx, b, p))
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &pull.Error{Kind: pull.Crowded, Op: op, Hint: "there was no time left to go through all pages", Err: err}
	}
	return nil
}

// readPage brings one page, or finds that it is what it was.
func (s *source) readPage(ctx context.Context, b *book, p pageRef) read {
	old, items, known := b.kept(p.url)
	if known && p.stamp != "" && p.stamp == old.Stamp {
		return read{page: p.url, record: old, items: items}
	}
	r := outside.Request{URL: p.url, MaxBytes: maxPageBytes, Header: map[string]string{"Accept": "text/html, application/ld+json, */*;q=0.5"}}
	if known {
		r.ETag, r.LastModified = old.ETag, old.LastModified
	}
	res, err := s.client.Do(ctx, r)
	if err != nil {
		return read{page: p.url, asked: 1, err: sources.Failed(op, "urls", err)}
	}
	came := read{page: p.url, asked: 1, fetched: res.Fetched, expires: res.Expires, notBefore: res.RetryAt}
	came.record = record{ETag: res.ETag, LastModified: res.LastModified, Stamp: p.stamp, Items: old.Items}
	if res.Status == http.StatusNotModified && known {
		came.items = items
		return came
	}
	if res.Status != http.StatusOK {
		came.err = sources.Refused(op, "urls", res)
		return came
	}
	came.changed = true
	d := document{body: res.Body, base: res.URL, id: p.url, contentType: res.Header.Get("Content-Type")}
	return s.parse(ctx, came, d, p.stamp == "" && s.settings.Sitemap == "")
}

// parse reads the recipes of a page. demand makes it a failure that there is
// none: a sitemap may well list other pages.
func (s *source) parse(ctx context.Context, r read, d document, demand bool) read {
	r.items, r.err = sources.Parse(ctx, op, func() ([]what.Item, error) { return d.recipes(), nil })
	if r.err == nil && len(r.items) == 0 && demand {
		r.err = &pull.Error{Kind: pull.Unusable, Op: op, Hint: "this page holds no recipe; it needs schema.org Recipe data as JSON-LD"}
	}
	r.record.Items = nil
	for _, it := range r.items {
		r.record.Items = append(r.record.Items, it.ID)
	}
	return r
}
