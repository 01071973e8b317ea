package recipe

import (
	"cmp"
	"context"
	"encoding/json"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// What a site's index notes of its pages begins with pageNote; indexFile is its name.
const (
	pageNote  = "page/"
	indexFile = "recipes.db"
)

// How a site is crawled: how many pages are written at once, after how many of
// them the first fetch hands over what there is, how many pages that tell no
// time of their own one fetch looks at again, and how long one is left alone that
// could not be read.
const (
	writtenAtOnce = 20
	firstPages    = 20
	againAtOnce   = 100
	tryAgain      = 6 * time.Hour
)

// newestTold is how many of a site's recipes its snapshot has whole. Of the others it
// has what they are found by.
const newestTold = 50

// site is a source whose recipes are those of a sitemap: they are held in an
// index on disk, which Fetch keeps and Select reads. What lies in memory is the
// snapshot's newest recipes and the names of all.
type site struct {
	source
	robots *sources.Robots
	index  fulltext.Lazy
	// listing is held while the recipes of a revision are listed.
	listing  sync.Mutex
	revision string
	recipes  *roster
}

var (
	_ pull.Speaker    = (*site)(nil)
	_ pull.Vocabulary = (*site)(nil)
	_ pull.Named      = (*site)(nil)
	_ pull.Closer     = (*site)(nil)
)

// SharesSnapshots says that each publisher has an index of its own.
func (*site) SharesSnapshots() bool { return false }

// Close closes the index.
func (s *site) Close() error { return s.index.Close() }

// siteExtra is what a site's snapshot says of its index.
type siteExtra struct {
	Of       string `json:"of"`
	Held     int    `json:"held"`
	Due      int    `json:"due,omitempty"`
	Revision string `json:"revision"`
}

// versionOf makes an index of another sitemap one of another version.
func versionOf(sitemap string) int {
	return indexVersion<<32 | int(crc32.ChecksumIEEE([]byte(sitemap)))
}

// Fetch goes on with the crawl: first what is new or has changed, the newest
// first, then what was not looked at for long. What it reads is in the index at
// once; what there was no time for is left to the next fetch, in this process or
// another.
func (s *site) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	x, err := s.index.Open(ctx)
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	b, err := s.loadCollector(ctx, x)
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	asking, cancel := crawl.InTime(ctx, false)
	defer cancel()
	err = s.readSite(asking, b)
	if noted := b.commitRest(context.WithoutCancel(ctx)); noted != nil {
		return pull.Snapshot{}, noIndex(noted)
	}
	if err != nil {
		return pull.Snapshot{}, err
	}
	if err := ctx.Err(); err != nil || asking.Err() != nil && b.Good == 0 && len(b.Failures) == 0 {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Crowded, Op: op, Hint: own.Text("no_time", nil), Err: err}
	}
	return s.siteSnapshot(ctx, x, b, last)
}

// noIndex returns the error of an index that cannot be used.
func noIndex(err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("search_failed", nil), Err: err}
}

// loadCollector reads what is noted of the pages of a site.
func (s *site) loadCollector(ctx context.Context, x *fulltext.Index) (*collector, error) {
	held, err := x.Count(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // noIndex wraps it
	}
	to := s.toCrawl()
	to.Turn = func(ctx context.Context, page string) error { return s.robots.Turn(ctx, page, 0) }
	to.Again, to.TryAgain = againAtOnce, tryAgain
	if held == 0 {
		// Whoever asks first waits for these alone.
		to.AtOnce = firstPages
	}
	c, err := crawl.Load(ctx, to, x, pageNote)
	return &collector{Crawl: c, index: x}, err //nolint:wrapcheck // noIndex wraps it
}

// readSite goes through the sitemaps, and then through the pages they list.
func (s *site) readSite(ctx context.Context, b *collector) error {
	if err := b.ReadSitemaps(ctx, s.settings.Sitemap); err != nil {
		return err //nolint:wrapcheck // it is worded as errors of sources are
	}
	if err := b.commitRest(ctx); err != nil {
		return noIndex(err)
	}
	s.readPages(ctx, b)
	return nil
}

// queuePage queues a page of a site to be written with others; the lock is held.
func (b *collector) queuePage(v *crawl.Visit) {
	if v.Same {
		return
	}
	if b.pending = append(b.pending, v); len(b.pending) < writtenAtOnce {
		return
	}
	if err := b.commitPages(context.Background()); err != nil && b.broken == nil {
		b.broken = err
	}
}

// commitRest writes the pages of a crawl that are still pending.
func (b *collector) commitRest(ctx context.Context) error {
	b.Lock()
	defer b.Unlock()
	if b.broken != nil {
		return b.broken
	}
	return b.commitPages(ctx)
}

// commitPages writes pages and their records as one; the lock is held.
func (b *collector) commitPages(ctx context.Context) error {
	const writing = 30 * time.Second
	ctx, cancel := context.WithTimeout(ctx, writing)
	defer cancel()
	var put func(context.Context, *fulltext.Batch) error
	if len(b.pending) > 0 {
		put = func(ctx context.Context, batch *fulltext.Batch) error {
			for _, v := range b.pending {
				b.Pages[v.Address] = v.Page
				if err := putRecipes(ctx, batch, v.Address, v.Items); err != nil {
					return err
				}
			}
			_, err := batch.Trim(ctx, maxIndexed)
			return err //nolint:wrapcheck // noIndex wraps it
		}
	}
	err := b.Save(ctx, put)
	if err == nil {
		b.pending = nil
	}
	return err //nolint:wrapcheck // noIndex wraps it
}

// siteSnapshot makes a snapshot of an index: its newest recipes, and how far the
// crawl is.
func (s *site) siteSnapshot(ctx context.Context, x *fulltext.Index, b *collector, last *pull.Snapshot) (pull.Snapshot, error) {
	held, err := x.Count(ctx)
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	if b.Good == 0 && held == 0 && len(b.Failures) > 0 {
		return pull.Snapshot{}, b.Failures[0]
	}
	newest, err := x.Search(ctx, fulltext.Query{Limit: pull.MaxSnapshotItems})
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	told, partial := b.describeExtent(held)
	extra := siteExtra{Of: s.settings.Sitemap, Held: held, Due: b.Unread(), Revision: strconv.Itoa(b.Revision())}
	written, err := json.Marshal(extra)
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	made := pull.Snapshot{
		Fetched: s.env.Clock(), Requests: b.Asked, NotBefore: b.NotBefore, Unfinished: partial, Extra: written, Revision: extra.Revision, Warnings: b.allWarnings(told),
	}
	made.Read, made.Listed = len(b.Pages)-b.Unread(), len(b.Pages)
	made.Items = itemsOfHits(newest)
	for i := newestTold; i < len(made.Items); i++ {
		made.Items[i] = foundBy(made.Items[i])
	}
	made.Unchanged = last != nil && last.Revision == made.Revision && len(b.Failures) == 0 && string(last.Extra) == string(made.Extra)
	return made, nil
}

// foundBy returns a recipe with no more than what it is found by and where it stands.
func foundBy(it what.Item) what.Item {
	found := what.Item{ID: it.ID, Title: it.Title, Language: it.Language, Link: it.Link, Published: it.Published}
	for _, f := range it.Facts {
		switch f.Name {
		case factIngredients, factCategory, factCuisine, factDiet, factKeywords, factNames:
			found.Facts = append(found.Facts, f)
		}
	}
	return found
}

// Select finds recipes by a name, else by what they are and what is in them;
// without an argument it returns the newest.
func (s *site) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	extra := sources.ExtraOf[siteExtra](&snapshot)
	if extra.Of != s.settings.Sitemap {
		return pull.Selection{}, nil
	}
	x, err := s.index.Open(ctx)
	if err != nil {
		return pull.Selection{}, noIndex(err)
	}
	if argument := strings.TrimSpace(q.Argument); argument != "" {
		all, err := s.rosterAt(ctx, x, extra.Revision)
		if err != nil {
			return pull.Selection{}, noIndex(err)
		}
		return s.selectFrom(ctx, x, all, argument, q)
	}
	var found []fulltext.Hit
	for _, language := range []string{q.Language, ""} {
		found, err = x.Search(ctx, fulltext.Query{Language: language, Limit: q.Count + 1, Offset: q.Offset})
		if err != nil {
			return pull.Selection{}, noIndex(err)
		}
		if len(found) > 0 || q.Offset > 0 {
			break
		}
	}
	return pull.Selection{Items: itemsOfHits(found[:min(len(found), q.Count)]), More: len(found) > q.Count}, nil
}

// Terms returns the recipes of the index.
func (s *site) Terms(last *pull.Snapshot) []what.Term {
	extra := sources.ExtraOf[siteExtra](last)
	if extra.Of != s.settings.Sitemap {
		return nil
	}
	s.told.Store(&last.Items)
	const reading = 30 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), reading)
	defer cancel()
	x, err := s.index.Open(ctx)
	if err != nil {
		return nil
	}
	all, err := s.rosterAt(ctx, x, extra.Revision)
	if err != nil {
		return nil
	}
	return all.terms
}

// rosterAt returns the recipes of a revision of the index.
func (s *site) rosterAt(ctx context.Context, x *fulltext.Index, revision string) (*roster, error) {
	s.listing.Lock()
	defer s.listing.Unlock()
	if s.recipes != nil && s.revision == revision {
		return s.recipes, nil
	}
	dishes, err := listRecipes(ctx, x)
	if err != nil {
		return nil, err
	}
	s.recipes, s.revision = newRoster(dishes), revision
	return s.recipes, nil
}

// allWarnings returns the warnings of a crawl and what is in doubt of its pages, behind what is
// told of its extent.
func (b *collector) allWarnings(told []words.Text) []words.Text {
	all := slices.Clone(b.Warnings)
	for page, r := range b.Pages {
		for _, doubt := range r.Doubts {
			all = append(all, crawl.AboutPage(page, doubt))
		}
	}
	slices.SortFunc(all, func(a, b words.Text) int { return cmp.Compare(a.String(), b.String()) })
	all = slices.Concat(told, all)
	if more := len(all) - maxWarnings; more > 0 {
		all = append(all[:maxWarnings:maxWarnings], own.Text("more_of_this", words.Args{"count": more}))
	}
	return all
}
