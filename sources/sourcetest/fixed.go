package sourcetest

import (
	"context"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Fixed is a source that brings the items it was given: a small real one for
// tests of whatever uses sources. Its fields are set before it is used; Turn
// changes what it brings while it is.
type Fixed struct {
	// Items are what a fetch brings. With ByArgument the key is the argument,
	// and a fetch brings the item of that id.
	Items      []what.Item
	ByArgument bool
	AsOf       time.Time
	// Clock is time.Now where nil.
	Clock func() time.Time
	// Before runs at the beginning of each fetch, and its error is the fetch's.
	Before func(ctx context.Context, key string) error

	mu      sync.Mutex
	fetches int
	err     error
}

var (
	_ pull.Source     = (*Fixed)(nil)
	_ pull.Vocabulary = (*Fixed)(nil)
)

// Turn has later fetches bring items, or fail with err where it is not nil.
func (f *Fixed) Turn(err error, items ...what.Item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Items, f.err = items, err
}

// Fetches returns how often the source was asked.
func (f *Fixed) Fetches() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fetches
}

// Key is "fixed", or the argument with ByArgument.
func (f *Fixed) Key(q pull.Query) (string, error) {
	if !f.ByArgument {
		return "fixed", nil
	}
	if q.Argument == "" || len(q.Argument) > pull.MaxKeyBytes {
		return "", &pull.Error{Kind: pull.Invalid, Op: "fetch fixed", Field: "argument", Hint: words.Verbatim("an id is needed beside the keyword")}
	}
	return q.Argument, nil
}

// Fetch brings the items.
func (f *Fixed) Fetch(ctx context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	f.mu.Lock()
	f.fetches++
	f.mu.Unlock()
	if f.Before != nil {
		if err := f.Before(ctx, key); err != nil {
			return pull.Snapshot{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Op: "fetch fixed", Hint: words.Text{Key: "source.given_up"}, Err: err}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return pull.Snapshot{}, f.err
	}
	items := f.Items
	if f.ByArgument {
		items = slices.DeleteFunc(slices.Clone(items), func(it what.Item) bool { return it.ID != key })
	}
	return pull.Snapshot{Items: sources.Copy(items), AsOf: f.AsOf, Fetched: f.now(), Requests: 1}, nil
}

func (f *Fixed) now() time.Time {
	if f.Clock == nil {
		return time.Now()
	}
	return f.Clock()
}

// Select picks the items whose title has the argument's words, or all.
func (f *Fixed) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if f.ByArgument {
		return sources.Page(s.Items, q), nil
	}
	search := sources.NewSearch(q.Argument)
	found := slices.DeleteFunc(slices.Clone(s.Items), func(it what.Item) bool { return !search.Finds(it.Title, it.ID) })
	return sources.Page(found, q), nil
}

// Terms returns the items by id and title.
func (f *Fixed) Terms(*pull.Snapshot) []what.Term {
	f.mu.Lock()
	defer f.mu.Unlock()
	terms := make([]what.Term, 0, len(f.Items))
	for _, it := range f.Items {
		terms = append(terms, what.Term{Value: it.ID, Names: []string{it.Title}})
	}
	return terms
}
