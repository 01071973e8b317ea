package outside

import (
	"context"
	"sync"
	"time"

	"keypull/pull/words"
)

// Requests that nobody waits for begin at one host crawlBurst at once, and from
// then on crawlRate a second, of whatever sources and publishers they are: a
// site that answers at once is not walked through as fast as it can.
const (
	crawlRate  = 40
	crawlBurst = 100
)

// pace hands out the moments at which requests may begin.
type pace struct {
	mu sync.Mutex
	// due is when the next one would be, were none let go ahead.
	due time.Time
}

// next takes a moment and tells how far it is off. One that is further off than
// most is not taken; false then.
func (p *pace) next(now time.Time, most time.Duration) (wait time.Duration, taken bool) {
	const gap = time.Second / crawlRate
	p.mu.Lock()
	defer p.mu.Unlock()
	if earliest := now.Add(-crawlBurst * gap); p.due.Before(earliest) || p.due.Sub(now) > MaxDuration {
		p.due = earliest
	}
	wait = p.due.Add(gap).Sub(now)
	if wait > most {
		return wait, false
	}
	p.due = p.due.Add(gap)
	return wait, true
}

// paced waits for the moment of a request that nobody waits for, and up to a
// quarter longer, so that crawls do not march in step.
func (h *host) paced(ctx context.Context) error {
	crowded := &Error{Reason: Crowded, Host: h.name, Hint: words.Text{Key: "outside.crowded"}}
	most := MaxDuration
	if until, ok := ctx.Deadline(); ok {
		most = time.Until(until)
	}
	wait, taken := h.crawling.next(h.options.Clock(), most)
	if !taken {
		return crowded
	}
	if wait <= 0 {
		return nil
	}
	if h.options.Jitter != nil {
		wait += h.options.Jitter(wait / 4)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		crowded.Err = context.Cause(ctx)
		return crowded
	}
}
