package crawl

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// workers is how many pages are under way at a time; the client limits how
// many of them are at one host.
const workers = 4

// Reserve is how long at most before its end a fetch stops asking, so that what it
// has is handed over in time.
const Reserve = 5 * time.Second

// InTime returns the context for requests, which ends before ctx does: in the background,
// but for a single document, which a reader may wait for.
func InTime(ctx context.Context, single bool) (context.Context, context.CancelFunc) {
	if !single {
		ctx = outside.InBackground(ctx)
	}
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, end.Add(-min(Reserve, time.Until(end)/6)))
}

// HalfTime returns a context for half of the time that is left: of a site with very
// many sitemaps some pages are had before all are read.
func HalfTime(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, end.Add(-time.Until(end)/2))
}

// EachPage calls read for pages in their order, some side by side, until ctx ends or over
// returns true, and returns when none is under way any more. A panic of read is caught.
func EachPage(ctx context.Context, pages []string, over func() bool, read func(page string)) {
	var g errgroup.Group
	g.SetLimit(workers)
	for _, page := range pages {
		if ctx.Err() != nil || over() {
			break
		}
		g.Go(func() (err error) {
			defer pull.Caught("read a page", &err)
			// It may have ended while this page waited its turn.
			if !over() {
				read(page)
			}
			return nil
		})
	}
	_ = g.Wait() // a page that failed is tried again
}

// Visit is how a page came.
type Visit struct {
	Address string
	// Before is what was known of the page, Page what is now.
	Before, Page Page
	Response     outside.Response
	// Items are what was read of it.
	Items []what.Item
	// Same says that the page is what it was, Gone that it is there no more.
	Same, Gone bool
	Err        error
	asked      int
}

// ReadPages reads what is due, and looks again at what has no lastmod. It ends early with
// ctx, and where the server falls silent. read reads the document of a page that came, some
// side by side; done is told of each page that came, one at a time with the lock held,
// before that is noted.
func (c *Crawl) ReadPages(ctx context.Context, read func(context.Context, *Visit), done func(*Visit)) {
	due, again := c.Turns()
	if len(due) > c.AtOnce {
		due, again = due[:c.AtOnce], nil
	}
	for _, pages := range [][]string{due, again} {
		EachPage(ctx, pages, c.shouldPause, func(address string) {
			v := c.visitPage(ctx, address, read)
			if v.Err == nil || ctx.Err() == nil {
				c.Record(v, done)
			}
		})
	}
}

// Visiting returns a visit to a page that begins now.
func (c *Crawl) Visiting(address string) *Visit {
	c.Lock()
	defer c.Unlock()
	v := &Visit{Address: address, Before: c.Pages[address]}
	v.Page = Page{Stamp: v.Before.now(), Seen: c.Clock().Unix(), In: v.Before.In}
	return v
}

// visitPage brings one page, or finds that it is what it was. A panic is the error of the page.
func (c *Crawl) visitPage(ctx context.Context, address string, read func(context.Context, *Visit)) (v *Visit) {
	v = c.Visiting(address)
	defer pull.Caught("read "+address, &v.Err)
	if c.Turn != nil {
		if v.Err = c.Turn(ctx, address); v.Err != nil {
			return v
		}
	}
	old := v.Before
	o := sources.Opening{Op: c.Op, Field: c.Field, Request: c.Request(address, "text/html, application/xhtml+xml, application/ld+json, */*;q=0.5", int64(c.PageBytes))}
	o = o.If(old.Seen > 0 && old.Failed == 0 && old.Left == 0, pull.Validators{ETag: old.ETag, LastModified: old.LastModified})
	v.asked = 1
	v.Response, v.Same, _, v.Err = o.Open(ctx, c.Client)
	v.Page.ETag, v.Page.LastModified = v.Response.ETag, v.Response.LastModified
	switch {
	case v.Same:
		v.Page.Items, v.Page.Doubts = old.Items, old.Doubts
		v.Page.ETag, v.Page.LastModified = cmp.Or(v.Page.ETag, old.ETag), cmp.Or(v.Page.LastModified, old.LastModified)
	case c.index != nil && (v.Response.Status == http.StatusNotFound || v.Response.Status == http.StatusGone):
		// What it held goes with it.
		v.Gone, v.Err, v.Page.Failed = true, nil, 1
	case v.Err == nil:
		// A page that came is read, though it was the last there was time for.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Reserve/2)
		defer cancel()
		read(ctx, v)
	}
	return v
}

// Record notes how a visit ended. A page that brought nothing keeps what it had; one that
// answered is not asked again before all others, nor one that stays silent time and again.
func (c *Crawl) Record(v *Visit, done func(*Visit)) {
	const maxTries = 3
	c.Lock()
	defer c.Unlock()
	c.Asked += v.asked
	if v.Response.RetryAt.After(c.NotBefore) {
		c.NotBefore = v.Response.RetryAt
	}
	c.touched[v.Address] = true
	if v.Err == nil {
		c.Good++
		c.silent = 0
		c.Changed = c.Changed || !v.Same
		done(v)
		if c.Pages[v.Address] = v.Page; v.Gone && v.Page.In == Unlisted {
			delete(c.Pages, v.Address)
		}
		return
	}
	if len(c.Failures) < maxTold {
		c.Failures = append(c.Failures, v.Err)
	}
	c.addWarning(AboutPage(v.Address, words.Said(v.Err)))
	old := c.Pages[v.Address]
	if old.Failed++; isSilence(v.Err) {
		c.silent++
	} else {
		c.silent = 0
	}
	if !isSilence(v.Err) || old.Failed >= maxTries {
		old.Seen, old.Stamp, old.Listed = max(old.Seen, v.Page.Seen), old.now(), ""
	}
	c.Pages[v.Address] = old
}
