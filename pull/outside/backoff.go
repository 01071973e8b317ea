package outside

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"keypull/pull/words"
)

// BackOffs keeps over restarts until when hosts want to be left alone.
type BackOffs interface {
	// Load returns the moments by host, which is a name and a port.
	Load(ctx context.Context) (map[string]time.Time, error)
	// Keep writes one down, in place of the host's former one; the zero time
	// forgets it.
	Keep(ctx context.Context, host string, until time.Time) error
}

// backOffTimeout bounds reading and writing down.
const backOffTimeout = 5 * time.Second

// backOffs are until when hosts want to be left alone: what one response said
// binds every request but messages, whose platforms count by rules of their own.
type backOffs struct {
	options *Options
	loaded  sync.Once
	// writing keeps what is written down in order, so that nobody else waits.
	writing sync.Mutex
	mu      sync.Mutex
	until   map[string]time.Time
	// since is when each was noted here, or read.
	since map[string]time.Time
}

// checkHost refuses while the host wants to be left alone.
func (r *backOffs) checkHost(ctx context.Context, h *host) error {
	r.loaded.Do(func() { r.loadKept(ctx) })
	r.mu.Lock()
	until, since := r.until[h.place], r.since[h.place]
	r.mu.Unlock()
	// What lies more than a day ahead was noted by a clock that was wrong; one
	// that shows less than it did then was set back.
	now := r.options.Clock()
	if left := until.Sub(now); left <= 0 || left > maxRetryAfter || now.Before(since) {
		return nil
	}
	return backedOffError(h.name, until)
}

func backedOffError(host string, until time.Time) error {
	return &Error{Reason: BackedOff, Host: host, RetryAt: until,
		Hint: words.Text{Key: "outside.resting", Args: words.Args{"until": until.UTC().Format(time.RFC3339)}}}
}

func (r *backOffs) loadKept(ctx context.Context) {
	r.until, r.since = map[string]time.Time{}, map[string]time.Time{}
	if r.options.BackOffs == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backOffTimeout)
	defer cancel()
	kept, err := r.options.BackOffs.Load(ctx)
	if err != nil {
		r.options.Logger.Warn("until when hosts want to be left alone could not be read", "error", err)
	}
	r.mu.Lock()
	now := r.options.Clock()
	for host, until := range kept {
		r.until[host], r.since[host] = until, now
	}
	r.mu.Unlock()
}

// noteRetryAt remembers what a response said. A shorter rest never ends a longer one.
func (r *backOffs) noteRetryAt(ctx context.Context, h *host, until time.Time) {
	if until.IsZero() {
		return
	}
	now := r.options.Clock()
	r.mu.Lock()
	known := r.until[h.place]
	longer := until.After(now) && (until.After(known) || known.Sub(now) > maxRetryAfter || now.Before(r.since[h.place]))
	if longer {
		r.until[h.place], r.since[h.place] = until, now
	}
	over := r.forgetOver(now)
	r.mu.Unlock()
	if longer {
		r.keepHosts(ctx, append(over, h.place)...)
	}
}

// forgetOver drops the rests that are over once there are many, then those that
// end first, and returns their hosts.
func (r *backOffs) forgetOver(now time.Time) []string {
	if len(r.until) <= maxHosts {
		return nil
	}
	hosts := slices.Collect(maps.Keys(r.until))
	slices.SortFunc(hosts, func(a, b string) int { return r.until[a].Compare(r.until[b]) })
	n := 0
	for len(hosts)-n > maxHosts || n < len(hosts) && !r.until[hosts[n]].After(now) {
		delete(r.until, hosts[n])
		delete(r.since, hosts[n])
		n++
	}
	return hosts[:n]
}

// keepHosts writes down what is known of hosts. Failing that costs what upstream
// asked for after a restart, and no reader anything.
func (r *backOffs) keepHosts(ctx context.Context, hosts ...string) {
	if r.options.BackOffs == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backOffTimeout)
	defer cancel()
	r.writing.Lock()
	defer r.writing.Unlock()
	for _, host := range hosts {
		r.mu.Lock()
		until := r.until[host]
		r.mu.Unlock()
		if err := r.options.BackOffs.Keep(ctx, host, until); err != nil {
			r.options.Logger.Warn("until when a host wants to be left alone could not be written down", "host", host, "error", err)
		}
	}
}

// waitForRedirect waits before a redirect is followed whose host asked for it; where
// there is no time for that, it refuses.
func waitForRedirect(ctx context.Context, host string, wait time.Duration, until time.Time) error {
	if wait <= 0 {
		return nil
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait {
		return backedOffError(host, until)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &Error{Reason: TimedOut, Host: host, Hint: words.Text{Key: "outside.given_up_resting"}, RetryAt: until,
			Err: fmt.Errorf("wait for %s: %w", host, ctx.Err())}
	}
}
