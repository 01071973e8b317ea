package archive

import (
	"context"
	"errors"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

const (
	// notePrefix begins the keys of the notes of pages, which are written some at a time.
	notePrefix = "p:"
	notedAfter = 20
	// lookAgainAfter is how long a page without lastmod is not looked at again.
	lookAgainAfter = 24 * time.Hour
)

// budget bounds the crawl: no end of the process costs more than the pages of one fetch.
var budget = crawl.Budget{
	MaxPages: 100_000, MaxSitemaps: 500, SitemapBytes: 16 << 20, PageBytes: 4 << 20,
	AtOnce: 400, Again: 50, AgainAfter: lookAgainAfter, TryAgain: lookAgainAfter,
}

// toCrawl returns what a crawl needs to know of the source.
func (s *source) toCrawl() crawl.Site {
	return crawl.Site{
		Op: op, Client: s.env.Client, Clock: s.env.Clock, Request: s.newRequest, Keeps: true, Budget: budget,
		Turn:  func(ctx context.Context, page string) error { return s.robots.Turn(ctx, page, 0) },
		Skips: func(ref crawl.Ref) bool { return !s.from.IsZero() && stampBefore(ref.Stamp, s.from) },
		Say: func(found crawl.Finding, _ int) words.Text {
			if found == crawl.NoSitemap || found == crawl.SpoiltSitemap {
				return own.Text("no_sitemap", nil)
			}
			return words.Text{}
		},
	}
}

// stampBefore reports whether the day of a lastmod is before a moment.
func stampBefore(stamp string, from time.Time) bool {
	const day = len("2006-01-02")
	return len(stamp) >= day && stamp[:day] < from.UTC().Format(time.DateOnly)
}

// listNamedPages lists the pages that the settings name, and forgets those that they named before.
func (g *collector) listNamedPages(ctx context.Context) {
	refs := make([]crawl.Ref, 0, len(g.settings.Pages))
	for _, page := range g.settings.Pages {
		refs = append(refs, crawl.Ref{URL: page})
	}
	for address, p := range g.Pages {
		if p.In == crawl.Named && !slices.Contains(g.settings.Pages, address) && g.index.Delete(ctx, p.Items...) == nil {
			p.Items, p.Seen, g.Changed = nil, max(p.Seen, 1), true
			g.Pages[address] = p
		}
	}
	g.List(crawl.Named, refs)
}

// readLists lists the pages that others link on their own site, and lets go of those that none links any more, once all
// were read in this fetch.
func (g *collector) readLists(ctx context.Context) {
	linked, whole := map[string]bool{}, len(g.settings.Lists) > 0
	for _, address := range g.settings.Lists {
		pages := g.readList(ctx, address)
		whole = whole && len(pages) > 0
		for _, at := range pages {
			linked[at] = true
		}
	}
	g.ListLinked(linked, whole)
}

// readList returns the pages that one links on its own site; nil where it has not changed, or failed, which is noted.
// What is sent with each request goes to its own host alone.
func (g *collector) readList(ctx context.Context, address string) []string {
	const types = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
	res := g.fetchDocument(ctx, "lists", address, types, int64(budget.PageBytes))
	if res == nil {
		return nil
	}
	d := sources.Document{URL: res.URL, Type: res.Header.Get("Content-Type"), Body: res.Body}
	carries := len(g.settings.On(outside.Request{}).Header) > 0
	linked, err := sources.RunParser(ctx, op, func() ([]string, error) {
		return slices.DeleteFunc(d.Listed(), func(at string) bool { return carries && !sources.SameHost(address, at) }), nil
	})
	if err == nil && len(linked) == 0 {
		err = &pull.Error{Kind: pull.Unusable, Op: op, Field: "lists", Hint: own.Text("no_list", nil)}
	}
	if err != nil {
		g.forgetUnreadable(address, err)
		return nil
	}
	return linked
}

// readListedPages reads the pages that are due. Where there is nothing else, they say by themselves whether the site answers.
func (g *collector) readListedPages(ctx context.Context) {
	g.ReadPages(ctx, g.readPage, func(v *crawl.Visit) {
		g.answered++
		if v.Gone {
			_ = g.index.Delete(ctx, v.Before.Items...)
		}
		if g.Touched() >= notedAfter {
			g.savePages(ctx)
		}
	})
	g.Lock()
	defer g.Unlock()
	g.savePages(context.WithoutCancel(ctx))
	alone := g.settings.Sitemap == "" && len(g.settings.Lists) == 0 && g.settings.Articles == "" && g.file == "" && len(g.settings.Feeds) == 0
	if alone && g.answered == 0 && len(g.Failures) > 0 {
		g.failed = g.Failures[0]
	}
	for _, p := range g.Pages {
		if p.NeedsReading() {
			g.left++
		}
	}
}

// savePages notes what became of pages; the lock is held.
func (g *collector) savePages(ctx context.Context) {
	err := g.Save(ctx, nil)
	if errors.Is(err, fulltext.ErrFull) {
		if err = g.dropOldest(ctx); err == nil {
			err = g.Save(ctx, nil)
		}
	}
	if err != nil && ctx.Err() == nil {
		g.env.Logger.Warn("what became of pages is not noted", "error", err)
	}
}

// readPage keeps the article of a page that came.
func (g *collector) readPage(ctx context.Context, v *crawl.Visit) {
	res := v.Response
	v.Response = outside.Response{RetryAt: res.RetryAt}
	// A page that is no article any more leaves that which it was.
	v.Page.Items = v.Before.Items
	a, err := sources.RunParser(ctx, op, func() (article, error) { return pageArticle(res, v.Address, g.env.Zone, g.env.Languages) })
	if err != nil || len(a.Paragraphs) == 0 {
		return
	}
	v.Page.Items = []string{a.ID}
	a.Seen = g.firstSeen(ctx, a)
	g.putArticles(ctx, a)
	if a.ID != v.Address {
		// What its feed told of it stands under the address.
		_ = g.index.Delete(ctx, v.Address)
	}
}
