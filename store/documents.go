package store

import (
	"context"
	"errors"
	"time"
)

// documents are values of one kind, each under a key of its own: the prefix and what
// names the value.
type documents[T any] struct {
	kv      KV
	prefix  string
	missing string // key of the words about a value that is not there
	name    func(T) string
}

// expiring are documents that end by themselves.
type expiring[T any] struct {
	documents[T]
	ended func(v T, now time.Time) bool
}

func (d documents[T]) keyOf(name string) string { return d.prefix + "." + keySegment(name) }

func (d documents[T]) readDocument(ctx context.Context, name string) (document[T], error) {
	return readDocument[T](ctx, d.kv, d.keyOf(name), "read "+d.prefix, d.missing)
}

// Get returns a value and its revision, or pull.Unknown.
func (d documents[T]) Get(ctx context.Context, name string) (T, uint64, error) {
	found, err := d.readDocument(ctx, name)
	return found.value, uint64(found.revision), err
}

// Put writes a value that is at that revision, 0 for a new one, and returns the new
// revision. A value that was removed meanwhile is pull.Conflict, so that no late write
// brings it back.
func (d documents[T]) Put(ctx context.Context, v T, revision uint64) (uint64, error) {
	return writeDocument(ctx, d.kv, d.keyOf(d.name(v)), "write "+d.prefix, v, revision)
}

// Delete removes a value, whatever is written to it meanwhile, or returns
// pull.Unknown.
func (d documents[T]) Delete(ctx context.Context, name string) error {
	if _, err := d.readDocument(ctx, name); err != nil {
		return err
	}
	return backendError("delete "+d.prefix, d.kv.Delete(ctx, d.keyOf(name), Any))
}

// All returns every value, those that have ended too, in the order of their names.
func (d documents[T]) All(ctx context.Context) ([]T, error) {
	var all []T
	for found, err := range documentsBelow[T](ctx, d.kv, d.prefix, "list "+d.prefix) {
		if err != nil {
			return nil, err
		}
		all = append(all, found.value)
	}
	return all, nil
}

// Sweep removes the values that have ended by now, except those that change
// meanwhile, and returns how many. What can't be read stays, and keeps nothing else.
func (d expiring[T]) Sweep(ctx context.Context, now time.Time) (int, error) {
	op := "sweep " + d.prefix
	var doomed []Pair
	var all error
	for found, err := range documentsBelow[T](ctx, d.kv, d.prefix, op) {
		if err != nil {
			all = errors.Join(all, err)
			continue
		}
		if d.ended(found.value, now) {
			doomed = append(doomed, Pair{Key: found.key, Revision: found.revision})
		}
	}
	n, err := removeAll(ctx, d.kv, op, doomed)
	return n, errors.Join(all, err)
}
