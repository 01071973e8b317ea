package outside

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull/words"
)

// After tripAfter failures in a row a host is asked once per pause.
const (
	tripAfter = 3
	maxPause  = time.Second
)

// breaker spares requests to a host that does not answer. It costs a reader
// who asks again next to nothing: the pause after a failure is as long as the
// failure took, at most maxPause. A refused connection is tried again at once,
// a host that hangs once a second, also while an earlier try still hangs; the
// first answer ends it.
type breaker struct {
	failures atomic.Int32
	mu       sync.Mutex
	pause    time.Duration
	next     time.Time
	answered time.Time
}

// admitRequest refuses while the host is known not to answer, save for one try a pause.
func (b *breaker) admitRequest(h *host, now time.Time) error {
	failures := b.failures.Load()
	if failures < tripAfter {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if wait := b.next.Sub(now); wait > 0 && wait <= maxPause {
		return &Error{
			Reason: Busy, Host: h.name, RetryAt: b.next,
			Hint: words.Text{Key: "outside.silent", Args: words.Args{"count": failures}},
		}
	}
	b.next = now.Add(b.pause)
	return nil
}

// noteAnswer notes that the host answers, and reports whether it did not before.
func (b *breaker) noteAnswer(now time.Time) bool {
	b.mu.Lock()
	b.answered = now
	b.mu.Unlock()
	return b.failures.Load() != 0 && b.failures.Swap(0) >= tripAfter
}

// noteFailure notes a failure, and reports whether the host is left alone from now on.
// Who was answered meanwhile proves that the host is there.
func (b *breaker) noteFailure(began, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.answered.After(began) {
		return false
	}
	b.pause = min(max(now.Sub(began), 0), maxPause)
	b.next = now.Add(b.pause)
	return b.failures.Add(1) == tripAfter
}

// isHostFailure tells the failures of a host from those of a request. A caller who
// gave up by himself says nothing of the host.
func isHostFailure(err error) bool {
	if err == nil {
		return false
	}
	var e *Error
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return false
	}
	switch e.Reason {
	case NotFound, Unreachable, TimedOut, Garbled:
		return true
	}
	return false
}

// wasReached reports whether the host took the request. One page that hangs or breaks
// off says nothing of the others.
func wasReached(err error) bool {
	var e *Error
	return err == nil || errors.As(err, &e) && e.Sent
}
