package outside

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxHosts bounds what is remembered of hosts.
	maxHosts = 4096
	// patience is how long a fetch waits politely for the ones before it; a
	// host may have overtaking more of them under way after that.
	patience   = 250 * time.Millisecond
	overtaking = 16
	// After tripAfter failures in a row a host is asked once per pause.
	tripAfter = 3
	maxPause  = time.Second
)

// hosts remembers the hosts that were asked.
type hosts struct {
	options *Options
	mu      sync.RWMutex
	known   map[string]*host
}

func (hs *hosts) at(name string) *host {
	hs.mu.RLock()
	h := hs.known[name]
	hs.mu.RUnlock()
	if h != nil {
		return h
	}
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if h := hs.known[name]; h != nil {
		return h
	}
	if hs.known == nil || len(hs.known) >= maxHosts {
		// Requests under way keep the host that they hold.
		hs.known = map[string]*host{}
	}
	h = newHost(name, hs.options)
	hs.known[name] = h
	return h
}

// host keeps one host's troubles from everybody else: how many requests are
// under way, and whether it answers at all.
//
// Its breaker costs a reader who asks again next to nothing: the pause after a
// failure is as long as the failure took, at most maxPause. A refused
// connection is tried again at once, a host that hangs once a second, also
// while an earlier try still hangs; the first answer ends it.
type host struct {
	name    string
	options *Options
	fetches chan struct{}
	more    chan struct{}
	sends   chan struct{}

	failures atomic.Int32
	mu       sync.Mutex
	pause    time.Duration
	next     time.Time
}

func newHost(name string, o *Options) *host {
	return &host{
		name: name, options: o,
		fetches: make(chan struct{}, o.Fetches),
		more:    make(chan struct{}, overtaking),
		sends:   make(chan struct{}, o.Sends),
	}
}

// enter waits for a place at the host; release gives it back.
func (h *host) enter(ctx context.Context, send bool) (release func(), err error) {
	if err := h.admit(); err != nil {
		return nil, err
	}
	if send {
		return h.take(ctx, h.sends)
	}
	select {
	case h.fetches <- struct{}{}:
		return func() { <-h.fetches }, nil
	default:
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case h.fetches <- struct{}{}:
		return func() { <-h.fetches }, nil
	case <-wait.C:
		return h.take(ctx, h.more)
	case <-ctx.Done():
		return nil, h.crowded(ctx)
	}
}

func (h *host) take(ctx context.Context, places chan struct{}) (func(), error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, h.crowded(ctx)
	}
}

func (h *host) crowded(ctx context.Context) error {
	return &Error{Reason: Crowded, Host: h.name, Hint: "too many requests to this host are under way; try again in a moment", Err: context.Cause(ctx)}
}

// admit refuses while the host is known not to answer, save for one try a pause.
func (h *host) admit() error {
	if h.failures.Load() < tripAfter {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.options.Clock()
	if now.Before(h.next) {
		return &Error{
			Reason: Busy, Host: h.name, RetryAt: h.next,
			Hint: fmt.Sprintf("the host did not answer %d times in a row; it is tried again in a moment", h.failures.Load()),
		}
	}
	h.next = now.Add(h.pause)
	return nil
}

// report takes note of how an exchange ended.
func (h *host) report(err error, took time.Duration, now time.Time) {
	if !broken(err) {
		if h.failures.Load() != 0 && h.failures.Swap(0) >= tripAfter {
			h.options.Logger.Info("host answers again", "host", h.name)
		}
		return
	}
	h.mu.Lock()
	h.pause = min(max(took, 0), maxPause)
	h.next = now.Add(h.pause)
	h.mu.Unlock()
	if h.failures.Add(1) == tripAfter {
		h.options.Logger.Warn("host does not answer", "host", h.name, "error", err)
	}
}

// broken tells the failures of a host from those of a request. A caller who
// gave up by himself says nothing of the host.
func broken(err error) bool {
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
