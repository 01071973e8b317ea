package store

import (
	"context"
	"errors"
	"strings"
	"sync"

	"keypull/pull"
	"keypull/pull/who"
)

// readersBound says that every document is bound to its place.
const readersBound = "readers-bound"

// renewers is how many documents are written anew at a time.
const renewers = 32

// Renewed reports whether Renew has been done with. From then on a document that
// is bound to no place is not believed: it is one of before.
func (l *Ledger) Renewed(ctx context.Context) (bool, error) {
	_, err := l.backend.Get(ctx, readersBound)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, backendError("look whether documents are bound", err)
	}
	l.bound.Store(true)
	return true, nil
}

// Renew writes the documents of earlier versions anew, bound to their places, and
// keeps the STOPs of their readers beside them. It may run while readers are
// answered, and goes on where it was cut short.
func (l *Ledger) Renew(ctx context.Context) error {
	var page []Pair
	for pair, err := range pairsBelow(ctx, l.backend, "reader", "", "renew readers") {
		if err != nil {
			return err
		}
		if page = append(page, pair); len(page) < renewers {
			continue
		}
		if err := l.renewReaders(ctx, page); err != nil {
			return err
		}
		page = page[:0]
	}
	if err := l.renewReaders(ctx, page); err != nil {
		return err
	}
	if _, err := l.backend.Put(ctx, readersBound, nil, Any); err != nil {
		return backendError("note that documents are bound", err)
	}
	l.bound.Store(true)
	return nil
}

func (l *Ledger) renewReaders(ctx context.Context, page []Pair) error {
	var group sync.WaitGroup
	failed := make([]error, len(page))
	for i, pair := range page {
		if !l.sealer.Bound(pair.Value) {
			group.Go(func() {
				defer pull.Caught("write a reader's document anew", &failed[i])
				failed[i] = l.renewReader(ctx, pair)
			})
		}
	}
	group.Wait()
	return errors.Join(failed...)
}

// renewReader writes one document anew, unless somebody has meanwhile or nobody can
// read it.
func (l *Ledger) renewReader(ctx context.Context, pair Pair) error {
	key := who.Key(strings.TrimPrefix(pair.Key, "reader."))
	r, _, revision, err := l.loadReader(ctx, key)
	if errors.Is(err, ErrUnreadable) || err == nil && revision != pair.Revision {
		return nil
	}
	if err != nil {
		return err
	}
	b, h, err := l.readerBatch(ctx, key, r, uint64(revision))
	if err != nil {
		return err
	}
	if _, err := l.own.commitDocument(ctx, key, h, b); err != nil && !errors.Is(err, ErrConflict) {
		return backendError("renew reader", err)
	}
	return nil
}
