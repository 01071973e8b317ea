package crawl

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// sitemap is what is remembered of one.
type sitemap struct {
	URL          string `json:"url"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Stamp        string `json:"stamp,omitempty"`
	// Read says that its pages are among those that are known.
	Read bool `json:"read,omitempty"`
}

// ReadSitemaps reads the sitemap at an address, and those that it names as long as half of
// the time lasts: first what was not read before. One whose lastmod is what it was lists
// what it listed.
func (c *Crawl) ReadSitemaps(ctx context.Context, address string) error {
	if c.Root.URL != address || len(c.Pages) == 0 {
		c.Root = sitemap{URL: address}
	}
	root, same, err := c.readSitemap(ctx, c.Root)
	if err != nil || same {
		return err
	}
	c.Over += root.Over
	whole := root.Over == 0 && len(root.Sitemaps) == 0
	if len(root.Pages) > 0 {
		whole = c.List(0, root.Pages) && whole
	}
	// Whether those that it names have changed is not known by it.
	if c.Root.Read = whole; !whole {
		c.Root = sitemap{URL: address}
	}
	half, cancel := HalfTime(ctx)
	defer cancel()
	c.readNamed(half, root.Sitemaps)
	if len(c.Pages) == 0 && !c.Unlisted && !c.Keeps {
		return c.wrongSitemap(EmptySitemap, nil)
	}
	return nil
}

// readNamed reads the sitemaps that another one names.
func (c *Crawl) readNamed(ctx context.Context, refs []Ref) {
	if len(refs) == c.MaxSitemaps {
		c.addWarning(c.Say(ManySitemaps, c.MaxSitemaps))
	}
	numbers := c.numberSitemaps(refs)
	slices.SortStableFunc(refs, func(a, b Ref) int {
		return sources.CompareBools(c.Sitemaps[numbers[a.URL]-1].Read, c.Sitemaps[numbers[b.URL]-1].Read)
	})
	for _, ref := range refs {
		known := &c.Sitemaps[numbers[ref.URL]-1]
		if known.Read && ref.Stamp != "" && ref.Stamp == known.Stamp {
			continue
		}
		if ctx.Err() != nil || c.shouldPause() {
			c.Unlisted = c.Unlisted || !known.Read
			continue
		}
		was := *known
		l, same, err := c.readSitemap(ctx, was)
		c.Over += l.Over
		switch {
		case err != nil:
			c.addWarning(AboutPage(ref.URL, words.Said(err)))
			// One that answers, but not with a sitemap, is not waited for.
			c.Unlisted = c.Unlisted || !was.Read && pull.KindOf(err) != pull.Unusable
		case same:
			known.Stamp = ref.Stamp
		default:
			whole := c.List(numbers[ref.URL], l.Pages) && l.Over == 0
			*known = sitemap{URL: ref.URL, ETag: l.etag, LastModified: l.lastModified, Stamp: ref.Stamp, Read: whole}
		}
	}
}

// numberSitemaps gives every sitemap its number, those that are known the one they
// have; the pages of those that are gone go too.
func (c *Crawl) numberSitemaps(refs []Ref) map[string]int {
	numbers := make(map[string]int, len(refs))
	listed := make(map[string]bool, len(refs))
	for _, ref := range refs {
		listed[ref.URL] = true
	}
	for i := range c.Sitemaps {
		if m := &c.Sitemaps[i]; listed[m.URL] {
			numbers[m.URL] = i + 1
		} else if m.URL != "" {
			*m = sitemap{}
			c.List(i+1, nil)
		}
	}
	for _, ref := range refs {
		if numbers[ref.URL] == 0 {
			c.Sitemaps = append(c.Sitemaps, sitemap{URL: ref.URL})
			numbers[ref.URL] = len(c.Sitemaps)
		}
	}
	return numbers
}

// listed is what a sitemap lists, with what makes the next request for it conditional.
type listed struct {
	Listing
	etag, lastModified string
}

// readSitemap brings a sitemap, conditionally where it was read before; same says that
// it is what it was.
func (c *Crawl) readSitemap(ctx context.Context, known sitemap) (l listed, same bool, err error) {
	o := sources.Opening{Op: c.Op, Field: "sitemap", Request: c.Request(known.URL, "application/xml, text/xml, */*;q=0.5", int64(c.SitemapBytes))}
	held := known.Read && (known.ETag != "" || known.LastModified != "")
	res, same, _, err := o.If(held, pull.Validators{ETag: known.ETag, LastModified: known.LastModified}).Open(ctx, c.Client)
	c.Asked++
	if err != nil {
		return l, false, err //nolint:wrapcheck // it is worded as errors of sources are
	}
	if c.Answered != nil {
		c.Answered(res)
	}
	if same {
		return l, true, nil
	}
	l.Listing, err = sources.RunParser(ctx, c.Op, func() (Listing, error) {
		return Sitemap(res.Body, res.URL, Limits{Pages: c.MaxPages, Sitemaps: c.MaxSitemaps, Bytes: 4 * c.SitemapBytes})
	})
	l.etag, l.lastModified = res.ETag, res.LastModified
	if l.Cut {
		c.addWarning(c.Say(LongSitemap, 0))
	}
	switch {
	case errors.Is(err, ErrZip):
		return l, false, c.wrongSitemap(SpoiltSitemap, err)
	case errors.Is(err, ErrNone):
		return l, false, c.wrongSitemap(NoSitemap, nil)
	case err != nil:
		return l, false, err //nolint:wrapcheck // it is worded as errors of sources are
	}
	l.Pages, l.Sitemaps = c.passOver(Unique(l.Pages)), c.passOver(Unique(l.Sitemaps))
	return l, false, nil
}

// passOver returns what of a sitemap is not skipped.
func (c *Crawl) passOver(refs []Ref) []Ref {
	if c.Skips == nil {
		return refs
	}
	return slices.DeleteFunc(refs, c.Skips)
}

// wrongSitemap returns the error of a sitemap that cannot be used.
func (c *Crawl) wrongSitemap(found Finding, err error) error {
	return &pull.Error{Kind: pull.Unusable, Op: c.Op, Field: "sitemap", Hint: c.Say(found, 0), Err: err}
}

// ListPage takes on a page that no sitemap lists, as a feed does: one that a sitemap
// lists goes by that.
func (c *Crawl) ListPage(ref Ref) {
	c.Lock()
	defer c.Unlock()
	if p := c.Pages[ref.URL]; p.Seen == 0 || p.In == Unlisted || p.In == Linked {
		c.takeOn(Unlisted, ref)
	}
}

// ListLinked takes on pages that others link: what is known of one otherwise goes before. Where they are the whole of it,
// those that were linked before are let go.
func (c *Crawl) ListLinked(linked map[string]bool, whole bool) {
	c.Lock()
	defer c.Unlock()
	for _, address := range slices.Sorted(maps.Keys(linked)) {
		if p, known := c.Pages[address]; !known || p.In == Unlisted && p.Stamp == "" && p.Listed == "" {
			c.takeOn(Linked, Ref{URL: address})
		}
	}
	for address, p := range c.Pages {
		if whole && p.In == Linked && !linked[address] {
			c.letGo(address, p)
		}
	}
}

// List replaces the pages that a sitemap listed before by those it lists now, and
// reports whether there was room for all. number is the sitemap's, from 1; 0 if there
// is only one list.
func (c *Crawl) List(number int, refs []Ref) (whole bool) {
	c.Lock()
	defer c.Unlock()
	whole = true
	if c.listingShrunk(number, refs) {
		c.addWarning(c.Say(ListingShrunk, len(refs)))
		return true
	}
	now := make(map[string]bool, len(refs))
	for _, ref := range refs {
		now[ref.URL] = true
		if !c.takeOn(number, ref) {
			c.Over++
			whole = false
		}
	}
	for address, p := range c.Pages {
		if p.In == number && !now[address] {
			c.letGo(address, p)
		}
	}
	return whole
}

// takeOn notes how a page is listed, or reports that there is no room for it.
func (c *Crawl) takeOn(number int, ref Ref) bool {
	p, known := c.Pages[ref.URL]
	if !known && len(c.Pages) >= c.MaxPages {
		return false
	}
	was := p
	p.In, p.Listed = number, ref.Stamp
	if p.Seen > 0 && p.Stamp == ref.Stamp {
		p.Listed = ""
	}
	if !known || was.In != p.In || was.Listed != p.Listed || p.Seen == 0 {
		c.touched[ref.URL] = true
	}
	c.Pages[ref.URL] = p
	return true
}

// letGo removes a page that is listed no more, or marks it where what it holds stays.
func (c *Crawl) letGo(address string, p Page) {
	c.touched[address] = true
	if c.Keeps && (p.Seen == 0 || len(p.Items) > 0) {
		p.In = Unlisted
		c.Pages[address] = p
		return
	}
	if c.Dropped != nil {
		c.Dropped(p)
	}
	delete(c.Pages, address)
}

// listingShrunk reports whether a site's sitemap suddenly lists next to nothing: what
// it listed stays, and goes page by page when these are gone.
func (c *Crawl) listingShrunk(number int, refs []Ref) bool {
	const many, shrunk = 10, 10 // pages, percent
	if c.index == nil || c.Keeps || refs == nil {
		return false
	}
	had := 0
	for _, p := range c.Pages {
		if p.In == number {
			had++
		}
	}
	return had >= many && len(refs)*100 <= had*shrunk
}

// Turns returns the pages to be read, the newest first, and those to be looked at again,
// that which was not looked at for the longest time first. Those that need neither are good.
func (c *Crawl) Turns() (due, again []string) {
	now := c.Clock()
	for address, p := range c.Pages {
		seen := now.Sub(time.Unix(p.Seen, 0))
		switch {
		case p.NeedsReading():
			due = append(due, address)
		case p.Failed > 0 && seen >= c.TryAgain, p.Failed == 0 && p.Stamp == "" && p.In != Unlisted && seen >= c.AgainAfter:
			again = append(again, address)
		default:
			c.Good++
		}
	}
	slices.SortFunc(due, c.NewerFirst)
	slices.SortFunc(again, func(x, y string) int {
		return cmp.Or(cmp.Compare(c.Pages[x].Seen, c.Pages[y].Seen), strings.Compare(x, y))
	})
	if len(again) > c.Again {
		c.Good += len(again) - c.Again
		again = again[:c.Again]
	}
	return due, again
}

// NewerFirst orders pages by their rank, then by their lastmod.
func (c *Crawl) NewerFirst(x, y string) int {
	p, q := c.Pages[x], c.Pages[y]
	rank := 0
	if c.Rank != nil {
		rank = cmp.Compare(c.Rank(y), c.Rank(x))
	}
	return cmp.Or(rank, strings.Compare(q.now(), p.now()), strings.Compare(x, y))
}
