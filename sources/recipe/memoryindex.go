package recipe

import (
	"context"
	"errors"
	"sync"

	"keypull/pull/what"
	"keypull/sources/fulltext"
)

// memoryIndex is an index in memory of the recipes of one snapshot, made when they are
// first searched, so that recipes without a sitemap are found by the same rules as those
// of a site.
type memoryIndex struct {
	mu     sync.RWMutex
	items  []what.Item
	index  *fulltext.Index
	closed bool
}

// searchItems lets f use the index of the recipes of a snapshot's items, which never
// change.
func (d *memoryIndex) searchItems(ctx context.Context, items []what.Item, languages []string, f func(*fulltext.Index) error) error {
	for {
		if there, err := d.useFor(items, f); there {
			return err
		}
		if err := d.buildFor(ctx, items, languages); err != nil {
			return err
		}
	}
}

// useFor lets f use the index where it is that of some items.
func (d *memoryIndex) useFor(items []what.Item, f func(*fulltext.Index) error) (there bool, err error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if !d.isFor(items) {
		return false, nil
	}
	return true, f(d.index)
}

func (d *memoryIndex) isFor(items []what.Item) bool {
	return d.index != nil && len(d.items) == len(items) && &d.items[0] == &items[0]
}

// buildFor makes the index of other items.
func (d *memoryIndex) buildFor(ctx context.Context, items []what.Item, languages []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return fulltext.ErrClosed
	case d.isFor(items):
		return nil
	}
	x, err := fulltext.Open(ctx, fulltext.Options{Fields: indexFields, Languages: languages})
	if err != nil {
		return err //nolint:wrapcheck // it says what was tried
	}
	err = x.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error {
		return putRecipes(ctx, b, "", items)
	})
	if err != nil {
		return errors.Join(err, x.Close())
	}
	if d.index != nil {
		_ = d.index.Close()
	}
	d.items, d.index = items, x
	return nil
}

// Close closes the index of the snapshot that was searched last.
func (s *source) Close() error {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	s.memory.closed = true
	if s.memory.index == nil {
		return nil
	}
	return s.memory.index.Close() //nolint:wrapcheck // it says what was tried
}
