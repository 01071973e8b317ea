package recipe

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/what"
)

// record is what is remembered of a page between fetches.
type record struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Stamp is the sitemap's lastmod, or a file's time and size: while it is
	// the same, the page need not be asked for.
	Stamp string   `json:"stamp,omitempty"`
	Items []string `json:"items,omitempty"`
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

// book gathers the pages of one fetch. Its methods are safe for concurrent use
// until it is closed.
type book struct {
	known map[string]record
	items map[string]what.Item
	mu    sync.Mutex
	reads []read

	requests int
	warnings []string
}

// openBook starts from what the last fetch left.
func openBook(last *pull.Snapshot) *book {
	b := &book{known: map[string]record{}, items: map[string]what.Item{}}
	if last == nil {
		return b
	}
	var extra struct {
		Pages map[string]record `json:"pages"`
	}
	if err := json.Unmarshal(last.Extra, &extra); err != nil {
		// Without its records every page is simply asked for anew.
		return b
	}
	for _, it := range last.Items {
		b.items[it.ID] = it
	}
	b.known = extra.Pages
	return b
}

// kept returns what was known of a page, if all of its items are still there.
func (b *book) kept(page string) (record, []what.Item, bool) {
	r, ok := b.known[page]
	if !ok {
		return record{}, nil, false
	}
	items := make([]what.Item, 0, len(r.Items))
	for _, id := range r.Items {
		it, ok := b.items[id]
		if !ok {
			return record{}, nil, false
		}
		items = append(items, it)
	}
	return r, items, true
}

func (b *book) add(r read) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads = append(b.reads, r)
}

// close makes a snapshot of the pages. One that failed keeps what it had and
// is told of; if all failed, the first one's error is the book's.
func (b *book) close(now time.Time) (pull.Snapshot, error) {
	slices.SortFunc(b.reads, func(a, c read) int { return cmp.Compare(a.page, c.page) })
	s := pull.Snapshot{Fetched: now, Requests: b.requests, Unchanged: true}
	pages := make(map[string]record, len(b.reads))
	var failures []error
	for _, r := range b.reads {
		s.Requests += r.asked
		s.NotBefore = later(s.NotBefore, r.notBefore)
		if r.err != nil {
			failures = append(failures, r.err)
			b.warnings = append(b.warnings, r.page+": "+sentence(r.err))
			if r.record, r.items, _ = b.kept(r.page); len(r.items) == 0 {
				continue
			}
		}
		pages[r.page] = r.record
		s.Items = append(s.Items, r.items...)
		s.Unchanged = s.Unchanged && !r.changed && r.err == nil
	}
	if len(failures) == len(b.reads) && len(failures) > 0 {
		return pull.Snapshot{}, failures[0]
	}
	b.single(&s)
	return b.bind(s, pages)
}

// single gives a book of one page that page's own times. A larger one counts
// from when it was gone through, or one slow cache would have every page asked
// for at every turn.
func (b *book) single(s *pull.Snapshot) {
	if len(b.reads) == 1 && !b.reads[0].fetched.IsZero() {
		s.Fetched, s.Expires = b.reads[0].fetched, b.reads[0].expires
	}
}

// bind puts the items in order and notes the records.
func (b *book) bind(s pull.Snapshot, pages map[string]record) (pull.Snapshot, error) {
	if len(s.Items) > pull.MaxSnapshotItems {
		b.warnings = append(b.warnings, fmt.Sprintf("there are more than %d recipes; the rest was left out", pull.MaxSnapshotItems))
		s.Items = s.Items[:pull.MaxSnapshotItems]
	}
	slices.SortStableFunc(s.Items, func(a, c what.Item) int {
		return cmp.Or(c.Published.Compare(a.Published), strings.Compare(a.Title, c.Title))
	})
	for _, it := range s.Items {
		delete(b.items, it.ID)
	}
	s.Unchanged = s.Unchanged && len(b.items) == 0 && len(b.reads) > 0
	extra, err := json.Marshal(map[string]any{"pages": pages})
	if err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	s.Extra, s.Warnings = extra, b.warnings[:min(len(b.warnings), maxWarnings)]
	if len(s.Items) == 0 {
		s.Warnings = append(s.Warnings, "no recipe was found; pages need schema.org Recipe data as JSON-LD")
	}
	return s, nil
}

const maxWarnings = 50

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sentence is what an editor is told of an error.
func sentence(err error) string {
	var e *pull.Error
	if errors.As(err, &e) && e.Hint != "" {
		return e.Hint
	}
	return err.Error()
}
