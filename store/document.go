package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"keypull/pull"
	"keypull/pull/words"
)

// document is one JSON value under one key, as it was read.
type document[T any] struct {
	key      string
	value    T
	revision Revision
}

// unknownError returns the error of a thing that the store does not hold.
func unknownError(op, key string) error {
	return &pull.Error{Kind: pull.Unknown, Op: op, Hint: words.Text{Key: key}, Err: ErrNotFound}
}

// findDocument returns what a key holds; its revision is Absent where that is
// nothing. A key that cannot be one holds nothing.
func findDocument[T any](ctx context.Context, kv KV, key, op string) (document[T], error) {
	pair, err := kv.Get(ctx, key)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrKey) {
		return document[T]{key: key}, nil
	}
	if err != nil {
		return document[T]{}, backendError(op, err)
	}
	return decodeDocument[T](pair, op)
}

// readDocument is findDocument for what should be there: else the error is
// pull.Unknown, with the words that missing names.
func readDocument[T any](ctx context.Context, kv KV, key, op, missing string) (document[T], error) {
	d, err := findDocument[T](ctx, kv, key, op)
	if err == nil && d.revision == Absent {
		err = unknownError(op, missing)
	}
	return d, err
}

func decodeDocument[T any](pair Pair, op string) (document[T], error) {
	d := document[T]{key: pair.Key, revision: pair.Revision}
	if err := json.Unmarshal(pair.Value, &d.value); err != nil {
		return document[T]{}, fmt.Errorf("%s: decode %s: %w", op, pair.Key, err)
	}
	return d, nil
}

// writeDocument writes a value if the key is at revision when, and returns the
// new revision. What cannot be kept is pull.Invalid.
func writeDocument(ctx context.Context, kv KV, key, op string, value any, when uint64) (uint64, error) {
	b, err := json.Marshal(value)
	if err != nil {
		return 0, fmt.Errorf("%s: encode %s: %w", op, key, err)
	}
	revision, err := kv.Put(ctx, key, b, Revision(when))
	if err != nil {
		return 0, writeError(op, err)
	}
	return uint64(revision), nil
}

// backendError turns what a back end says into what callers act on; nil stays nil.
func backendError(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrConflict):
		return &pull.Error{Kind: pull.Conflict, Op: op, Err: err}
	case errors.Is(err, ErrFull):
		return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: words.Text{Key: "store.full"}, Err: err}
	case errors.Is(err, ErrClosed):
		return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: words.Text{Key: "store.closed"}, Err: err}
	}
	return fmt.Errorf("%s: %w", op, err)
}

// writeError sorts the error of a write; what cannot be kept is pull.Invalid.
func writeError(op string, err error) error {
	switch {
	case errors.Is(err, ErrTooLarge):
		return &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.too_long"}, Err: err}
	case errors.Is(err, ErrKey):
		return &pull.Error{Kind: pull.Invalid, Op: op, Hint: words.Text{Key: "store.bad_id"}, Err: err}
	}
	return backendError(op, err)
}

// deleteDocument removes a key that is at revision when; pull.Unknown with the
// otherwise where it holds nothing.
func deleteDocument(ctx context.Context, kv KV, key, op, otherwise string, when Revision) error {
	pair, err := kv.Get(ctx, key)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrKey) {
		return unknownError(op, otherwise)
	}
	if err != nil {
		return backendError(op, err)
	}
	if when == Any {
		when = pair.Revision
	}
	return backendError(op, kv.Delete(ctx, key, when))
}

// Pairs goes through the pairs below a prefix that come after the key after, so many
// at a time. It ends at the first error.
func Pairs(ctx context.Context, kv KV, prefix, after string, size int) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		for {
			page, err := kv.Scan(ctx, prefix, after, size)
			if err != nil {
				yield(Pair{}, err)
				return
			}
			for _, pair := range page {
				if !yield(pair, nil) {
					return
				}
			}
			if len(page) < size {
				return
			}
			after = page[len(page)-1].Key
		}
	}
}

// pairsBelow is Pairs with errors that callers act on.
func pairsBelow(ctx context.Context, kv KV, prefix, after, op string) iter.Seq2[Pair, error] {
	return pagesBelow(ctx, kv, prefix, after, op, MaxPage)
}

// pagesBelow is pairsBelow for values that are large: it reads so many at a time.
func pagesBelow(ctx context.Context, kv KV, prefix, after, op string, size int) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		for pair, err := range Pairs(ctx, kv, prefix, after, size) {
			if !yield(pair, backendError(op, err)) {
				return
			}
		}
	}
}

// documentsBelow is pairsBelow, decoded. It goes on after what cannot be
// decoded, if the caller does.
func documentsBelow[T any](ctx context.Context, kv KV, prefix, op string) iter.Seq2[document[T], error] {
	return func(yield func(document[T], error) bool) {
		for pair, err := range pairsBelow(ctx, kv, prefix, "", op) {
			d := document[T]{}
			if err == nil {
				d, err = decodeDocument[T](pair, op)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

// removers is how many deletes wait at a time, so that a back end can write
// them as one.
const removers = 64

// removeAll removes pairs that are at their revision, in no order, and returns
// how many there were. One that has changed meanwhile stays and is no error.
func removeAll(ctx context.Context, kv KV, op string, doomed []Pair) (int, error) {
	var (
		next, removed atomic.Int64
		failed        atomic.Pointer[error]
		group         sync.WaitGroup
	)
	for range min(removers, len(doomed)) {
		group.Go(func() {
			for failed.Load() == nil {
				i := next.Add(1) - 1
				if i >= int64(len(doomed)) {
					return
				}
				switch err := kv.Delete(ctx, doomed[i].Key, doomed[i].Revision); {
				case err == nil:
					removed.Add(1)
				case !errors.Is(err, ErrConflict):
					failed.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return int(removed.Load()), backendError(op, *err)
	}
	return int(removed.Load()), nil
}

// keySegment makes of any text a part of a key: letters, digits and hyphens stand
// for themselves, every other byte is "_" and two hex digits. No two texts
// give the same, and none gives an empty one.
func keySegment(s string) string {
	if s == "" {
		return "_"
	}
	const digits = "0123456789ABCDEF"
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; isWord(c) && c != '_' {
			b = append(b, c)
		} else {
			b = append(b, '_', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}
