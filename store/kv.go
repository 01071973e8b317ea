package store

import (
	"context"
	"errors"
)

// Limits of keys and values. A key is segments of [A-Za-z0-9_-] joined by
// points; a resource that needs other bytes hex-encodes them.
const (
	MaxKeyBytes   = 256
	MaxValueBytes = 512 << 10
	MaxPage       = 1000
)

// Errors that callers act on.
var (
	// ErrNotFound: the key holds nothing.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict: the revision is not the one that was expected.
	ErrConflict = errors.New("store: revision conflict")
	// ErrKey: the key is empty, too long, or has a character it may not have.
	ErrKey = errors.New("store: bad key")
	// ErrTooLarge: the value passes MaxValueBytes.
	ErrTooLarge = errors.New("store: value too large")
	// ErrFull: the disk or the configured size is used up; reads go on.
	ErrFull = errors.New("store: full")
	// ErrClosed: the store has been closed.
	ErrClosed = errors.New("store: closed")
	// ErrDamaged: what is kept is damaged, gone, or not what belongs here, and the
	// store can't go on; the error says what to do.
	ErrDamaged = errors.New("store: damaged or lost")
	// ErrInUse: another process holds the store.
	ErrInUse = errors.New("store: in use by another process")
)

// Revision is the version of a key's value. Revisions grow with every write, of
// whatever key, and are never used again, not even after a delete.
type Revision uint64

// Two revisions have a meaning of their own when handed to Put or Delete.
const (
	// Absent: only if the key holds nothing.
	Absent Revision = 0
	// Any: whatever it holds.
	Any Revision = 1<<64 - 1
)

// Pair is one key with its value.
type Pair struct {
	Key      string
	Value    []byte
	Revision Revision
	// Bind, where set in a batch, makes of Value what is written in its place, at
	// most MaxBound bytes longer, once it is known at which revision. It is called
	// by the writer, more than once if need be, and must neither wait nor fail.
	Bind func(value []byte, at Revision) []byte
}

// MaxBound is how much longer a value or payload may become when it is bound.
const MaxBound = 64

// Change is one write that a watcher is told of. Value is nil after a delete.
type Change struct {
	Key      string
	Value    []byte
	Revision Revision
}

// KV holds values by key. Callers own the slices they hand over again as soon
// as the call returns, and the ones they get for ever. A cancelled context
// ends a call with the context's error; a write may then still happen.
type KV interface {
	// Get returns the value, or ErrNotFound.
	Get(ctx context.Context, key string) (Pair, error)
	// Put writes durably if the key is at revision when, and returns the new
	// one; else ErrConflict, and nothing is changed. An empty value is a value.
	Put(ctx context.Context, key string, value []byte, when Revision) (Revision, error)
	// Delete removes the key if it is at revision when; removing what is not
	// there is no error with Any and ErrConflict with anything else.
	Delete(ctx context.Context, key string, when Revision) error
	// Scan returns the pairs below prefix, in byte order of their keys, after
	// the key after (exclusive; "" starts at the front): at most limit, which
	// is between 1 and MaxPage. prefix is whole segments without the last
	// point: "a.b" matches "a.b.c" and not "a.bc" nor "a.b"; "" matches all.
	Scan(ctx context.Context, prefix, after string, limit int) ([]Pair, error)
	// Watch tells of every change below prefix (as in Scan) that is made after
	// it returned, in order, until ctx ends; then the channel is closed. A
	// watcher that does not keep up sees the channel closed early and scans.
	Watch(ctx context.Context, prefix string) (<-chan Change, error)
}
