package recipe

import (
	"context"
	"errors"
	"sync"

	"keypull/pull/what"
	"keypull/sources/fulltext"
)

// desk is an index in memory of the recipes of one snapshot, made when they are
// first searched: what is found in a book is found by the same rules as in a
// site.
type desk struct {
	mu     sync.RWMutex
	items  []what.Item
	index  *fulltext.Index
	closed bool
}

// search lets f use the index of the dishes of a snapshot's items, which never
// change.
func (d *desk) search(ctx context.Context, all []dish, items []what.Item, languages []string, f func(*fulltext.Index) error) error {
	for {
		if there, err := d.use(items, f); there {
			return err
		}
		if err := d.take(ctx, all, items, languages); err != nil {
			return err
		}
	}
}

// use lets f use the index where it is that of some items.
func (d *desk) use(items []what.Item, f func(*fulltext.Index) error) (there bool, err error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if !d.holds(items) {
		return false, nil
	}
	return true, f(d.index)
}

func (d *desk) holds(items []what.Item) bool {
	return d.index != nil && len(d.items) == len(items) && &d.items[0] == &items[0]
}

// take makes the index of other items.
func (d *desk) take(ctx context.Context, all []dish, items []what.Item, languages []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return fulltext.ErrClosed
	case d.holds(items):
		return nil
	}
	x, err := fulltext.Open(ctx, fulltext.Options{Fields: shelfFields, Languages: languages})
	if err != nil {
		return err //nolint:wrapcheck // it says what was tried
	}
	err = x.Update(ctx, func(ctx context.Context, b *fulltext.Batch) error {
		for _, dish := range all {
			doc, err := volume(dish.item, dish.value)
			if err != nil {
				return err
			}
			if err := b.Put(ctx, dish.item.ID, doc); err != nil {
				return err //nolint:wrapcheck // it says what was tried
			}
		}
		return nil
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

// Close ends the index of a book.
func (s *source) Close() error {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	s.desk.closed = true
	if s.desk.index == nil {
		return nil
	}
	return s.desk.index.Close() //nolint:wrapcheck // it says what was tried
}
