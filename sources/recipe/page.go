package recipe

import (
	"context"
	"net/http"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
)

// maxPageBytes is how long a page or a file may be.
const maxPageBytes = 4 << 20

// readPageSafely is readPage, with a panic returned as the error of the page.
func (s *source) readPageSafely(ctx context.Context, b *collector, page string) (r read) {
	r.page = page
	defer pull.Caught("read "+page, &r.err)
	return s.readPage(ctx, b, page)
}

// readPage brings one page, or finds that it is what it was.
func (s *source) readPage(ctx context.Context, b *collector, page string) read {
	old, items := b.knownPage(page)
	o := sources.Opening{Op: op, Field: "urls", Request: sources.Accepting(page, "text/html, application/ld+json, */*;q=0.5", maxPageBytes)}
	o = o.If(old.Seen > 0 && !old.Failed && old.Left == 0, pull.Validators{ETag: old.ETag, LastModified: old.LastModified})
	stamp := old.Stamp
	if old.Listed != "" {
		stamp = old.Listed
	}
	seen := s.clock().Unix()
	if b.waitTurn != nil {
		if err := b.waitTurn(ctx, page); err != nil {
			return read{page: page, record: record{Seen: seen}, err: err}
		}
	}
	res, same, _, err := o.Open(ctx, s.client)
	if err != nil && res.Status == 0 {
		return read{page: page, asked: 1, record: record{Seen: seen}, err: err}
	}
	came := read{page: page, asked: 1, fetched: res.Fetched, expires: res.Expires, notBefore: res.RetryAt}
	came.record = record{ETag: res.ETag, LastModified: res.LastModified, Stamp: stamp, Seen: seen}
	if same {
		came.items, came.record.Doubts = items, old.Doubts
		if came.record.ETag == "" {
			came.record.ETag = old.ETag
		}
		if came.record.LastModified == "" {
			came.record.LastModified = old.LastModified
		}
		return came
	}
	if b.index != nil && (res.Status == http.StatusNotFound || res.Status == http.StatusGone) {
		// The page is gone, and its recipes with it.
		came.changed, came.record.Failed = true, true
		return came
	}
	if came.err = err; err != nil {
		return came
	}
	came.changed = true
	// A page that came is read, though it was the last there was time for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), crawl.Reserve/2)
	defer cancel()
	d := document{body: res.Body, base: res.URL, id: page}
	return s.parsePage(ctx, came, d, res.Header.Get("Content-Type"), s.settings.Sitemap == "")
}

// knownPage returns what is remembered of a page, and its recipes.
func (b *collector) knownPage(page string) (record, []what.Item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.pages[page]
	items := make([]what.Item, 0, len(r.Items))
	for _, id := range r.Items {
		if it, ok := b.items[id]; ok {
			items = append(items, it)
		}
	}
	return r, items
}

// parsePage reads the recipes of a page. demand makes it a failure that there is
// none: a sitemap may well list other pages.
func (s *source) parsePage(ctx context.Context, r read, d document, contentType string, demand bool) read {
	d.zone, d.doubt = s.zone, func(said words.Text) { r.record.Doubts = append(r.record.Doubts, said) }
	r.items, r.err = sources.RunParser(ctx, op, func() ([]what.Item, error) {
		var guessed string
		if d.body, guessed = (sources.Encoded{Type: contentType, Languages: s.languages}).UTF8(d.body); guessed != "" {
			r.record.Doubts = sources.Warned(guessed, nil)
		}
		return d.readRecipes(), nil
	})
	r.record.Doubts = r.record.Doubts[:min(len(r.record.Doubts), maxDoubts)]
	if r.err == nil && len(r.items) == 0 && demand {
		r.err = &pull.Error{Kind: pull.Unusable, Op: op, Hint: own.Text("no_recipe", nil)}
	}
	return r
}
