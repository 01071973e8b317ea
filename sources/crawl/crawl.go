package crawl

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/fulltext"
)

// Page is what is remembered of a page between fetches.
type Page struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Stamp is the sitemap's lastmod, or a file's time and size, when the page
	// was read: while it is the same, the page need not be asked for. Listed is
	// what it has become since; "" if it is the same.
	Stamp  string `json:"stamp,omitempty"`
	Listed string `json:"listed,omitempty"`
	// Seen is when the page was last looked at, in seconds; 0 before it was.
	Seen int64 `json:"seen,omitempty"`
	// Failed is how often in a row it held nothing that could be used, or did not come.
	Failed int `json:"tries,omitempty"`
	// In is the number of the sitemap that lists it, from 1; Unlisted if none does any more.
	In int `json:"in,omitempty"`
	// Items are the ids of what it holds, Left counts what of it there was no room for.
	Items []string `json:"items,omitempty"`
	Left  int      `json:"left,omitempty"`
	// Doubts are what editors are told of the page, for as long as it is as it was.
	Doubts []words.Text `json:"doubts,omitempty"`
}

// Unlisted is the sitemap of pages that none lists any more, Named that of pages that the settings name, Linked that of
// pages that others link.
const (
	Unlisted = -1
	Named    = -2
	Linked   = -3
)

// UnmarshalJSON reads what was noted of a page, now or by versions before this one.
func (p *Page) UnmarshalJSON(data []byte) error {
	type plain Page
	var noted struct {
		plain
		// What recipes and archives noted until 0.4.
		HasFailed   bool   `json:"failed"`
		OldStamp    string `json:"s"`
		OldItem     string `json:"i"`
		OldETag     string `json:"e"`
		OldModified string `json:"m"`
		OldSeen     int64  `json:"t"`
		OldFailed   int    `json:"f"`
	}
	if err := json.Unmarshal(data, &noted); err != nil {
		return err //nolint:wrapcheck // it says what is wrong
	}
	*p = Page(noted.plain)
	p.Stamp, p.ETag, p.LastModified = p.Stamp+noted.OldStamp, p.ETag+noted.OldETag, p.LastModified+noted.OldModified
	p.Seen, p.Failed = p.Seen+noted.OldSeen, p.Failed+noted.OldFailed
	if noted.HasFailed {
		p.Failed++
	}
	if noted.OldItem != "" {
		p.Items = append(p.Items, noted.OldItem)
	}
	return nil
}

// NeedsReading reports whether a page is to be read before those that are only looked
// at again.
func (p Page) NeedsReading() bool { return p.Seen == 0 || p.Listed != "" }

// now returns the lastmod of a page that is read now.
func (p Page) now() string { return cmp.Or(p.Listed, p.Stamp) }

// progress is what is noted of a crawl beside its pages.
type progress struct {
	Sitemaps []sitemap `json:"sitemaps,omitempty"`
	// Root is the sitemap that the editor named.
	Root sitemap `json:"root,omitzero"`
	// Revision tells the index from what it was before.
	Revision int `json:"revision"`
}

// Site is what a kind says of a crawl.
type Site struct {
	// Op is what errors call a fetch, Field the setting of a page's address.
	Op, Field string
	Client    *outside.Client
	Clock     func() time.Time
	// Request makes the request for an address; nil for a plain one.
	Request func(address, types string, most int64) outside.Request
	// Turn waits until a page may be asked for, or says why it may not; nil to wait for none.
	Turn func(ctx context.Context, page string) error
	// Say words what was found for editors; the zero Text is not told them.
	Say func(found Finding, count int) words.Text
	// Answered is told of each sitemap that came; it may be nil.
	Answered func(outside.Response)
	// Skips reports what of a sitemap is passed over; it may be nil.
	Skips func(Ref) bool
	// Rank of an address: those of a higher one are read first; it may be nil.
	Rank func(address string) int
	// Keeps says that what a sitemap lists no more stays.
	Keeps bool
	Budget
}

// Finding is what editors may be told of a site's sitemaps.
type Finding int

// A sitemap that lists far fewer pages than it did; more sitemaps than are read; one longer
// than is read; one that can't be unzipped; one that is none; one that lists nothing.
const (
	ListingShrunk Finding = iota
	ManySitemaps
	LongSitemap
	SpoiltSitemap
	NoSitemap
	EmptySitemap
)

// Budget bounds a crawl.
type Budget struct {
	// MaxPages, MaxSitemaps and SitemapBytes bound what is taken on, PageBytes one page.
	MaxPages, MaxSitemaps, SitemapBytes, PageBytes int
	// AtOnce is how many pages that are new one fetch reads at most, Again how many it
	// looks at again that tell no time of their own, each after AgainAfter.
	AtOnce, Again int
	AgainAfter    time.Duration
	// TryAgain is how long a page is left alone that could not be used.
	TryAgain time.Duration
}

// Crawl goes through the pages of a site for one fetch, from where the last one ended.
// Its lock guards what it holds while pages are read; its methods take it themselves.
type Crawl struct {
	Site
	mu    sync.Mutex
	Pages map[string]Page
	// Asked counts the requests, Good what came, or need not be asked for.
	Asked, Good int
	Failures    []error
	Warnings    []words.Text
	// Changed says that a page changed.
	Changed bool
	// Over counts the pages and sitemaps that were listed and not taken on; Unlisted
	// says that there are pages that no list names yet.
	Over     int
	Unlisted bool
	// NotBefore is until when the server wants to be left alone.
	NotBefore time.Time
	// Dropped is told of pages that are listed no more; it may be nil.
	Dropped func(Page)

	progress
	// silent counts the failures in a row that were no answer.
	silent int
	// index keeps what is noted, under the prefix; nil if the snapshot does. touched are
	// the pages that are not noted yet.
	index   *fulltext.Index
	prefix  string
	touched map[string]bool
}

// Lock locks what the crawl holds, for those who look at it or change it; Unlock unlocks it.
func (c *Crawl) Lock() { c.mu.Lock() }

// Unlock unlocks what Lock locked.
func (c *Crawl) Unlock() { c.mu.Unlock() }

// New returns a crawl that knows some pages.
func New(s Site, pages map[string]Page) *Crawl {
	if pages == nil {
		pages = map[string]Page{}
	}
	if s.Request == nil {
		s.Request = sources.Accepting
	}
	return &Crawl{Site: s, Pages: pages, touched: map[string]bool{}}
}

// progressNote is the key of what is noted beside the pages.
const progressNote = "site"

// Load returns a crawl that goes on with what an index notes, its pages under a prefix.
func Load(ctx context.Context, s Site, x *fulltext.Index, prefix string) (*Crawl, error) {
	c := New(s, nil)
	c.index, c.prefix = x, prefix
	noted, err := x.Note(ctx, progressNote)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what failed
	}
	if json.Unmarshal(noted, &c.progress) != nil {
		// Nothing is noted: the crawl begins.
		c.progress = progress{}
	}
	pages, err := x.Notes(ctx, prefix, 2*s.MaxPages)
	for key, value := range pages {
		var p Page
		if json.Unmarshal(value, &p) == nil {
			c.Pages[strings.TrimPrefix(key, prefix)] = p
		}
	}
	return c, err //nolint:wrapcheck // it says what failed
}

// Revision tells what is held from what it was before.
func (c *Crawl) Revision() int { return c.progress.Revision }

// Touched counts the pages that are not noted yet; the lock is held.
func (c *Crawl) Touched() int { return len(c.touched) }

// Save notes what became of pages, with more that is written at once; it is another
// revision where that is not nil. The lock is held.
func (c *Crawl) Save(ctx context.Context, more func(context.Context, *fulltext.Batch) error) error {
	if more != nil {
		c.progress.Revision++
	}
	err := c.index.Update(ctx, func(ctx context.Context, batch *fulltext.Batch) error {
		if more != nil {
			if err := more(ctx, batch); err != nil {
				return err
			}
		}
		for address := range c.touched {
			if err := c.notePage(ctx, batch, address); err != nil {
				return err
			}
		}
		noted, err := json.Marshal(c.progress)
		if err != nil {
			return err //nolint:wrapcheck // it says what failed
		}
		return batch.Note(ctx, progressNote, noted) //nolint:wrapcheck // it says what failed
	})
	if err == nil {
		clear(c.touched)
	}
	return err //nolint:wrapcheck // it says what failed
}

// notePage notes what is known of a page, or removes all of one that is listed no more.
func (c *Crawl) notePage(ctx context.Context, batch *fulltext.Batch, address string) error {
	var noted []byte
	if p, ok := c.Pages[address]; ok {
		var err error
		if noted, err = json.Marshal(p); err != nil {
			return err //nolint:wrapcheck // it says what failed
		}
	} else if err := batch.Drop(ctx, address); err != nil {
		return err //nolint:wrapcheck // it says what failed
	}
	return batch.Note(ctx, c.prefix+address, noted) //nolint:wrapcheck // it says what failed
}

// Unread counts the pages that were never read.
func (c *Crawl) Unread() int {
	n := 0
	for _, p := range c.Pages {
		if p.Seen == 0 {
			n++
		}
	}
	return n
}

// AboutPage returns a text prefixed with the page it is about.
func AboutPage(page string, said words.Text) words.Text {
	return words.Text{Key: "fetch.because", Args: words.Args{"what": page, "reason": said}}
}

// maxTold is how many failures and warnings are kept.
const maxTold = 200

// addWarning adds a warning for editors.
func (c *Crawl) addWarning(said words.Text) {
	if said.Key != "" && len(c.Warnings) < maxTold {
		c.Warnings = append(c.Warnings, said)
	}
}

// shouldPause reports whether the server should be left alone for now.
func (c *Crawl) shouldPause() bool {
	// maxSilent is how many pages in a row may stay silent before the rest is left
	// to the next fetch.
	const maxSilent = 10
	c.Lock()
	defer c.Unlock()
	return c.silent >= maxSilent || c.NotBefore.After(c.Clock())
}

// isSilence reports whether an error is no answer, or one that asks for patience.
func isSilence(err error) bool {
	switch pull.KindOf(err) {
	case pull.Unavailable, pull.Crowded, pull.Limited:
		return true
	}
	return false
}
