package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

// gathering is one fetch.
type gathering struct {
	*source
	index *fulltext.Index
	last  *pull.Snapshot
	// kept is what goes from fetch to fetch with the snapshot.
	kept extra
	// mu guards what follows: pages are read side by side.
	mu       sync.Mutex
	requests int
	warnings []words.Text
	// first is the answer that the times are of, failed the first error, good how many
	// addresses answered; changed says that something new was found.
	first   *outside.Response
	failed  error
	good    int
	changed bool
	pages   map[string]*page
	// listed is how many pages there are to read, left how many of them are not read.
	listed, left int
}

// extra is what the snapshot keeps beside its items.
type extra struct {
	// Validators are those of feeds, sitemaps and files, by address.
	Validators map[string]pull.Validators `json:"validators,omitempty"`
	// Older says that there are articles beyond the items of the snapshot, which are
	// the newest.
	Older bool `json:"older,omitempty"`
}

// begin notes what was known before.
func (s *source) begin(ctx context.Context, x *fulltext.Index, last *pull.Snapshot) (*gathering, error) {
	g := &gathering{source: s, index: x, last: last, pages: map[string]*page{}}
	g.kept.Validators = map[string]pull.Validators{}
	if last != nil && len(last.Extra) > 0 && len(last.Items) > 0 {
		if err := json.Unmarshal(last.Extra, &g.kept); err != nil || g.kept.Validators == nil {
			g.kept.Validators = map[string]pull.Validators{}
		}
	}
	count, err := x.Count(ctx)
	if err == nil && count == 0 {
		// An index that was lost is filled anew, whatever the snapshot knows.
		g.kept.Validators = map[string]pull.Validators{}
	}
	if err == nil {
		err = g.readPagesKnown(ctx)
	}
	if err != nil {
		return nil, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("no_room_opened", nil), Err: err}
	}
	return g, nil
}

// inTime returns the context to ask in. Nothing of it is what a reader waits for,
// but a single feed.
func (g *gathering) inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.settings.Sitemap != "" || len(g.settings.Feeds) > 1 {
		ctx = outside.InBackground(ctx)
	}
	return crawl.InTime(ctx)
}

// gather goes through all that the settings name, and then through the pages.
func (g *gathering) gather(ctx context.Context) {
	for _, address := range g.settings.Feeds {
		g.feed(ctx, address)
	}
	if g.settings.Articles != "" {
		g.saved(ctx, g.settings.Articles)
	}
	if g.file != "" {
		g.local(ctx)
	}
	if g.settings.Sitemap != "" {
		g.sitemaps(ctx)
	}
	g.read(outside.InBackground(ctx))
}

// get brings a document, conditionally where it was read before; nil if it is
// what it was, or failed, which is noted.
func (g *gathering) get(ctx context.Context, field, address, accept string, most int64) *outside.Response {
	known := g.kept.Validators[address]
	o := sources.Opening{Op: op, Field: field, Request: g.request(address, accept, most)}
	res, same, _, err := o.If(known != (pull.Validators{}), known).Open(ctx, g.env.Client)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests++
	if err != nil {
		g.wrong(address, err)
		return nil
	}
	if g.answered(res); same {
		return nil
	}
	g.kept.Validators[address] = pull.Validators{ETag: res.ETag, LastModified: res.LastModified}
	return &res
}

// answered notes an answer; mu is held.
func (g *gathering) answered(res outside.Response) {
	if g.good++; g.first == nil {
		res.Body = nil
		g.first = &res
	}
}

// wrong notes what failed; mu is held.
func (g *gathering) wrong(address string, err error) {
	if g.failed == nil {
		g.failed = err
	}
	g.warn(words.Text{Key: "fetch.because", Args: words.Args{"what": address, "reason": words.Said(err)}})
}

// maxWarnings is how many warnings anybody reads.
const maxWarnings = 20

// warn tells the editor something; mu is held.
func (g *gathering) warn(w words.Text) {
	if len(g.warnings) < maxWarnings {
		g.warnings = append(g.warnings, w)
	}
}

// unread forgets the validators of a document that could not be read.
func (g *gathering) unread(address string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.kept.Validators, address)
	g.wrong(address, err)
}

// local reads the file of saved articles.
func (g *gathering) local(ctx context.Context) {
	f, err := os.Open(g.file)
	if err == nil {
		defer func() { _ = f.Close() }()
		var state os.FileInfo
		if state, err = f.Stat(); err == nil && state.Size() > maxSaved {
			err = &pull.Error{Kind: pull.Unusable, Op: op, Field: "file", Hint: own.Text("saved_long", nil)}
		}
		if err == nil {
			g.mu.Lock()
			g.good++
			g.mu.Unlock()
			var text io.Reader
			var guessed string
			if text, guessed, err = (sources.Encoded{Languages: g.env.Languages}).Reader(f); err == nil {
				g.guessed("file", guessed)
				err = g.readSaved(ctx, text, "")
			}
		}
	}
	if err != nil {
		if pull.KindOf(err) == pull.Internal {
			err = &pull.Error{Kind: pull.Unavailable, Op: op, Field: "file", Hint: own.Text("file_closed", nil), Err: err}
		}
		g.unread("file", err)
	}
}

// close makes the snapshot.
func (g *gathering) close(ctx context.Context) (pull.Snapshot, error) {
	if g.good == 0 && g.failed != nil {
		return pull.Snapshot{}, g.failed
	}
	items, all, err := g.newest(ctx)
	if err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("no_room_opened", nil), Err: err}
	}
	if len(items) == 0 && g.failed != nil {
		return pull.Snapshot{}, g.failed
	}
	var s pull.Snapshot
	switch {
	case g.first == nil:
		s = pull.Snapshot{Fetched: g.env.Clock()}
	case g.last != nil && !g.changed:
		s = sources.Renew(*g.last, *g.first)
	default:
		s = sources.Times(*g.first)
	}
	g.kept.Older = all > len(items)
	s.Extra, err = json.Marshal(g.kept)
	if err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	s.Items, s.Requests, s.Unfinished = items, g.requests, g.left > 0 && g.changed
	s.Read, s.Listed = len(g.pages)-g.left, len(g.pages)
	s.Unchanged = s.Unchanged && !g.changed && g.failed == nil
	if g.left > 0 {
		g.warn(own.Text("held_on", words.Args{"held": all, "all": all + g.left}))
	}
	if all == 0 {
		g.warn(own.Text("no_articles", nil))
	}
	s.Warnings = g.warnings
	return s, nil
}

// put keeps articles. Where there is no more room the oldest leave.
func (g *gathering) put(ctx context.Context, articles ...article) {
	for _, a := range articles {
		if !g.from.IsZero() && !a.Published.IsZero() && a.Published.Before(g.from) || a.Title == "" && len(a.Paragraphs) == 0 {
			continue
		}
		doc := a.document(g.env.Languages)
		if was, ok, err := g.index.Get(ctx, doc.ID); err == nil && ok && bytes.Equal(was.Payload, doc.Payload) {
			continue
		}
		err := g.index.Put(ctx, doc.Part, doc)
		if errors.Is(err, fulltext.ErrFull) {
			if err = g.shrink(ctx); err == nil {
				err = g.index.Put(ctx, doc.Part, doc)
			}
		}
		g.mu.Lock()
		if err != nil && ctx.Err() == nil {
			g.wrong(strings.TrimSpace(a.Link), &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("no_room_opened", nil), Err: err})
		}
		g.changed = g.changed || err == nil
		g.mu.Unlock()
	}
}

// shrink has a tenth of the articles leave, those that are the oldest.
func (g *gathering) shrink(ctx context.Context) error {
	n, err := g.index.Count(ctx)
	if err != nil {
		return err //nolint:wrapcheck // put wraps it
	}
	return g.index.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error { //nolint:wrapcheck // put wraps it
		_, err := b.Trim(ctx, n-n/10-1)
		return err
	})
}
