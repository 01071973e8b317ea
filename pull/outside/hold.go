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

// HeldBodies are large bodies that count as in memory until Release: those of a
// caller that keeps them while they wait to be parsed.
type HeldBodies struct {
	mu    sync.Mutex
	bytes int64
	of    *semaphore.Weighted
}

// Release says that the bodies read so far are done with.
func (h *HeldBodies) Release() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes > 0 {
		h.of.Release(h.bytes)
		h.bytes = 0
	}
}

// bodyRoom is the memory of one large body: taken once, and given back by
// releaseRoom unless the errand holds its bodies.
type bodyRoom struct {
	ctx    context.Context //nolint:containedctx // it lives for one read
	errand Errand
	of     *semaphore.Weighted
	taken  int64
}

// takeRoom waits for room for a body of that size. A nil room has no end, for
// answers to what is sent.
func (r *bodyRoom) takeRoom(bytes int64) error {
	if r == nil || r.taken > 0 {
		return nil
	}
	bytes = min(bytes, largeBody)
	if !r.of.TryAcquire(bytes) {
		defer r.errand.Pause()()
		if err := r.of.Acquire(r.ctx, bytes); err != nil {
			return fmt.Errorf("wait for memory: %w", err)
		}
	}
	r.taken = bytes
	return nil
}

func (r *bodyRoom) releaseRoom() {
	h := r.errand.Bodies
	switch {
	case r.taken == 0:
	case h == nil:
		r.of.Release(r.taken)
	default:
		h.mu.Lock()
		defer h.mu.Unlock()
		h.bytes, h.of = h.bytes+r.taken, r.of
	}
}
