package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// collector gathers the articles of one fetch; the lock of its crawl guards what follows.
type collector struct {
	*source
	*crawl.Crawl
	index *fulltext.Index
	last  *pull.Snapshot
	// kept is what goes from fetch to fetch with the snapshot.
	kept extra
	// first is the answer that the times are of, failed the first error, answered how many
	// addresses answered.
	first    *outside.Response
	failed   error
	answered int
	// left is how many pages are still to be read.
	left int
}

// extra is what the snapshot keeps beside its items.
type extra struct {
	// Validators are those of feeds and files, by address.
	Validators map[string]pull.Validators `json:"validators,omitempty"`
	// Older says that there are articles beyond the items of the snapshot, which are
	// the newest.
	Older bool `json:"older,omitempty"`
}

// newCollector returns a collector that knows what the last fetch left.
func (s *source) newCollector(ctx context.Context, x *fulltext.Index, last *pull.Snapshot) (*collector, error) {
	g := &collector{source: s, index: x, last: last}
	if last != nil && len(last.Items) > 0 {
		g.kept = sources.ExtraOf[extra](last)
	}
	count, err := x.Count(ctx)
	if count == 0 || g.kept.Validators == nil {
		// An index that was lost is filled anew, whatever the snapshot knows.
		g.kept.Validators = map[string]pull.Validators{}
	}
	if err == nil {
		g.Crawl, err = crawl.Load(ctx, s.toCrawl(), x, notePrefix)
	}
	if err != nil {
		return nil, noIndex(err)
	}
	g.Answered = g.noteAnswer
	return g, nil
}

// readSources reads all that the settings name, and then the pages that these list.
func (g *collector) readSources(ctx context.Context) {
	for _, address := range g.settings.Feeds {
		g.readFeed(ctx, address)
	}
	if g.settings.Articles != "" {
		g.fetchSaved(ctx, g.settings.Articles)
	}
	if g.file != "" {
		g.readSavedFile(ctx)
	}
	if g.settings.Sitemap != "" {
		if err := g.ReadSitemaps(ctx, g.settings.Sitemap); err != nil {
			g.addError(g.settings.Sitemap, err)
		}
	}
	g.readLists(ctx)
	g.listNamedPages(ctx)
	g.readListedPages(outside.InBackground(ctx))
}

// fetchDocument requests a document, conditionally where it was read before; nil if it has
// not changed, or failed, which is noted.
func (g *collector) fetchDocument(ctx context.Context, field, address, accept string, most int64) *outside.Response {
	known := g.kept.Validators[address]
	o := sources.Opening{Op: op, Field: field, Request: g.newRequest(address, accept, most)}
	res, same, _, err := o.If(known != (pull.Validators{}), known).Open(ctx, g.env.Client)
	g.Asked++
	if err != nil {
		g.addError(address, err)
		return nil
	}
	if g.noteAnswer(res); same {
		return nil
	}
	g.kept.Validators[address] = pull.Validators{ETag: res.ETag, LastModified: res.LastModified}
	return &res
}

// noteAnswer notes the answer of a feed, a sitemap or saved articles.
func (g *collector) noteAnswer(res outside.Response) {
	if g.answered++; g.first == nil {
		res.Body = nil
		g.first = &res
	}
}

// addError notes an error.
func (g *collector) addError(address string, err error) {
	g.Lock()
	defer g.Unlock()
	if g.failed == nil {
		g.failed = err
	}
	g.Warnings = append(g.Warnings, crawl.AboutPage(address, words.Said(err)))
}

// maxWarnings is how many warnings anybody reads.
const maxWarnings = 20

// forgetUnreadable forgets the validators of a document that could not be read.
func (g *collector) forgetUnreadable(address string, err error) {
	delete(g.kept.Validators, address)
	g.addError(address, err)
}

// readSavedFile reads the file of saved articles.
func (g *collector) readSavedFile(ctx context.Context) {
	f, err := os.Open(g.file)
	if err == nil {
		defer func() { _ = f.Close() }()
		var state os.FileInfo
		if state, err = f.Stat(); err == nil && state.Size() > maxSaved {
			err = &pull.Error{Kind: pull.Unusable, Op: op, Field: "file", Hint: own.Text("saved_long", nil)}
		}
		if err == nil {
			g.answered++
			var text io.Reader
			var guessed string
			if text, guessed, err = (sources.Encoded{Languages: g.env.Languages}).Reader(f); err == nil {
				g.noteGuessedEncoding("file", guessed)
				err = g.readSaved(ctx, text, "")
			}
		}
	}
	if err != nil {
		if pull.KindOf(err) == pull.Internal {
			err = &pull.Error{Kind: pull.Unavailable, Op: op, Field: "file", Hint: own.Text("file_closed", nil), Err: err}
		}
		g.forgetUnreadable("file", err)
	}
}

// finishSnapshot returns the snapshot of the fetch.
func (g *collector) finishSnapshot(ctx context.Context) (pull.Snapshot, error) {
	if g.answered == 0 && g.failed != nil {
		return pull.Snapshot{}, g.failed
	}
	items, all, err := g.newestItems(ctx)
	if err != nil {
		return pull.Snapshot{}, noIndex(err)
	}
	if len(items) == 0 && g.failed != nil {
		return pull.Snapshot{}, g.failed
	}
	var s pull.Snapshot
	switch {
	case g.first == nil:
		s = pull.Snapshot{Fetched: g.env.Clock()}
	case g.last != nil && !g.Changed:
		s = sources.Renew(*g.last, *g.first)
	default:
		s = sources.SnapshotFrom(*g.first)
	}
	g.kept.Older = all > len(items)
	s.Extra, err = json.Marshal(g.kept)
	if err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	s.Items, s.Requests, s.Unfinished = items, g.Asked, g.left > 0 && g.Changed
	s.Read, s.Listed = len(g.Pages)-g.left, len(g.Pages)
	if g.NotBefore.After(s.NotBefore) {
		s.NotBefore = g.NotBefore
	}
	s.Unchanged = s.Unchanged && !g.Changed && g.failed == nil
	if g.left > 0 {
		s.Warnings = append(s.Warnings, own.Text("held_on", words.Args{"held": all, "all": all + g.left}))
	}
	if all == 0 {
		s.Warnings = append(s.Warnings, own.Text("no_articles", nil))
	}
	s.Warnings = append(s.Warnings, g.Warnings[:min(len(g.Warnings), maxWarnings)]...)
	return s, nil
}

// putArticles writes articles to the index; where it is full the oldest are removed.
func (g *collector) putArticles(ctx context.Context, articles ...article) {
	for _, a := range articles {
		if !g.from.IsZero() && !a.Published.IsZero() && a.Published.Before(g.from) || a.Title == "" && len(a.Paragraphs) == 0 {
			continue
		}
		doc := a.toDocument(g.env.Languages)
		if was, ok, err := g.index.Get(ctx, doc.ID); err == nil && ok && bytes.Equal(was.Payload, doc.Payload) {
			continue
		}
		err := g.index.Put(ctx, doc.Part, doc)
		if errors.Is(err, fulltext.ErrFull) {
			if err = g.dropOldest(ctx); err == nil {
				err = g.index.Put(ctx, doc.Part, doc)
			}
		}
		if err != nil && ctx.Err() == nil {
			g.addError(strings.TrimSpace(a.Link), noIndex(err))
		}
		g.Lock()
		g.Changed = g.Changed || err == nil
		g.Unlock()
	}
}

// dropOldest removes the oldest tenth of the articles.
func (g *collector) dropOldest(ctx context.Context) error {
	n, err := g.index.Count(ctx)
	if err != nil {
		return err //nolint:wrapcheck // putArticles wraps it
	}
	return g.index.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error { //nolint:wrapcheck // putArticles wraps it
		_, err := b.Trim(ctx, n-n/10-1)
		return err
	})
}
