package outside

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Large bodies are in memory a few at a time: what is larger than smallBody
// waits until it fits beside the others.
const (
	smallBody = 512 << 10
	largeBody = 32 << 20
)

// holdings are the large bodies that were read under one context.
type holdings struct {
	mu    sync.Mutex
	bytes int64
	of    *semaphore.Weighted
}

type holdingsMark struct{}

// Holding lets the large bodies that are read under a context count as held
// until Release, or until release, is called: a caller that keeps a body while
// it waits to be parsed. Otherwise they count only while they are read.
func Holding(ctx context.Context) (held context.Context, release func()) {
	held = context.WithValue(ctx, holdingsMark{}, &holdings{})
	return held, func() { Release(held) }
}

// Release says that the bodies read under a context so far are done with.
func Release(ctx context.Context) {
	h, ok := ctx.Value(holdingsMark{}).(*holdings)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes > 0 {
		h.of.Release(h.bytes)
		h.bytes = 0
	}
}

// room is where one large body is read: it takes its bytes once, and gives
// them back by done unless the context holds them.
type room struct {
	ctx   context.Context //nolint:containedctx // it lives for one read
	of    *semaphore.Weighted
	taken int64
}

// take waits for room for a body of that size. Nil is room without end, for
// answers to what is sent.
func (r *room) take(bytes int64) error {
	if r == nil || r.taken > 0 {
		return nil
	}
	bytes = min(bytes, largeBody)
	if !r.of.TryAcquire(bytes) {
		defer Waits(r.ctx)()
		if err := r.of.Acquire(r.ctx, bytes); err != nil {
			return fmt.Errorf("wait for memory: %w", err)
		}
	}
	r.taken = bytes
	return nil
}

func (r *room) done() {
	if r.taken == 0 {
		return
	}
	h, ok := r.ctx.Value(holdingsMark{}).(*holdings)
	if !ok {
		r.of.Release(r.taken)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bytes, h.of = h.bytes+r.taken, r.of
}
