package crawl

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"keypull/pull"
)

// workers is how many pages are under way at a time; the client limits how
// many of them are at one host.
const workers = 4

// Reserve is how long at most before its end a fetch stops asking, so that what it
// has is handed over in time.
const Reserve = 5 * time.Second

// InTime returns the context for requests, which ends before ctx does.
func InTime(ctx context.Context) (context.Context, context.CancelFunc) {
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
