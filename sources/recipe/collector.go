package recipe

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// Limits of one fetch: pages and sitemaps, and the bytes that a snapshot's recipes
// may take; pull.MaxSnapshotItems bounds how many there are.
const (
	maxPages         = 20_000
	maxSitemaps      = 1000
	maxSnapshotBytes = 16 << 20
)

// record is what is remembered of a page between fetches.
type record struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Stamp is the sitemap's lastmod, or a file's time and size, when the page
	// was read: while it is the same, the page need not be asked for. Listed is
	// what it has become since; "" if it is the same.
	Stamp  string `json:"stamp,omitempty"`
	Listed string `json:"listed,omitempty"`
	// Seen is when the page was last looked at, in seconds; 0 before it was.
	Seen int64 `json:"seen,omitempty"`
	// Failed says that it held nothing that could be used.
	Failed bool `json:"failed,omitempty"`
	// In is the number of the sitemap that lists it, from 1.
	In    int      `json:"in,omitempty"`
	Items []string `json:"items,omitempty"`
	// Left counts its recipes that are not held, since newer ones take the room.
	Left int `json:"left,omitempty"`
	// Doubts are what editors are told of the page, for as long as it is as it was.
	Doubts []words.Text `json:"doubts,omitempty"`
}

// maxDoubts bounds those of one page.
const maxDoubts = 4

// needsReading reports whether a page is to be read before those that are only looked
// at again.
func (r record) needsReading() bool { return r.Seen == 0 || r.Listed != "" }

// sitemap is what is remembered of one that an index names.
type sitemap struct {
	URL          string `json:"url"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Stamp        string `json:"stamp,omitempty"`
	// Read says that its pages are among the records.
	Read bool `json:"read,omitempty"`
}

func (s sitemap) hasValidators() bool { return s.ETag != "" || s.LastModified != "" }

// extra is what a snapshot keeps beside the recipes.
type extra struct {
	Pages map[string]record `json:"pages"`
	// Partial says that pages are still to be read.
	Partial bool `json:"partial,omitempty"`
}

// read is one page gone through.
type read struct {
	page    string
	record  record
	items   []what.Item
	changed bool
	// asked counts requests; fetched, expires and notBefore are the response's.
	asked                       int
	fetched, expires, notBefore time.Time
	err                         error
}

// collector gathers the pages of one fetch. Its methods are safe for concurrent use
// until its snapshot is made.
type collector struct {
	mu       sync.Mutex
	pages    map[string]record
	sitemaps []sitemap
	items    map[string]what.Item
	bytes    int
	// former are the ids of the last snapshot; nil if there is none.
	former map[string]bool
	// over counts the pages and sitemaps that were listed and not taken on.
	over     int
	unlisted bool
	changed  bool
	last     read
	good     int
	asked    int
	failures []error
	// silent counts the failures in a row that were no answer.
	silent    int
	notBefore time.Time
	warnings  []words.Text

	// index holds the recipes of a site, in place of items; nil without a sitemap. pending
	// are the pages that are not written yet, touched those whose records are not;
	// broken is the first error of writing. held counts the recipes, and before the
	// pages, when the crawl was opened.
	index *fulltext.Index
	// waitTurn waits until a page may be asked for, or says why it may not.
	waitTurn     func(ctx context.Context, page string) error
	pending      []read
	touched      map[string]bool
	broken       error
	revision     int
	held, before int
}

// touchPage notes that the record of a page of a site is to be written.
func (b *collector) touchPage(page string) {
	if b.index != nil {
		b.touched[page] = true
	}
}

// newCollector returns a collector with the pages and recipes of the last snapshot.
func newCollector(last *pull.Snapshot) *collector {
	b := &collector{pages: map[string]record{}, items: map[string]what.Item{}}
	if last == nil {
		return b
	}
	b.former = make(map[string]bool, len(last.Items))
	for _, it := range last.Items {
		b.former[it.ID] = true
	}
	var x extra
	if err := json.Unmarshal(last.Extra, &x); err != nil || x.Pages == nil {
		// Without its records every page is simply asked for anew.
		return b
	}
	for _, it := range last.Items {
		b.items[it.ID] = it
		b.bytes += itemBytes(it)
	}
	b.pages = x.Pages
	b.rereadLeftOut()
	return b
}

// rereadLeftOut marks pages as unread whose recipes were left out and now have room.
func (b *collector) rereadLeftOut() {
	room := pull.MaxSnapshotItems - len(b.items)
	if b.bytes > maxSnapshotBytes/2 {
		room = 0
	}
	var left []string
	for page, r := range b.pages {
		if r.Left > 0 {
			left = append(left, page)
		}
	}
	slices.SortFunc(left, b.newerFirst)
	for _, page := range left[:min(len(left), max(room, 0))] {
		r := b.pages[page]
		r.Seen, r.Left, r.ETag, r.LastModified = 0, 0, "", ""
		b.pages[page] = r
	}
}

// listPages replaces the pages that a sitemap listed before by those it lists now, and
// reports whether there was room for all. number is the sitemap's, from 1; 0 if there
// is only one list.
func (b *collector) listPages(number int, refs []crawl.Ref) (whole bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	whole = true
	if b.listingShrunk(number, refs) {
		b.warnings = append(b.warnings, own.Text("listing_shrunk", words.Args{"count": len(refs)}))
		return true
	}
	listed := make(map[string]bool, len(refs))
	for _, ref := range refs {
		listed[ref.URL] = true
		r, known := b.pages[ref.URL]
		if !known && len(b.pages) >= maxPages {
			b.over++
			whole = false
			continue
		}
		r.In, r.Listed = number, ref.Stamp
		if !b.hasAllItems(r) {
			r = record{In: number, Listed: ref.Stamp}
		}
		if r.Seen > 0 && r.Stamp == ref.Stamp {
			r.Listed = ""
		}
		if b.pages[ref.URL].differs(r) {
			b.touchPage(ref.URL)
		}
		b.pages[ref.URL] = r
	}
	for page, r := range b.pages {
		if r.In == number && !listed[page] {
			b.dropPage(page)
		}
	}
	return whole
}

// differs reports whether what a sitemap says of a page has changed, or the page
// is new.
func (r record) differs(now record) bool {
	return r.In != now.In || r.Listed != now.Listed || r.Seen != now.Seen || r.Stamp != now.Stamp || now.Seen == 0
}

// Bounds of a listing that is believed in place of a longer one.
const (
	manyListed   = 10
	listedShrunk = 10 // percent
)

// listingShrunk reports whether a site's sitemap suddenly lists next to nothing: what
// it listed stays, and goes page by page when these are gone.
func (b *collector) listingShrunk(number int, refs []crawl.Ref) bool {
	if b.index == nil {
		return false
	}
	had := 0
	for _, r := range b.pages {
		if r.In == number {
			had++
		}
	}
	return refs != nil && had >= manyListed && len(refs)*100 <= had*listedShrunk
}

// hasAllItems reports whether all recipes of a record are there.
func (b *collector) hasAllItems(r record) bool {
	return b.index != nil || !slices.ContainsFunc(r.Items, func(id string) bool { _, ok := b.items[id]; return !ok })
}

// dropPage removes a page with its recipes.
func (b *collector) dropPage(page string) {
	for _, id := range b.pages[page].Items {
		b.removeItem(id)
	}
	delete(b.pages, page)
	b.touchPage(page)
}

// removeItem removes the recipe of an id.
func (b *collector) removeItem(id string) {
	if it, ok := b.items[id]; ok {
		b.bytes -= itemBytes(it)
		delete(b.items, id)
	}
}

// itemBytes returns about how many bytes an item takes.
func itemBytes(it what.Item) int {
	n := 200 + len(it.ID) + len(it.Title) + len(it.Summary) + len(it.Link) + contentSize(it)
	for _, m := range it.Media {
		n += len(m.URL) + len(m.Alt)
	}
	return n
}

// addPage adds a page that was gone through, with its recipes.
func (b *collector) addPage(r read) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked += r.asked
	b.notBefore = laterOf(b.notBefore, r.notBefore)
	if r.err != nil {
		b.addFailure(r)
		return
	}
	b.good++
	b.silent, b.last = 0, r
	b.changed = b.changed || r.changed
	if b.index != nil {
		b.queuePage(r)
		return
	}
	old := b.pages[r.page]
	for _, id := range old.Items {
		b.removeItem(id)
	}
	r.record.Items, r.record.In = nil, old.In
	for _, it := range r.items {
		r.record.Items = append(r.record.Items, it.ID)
		b.items[it.ID] = it
		b.bytes += itemBytes(it)
	}
	b.pages[r.page] = r.record
	if len(b.items) > 2*pull.MaxSnapshotItems || b.bytes > 2*maxSnapshotBytes {
		b.sortAndTrim()
	}
}

// warnAboutPage notes what editors are told of a page this time.
func (b *collector) warnAboutPage(page string, said words.Text) {
	if len(b.warnings) < 4*maxWarnings {
		b.warnings = append(b.warnings, aboutPage(page, said))
	}
}

// aboutPage returns a text prefixed with the page it is about.
func aboutPage(page string, said words.Text) words.Text {
	return words.Text{Key: "fetch.because", Args: words.Args{"what": page, "reason": said}}
}

// addFailure notes a page that brought nothing; it keeps what it had. One that
// answered is not asked again before all others.
func (b *collector) addFailure(r read) {
	if len(b.failures) < maxWarnings {
		b.failures = append(b.failures, r.err)
	}
	b.warnAboutPage(r.page, words.Said(r.err))
	b.touchPage(r.page)
	old := b.pages[r.page]
	switch pull.KindOf(r.err) {
	case pull.Unavailable, pull.Crowded, pull.Limited:
		b.silent++
	default:
		b.silent = 0
		old.Seen, old.Failed = max(old.Seen, r.record.Seen), true
		if old.Listed != "" {
			old.Stamp, old.Listed = old.Listed, ""
		}
	}
	b.pages[r.page] = old
}

// maxSilent is how many pages in a row may stay silent before the rest is left
// to the next fetch.
const maxSilent = 10

// shouldPause reports whether the server should be left alone for now.
func (b *collector) shouldPause(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.silent >= maxSilent || b.notBefore.After(now)
}

// laterOf returns the later of two times.
func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
