package archive

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

const (
	// atOnce is how many pages one fetch reads at most: no end of the process costs
	// more than those.
	atOnce = 400
	// failures is how often a page is tried that fails.
	failures = 3
	// again is after how long a page without lastmod is looked at once more, many how
	// many such pages one fetch looks at.
	again = 24 * time.Hour
	many  = 50
	// noted is how the notes of pages begin.
	noted = "p:"
)

// page is what is known of a page.
type page struct {
	// Stamp is the lastmod under which it was read, ID its article: "" where it is none.
	Stamp string `json:"s,omitempty"`
	ID    string `json:"i,omitempty"`
	// ETag and LastModified make the next request conditional; Seen is when it was read
	// last, in seconds, Failed how often it failed since.
	ETag         string `json:"e,omitempty"`
	LastModified string `json:"m,omitempty"`
	Seen         int64  `json:"t,omitempty"`
	Failed       int    `json:"f,omitempty"`
	// listed is the lastmod by which it is listed now, due says that it is listed.
	listed string
	due    bool
}

// readPagesKnown reads what is known of pages.
func (g *gathering) readPagesKnown(ctx context.Context) error {
	return g.index.Notes(ctx, noted, func(key string, value []byte) bool { //nolint:wrapcheck // begin wraps it
		var p page
		if json.Unmarshal(value, &p) == nil {
			g.pages[strings.TrimPrefix(key, noted)] = &p
		}
		return len(g.pages) < 2*maxPages
	})
}

// list notes that a page is there.
func (g *gathering) list(ref crawl.Ref) {
	p := g.pages[ref.URL]
	if p == nil {
		if len(g.pages) >= 2*maxPages {
			return
		}
		p = &page{}
		g.pages[ref.URL] = p
	}
	p.listed, p.due = ref.Stamp, true
}

// old says whether a lastmod is before a moment.
func old(stamp string, from time.Time) bool {
	const day = len("2006-01-02")
	return len(stamp) >= day && stamp[:day] < from.UTC().Format(time.DateOnly)
}

// unread lists the pages to be read: those that are new or have changed, the newest
// first, then some that have no lastmod and were not looked at for long.
func (g *gathering) unreadPages() (fresh, stale []string) {
	now := g.env.Clock()
	for address, p := range g.pages {
		switch {
		case !p.due && (p.Seen > 0 || p.Failed >= failures):
		case p.Failed >= failures && p.Stamp == p.listed:
		case p.Seen == 0, p.listed != "" && p.listed != p.Stamp:
			fresh = append(fresh, address)
		case p.listed == "" && now.Sub(time.Unix(p.Seen, 0)) > again:
			stale = append(stale, address)
		}
	}
	slices.SortFunc(fresh, func(a, b string) int {
		return cmp.Or(cmp.Compare(g.pages[b].listed, g.pages[a].listed), cmp.Compare(a, b))
	})
	slices.SortFunc(stale, func(a, b string) int {
		return cmp.Or(cmp.Compare(g.pages[a].Seen, g.pages[b].Seen), cmp.Compare(a, b))
	})
	return fresh, stale[:min(len(stale), many)]
}

// read reads pages, side by side, until the time is up.
func (g *gathering) read(ctx context.Context) {
	fresh, stale := g.unreadPages()
	g.listed = len(fresh)
	turn := slices.Concat(fresh[:min(len(fresh), atOnce)], stale)
	crawl.Pages(ctx, turn, func() bool { return false }, func(address string) { g.page(ctx, address) })
	left, _ := g.unreadPages()
	g.left = len(left)
}

// page reads one page and keeps its article.
func (g *gathering) page(ctx context.Context, address string) {
	g.countRobots(address)
	if err := g.robots.Turn(ctx, address, 0); err != nil {
		if pull.KindOf(err) == pull.Denied {
			g.done(ctx, address, page{}, false)
		}
		return
	}
	g.mu.Lock()
	p := *g.pages[address]
	g.requests++
	g.mu.Unlock()
	r := g.request(address, "text/html, application/xhtml+xml;q=0.9, */*;q=0.5", maxPageBytes)
	r.ETag, r.LastModified = p.ETag, p.LastModified
	res, err := g.env.Client.Do(ctx, r)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil || res.Status >= http.StatusInternalServerError || res.Status == http.StatusTooManyRequests:
		p.Failed++
		g.done(ctx, address, p, false)
		return
	case res.Status == http.StatusNotModified:
	case res.Status == http.StatusNotFound || res.Status == http.StatusGone:
		_ = g.index.Delete(ctx, p.ID)
		p.ID = ""
	case res.Status == http.StatusOK:
		a, err := sources.RunParser(ctx, op, func() (article, error) { return ofPage(res, address, g.env.Zone, g.env.Languages) })
		if err == nil && len(a.Paragraphs) > 0 {
			p.ID = a.ID
			a.Seen = g.seen(ctx, a)
			g.put(ctx, a)
			if a.ID != address {
				// What its feed told of it stands under the address.
				_ = g.index.Delete(ctx, address)
			}
		}
	}
	p.ETag, p.LastModified, p.Failed = res.ETag, res.LastModified, 0
	g.done(ctx, address, p, true)
}

// done notes what became of a page.
func (g *gathering) done(ctx context.Context, address string, p page, read bool) {
	g.mu.Lock()
	known := g.pages[address]
	p.listed, p.due, p.Seen = known.listed, known.due, g.env.Clock().Unix()
	if read || p.Failed == 0 {
		p.Stamp = p.listed
	} else {
		p.Seen = known.Seen
	}
	*known = p
	g.changed = g.changed || read
	g.mu.Unlock()
	value, err := json.Marshal(p)
	if err == nil {
		err = g.index.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error { return b.Note(ctx, noted+address, value) })
	}
	if err != nil && ctx.Err() == nil {
		g.env.Logger.Warn("what became of a page is not noted", "error", err)
	}
}

// countRobots counts the request for the rules of a host, which is made once a day.
func (g *gathering) countRobots(address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	g.source.mu.Lock()
	first := !g.hosts[u.Host]
	g.hosts[u.Host] = true
	g.source.mu.Unlock()
	if first {
		g.mu.Lock()
		g.requests++
		g.mu.Unlock()
	}
}

// maxPageBytes is how long a page may be.
const maxPageBytes = 4 << 20
