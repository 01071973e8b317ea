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
	// maxFailures is how often a page is tried that fails.
	maxFailures = 3
	// lookAgainAfter is how long a page without lastmod is not looked at again, maxStale how
	// many such pages one fetch looks at.
	lookAgainAfter = 24 * time.Hour
	maxStale       = 50
	// notePrefix begins the keys of the notes of pages.
	notePrefix = "p:"
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

// loadKnownPages reads from the index what is known of pages.
func (g *collector) loadKnownPages(ctx context.Context) error {
	return g.index.Notes(ctx, notePrefix, func(key string, value []byte) bool { //nolint:wrapcheck // newCollector wraps it
		var p page
		if json.Unmarshal(value, &p) == nil {
			g.pages[strings.TrimPrefix(key, notePrefix)] = &p
		}
		return len(g.pages) < 2*maxPages
	})
}

// listPage notes that a feed or a sitemap lists a page.
func (g *collector) listPage(ref crawl.Ref) {
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

// stampBefore reports whether the day of a lastmod is before a moment.
func stampBefore(stamp string, from time.Time) bool {
	const day = len("2006-01-02")
	return len(stamp) >= day && stamp[:day] < from.UTC().Format(time.DateOnly)
}

// unreadPages returns the pages to be read: those that are new or have changed, the newest
// first, then some that have no lastmod and were not looked at for long.
func (g *collector) unreadPages() (fresh, stale []string) {
	now := g.env.Clock()
	for address, p := range g.pages {
		switch {
		case !p.due && (p.Seen > 0 || p.Failed >= maxFailures):
		case p.Failed >= maxFailures && p.Stamp == p.listed:
		case p.Seen == 0, p.listed != "" && p.listed != p.Stamp:
			fresh = append(fresh, address)
		case p.listed == "" && now.Sub(time.Unix(p.Seen, 0)) > lookAgainAfter:
			stale = append(stale, address)
		}
	}
	slices.SortFunc(fresh, func(a, b string) int {
		return cmp.Or(cmp.Compare(g.pages[b].listed, g.pages[a].listed), cmp.Compare(a, b))
	})
	slices.SortFunc(stale, func(a, b string) int {
		return cmp.Or(cmp.Compare(g.pages[a].Seen, g.pages[b].Seen), cmp.Compare(a, b))
	})
	return fresh, stale[:min(len(stale), maxStale)]
}

// readListedPages reads the pages that are due, side by side, until ctx ends.
func (g *collector) readListedPages(ctx context.Context) {
	fresh, stale := g.unreadPages()
	g.listed = len(fresh)
	turn := slices.Concat(fresh[:min(len(fresh), atOnce)], stale)
	crawl.EachPage(ctx, turn, func() bool { return false }, func(address string) { g.readPage(ctx, address) })
	left, _ := g.unreadPages()
	g.left = len(left)
}

// readPage reads one page and keeps its article.
func (g *collector) readPage(ctx context.Context, address string) {
	g.countRobots(address)
	if err := g.robots.Turn(ctx, address, 0); err != nil {
		if pull.KindOf(err) == pull.Denied {
			g.notePage(ctx, address, page{}, false)
		}
		return
	}
	g.mu.Lock()
	p := *g.pages[address]
	g.requests++
	g.mu.Unlock()
	r := g.newRequest(address, "text/html, application/xhtml+xml;q=0.9, */*;q=0.5", maxPageBytes)
	r.ETag, r.LastModified = p.ETag, p.LastModified
	res, err := g.env.Client.Do(ctx, r)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil || res.Status >= http.StatusInternalServerError || res.Status == http.StatusTooManyRequests:
		p.Failed++
		g.notePage(ctx, address, p, false)
		return
	case res.Status == http.StatusNotModified:
	case res.Status == http.StatusNotFound || res.Status == http.StatusGone:
		_ = g.index.Delete(ctx, p.ID)
		p.ID = ""
	case res.Status == http.StatusOK:
		a, err := sources.RunParser(ctx, op, func() (article, error) { return pageArticle(res, address, g.env.Zone, g.env.Languages) })
		if err == nil && len(a.Paragraphs) > 0 {
			p.ID = a.ID
			a.Seen = g.firstSeen(ctx, a)
			g.putArticles(ctx, a)
			if a.ID != address {
				// What its feed told of it stands under the address.
				_ = g.index.Delete(ctx, address)
			}
		}
	}
	p.ETag, p.LastModified, p.Failed = res.ETag, res.LastModified, 0
	g.notePage(ctx, address, p, true)
}

// notePage records how the reading of a page ended.
func (g *collector) notePage(ctx context.Context, address string, p page, read bool) {
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
		err = g.index.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error { return b.Note(ctx, notePrefix+address, value) })
	}
	if err != nil && ctx.Err() == nil {
		g.env.Logger.Warn("what became of a page is not noted", "error", err)
	}
}

// countRobots counts the request for the rules of a host, which is made once a day.
func (g *collector) countRobots(address string) {
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
