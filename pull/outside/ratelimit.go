package outside

import (
	"context"
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

// waitToCrawl waits until the rate limit lets a request begin that nobody waits
// for, and up to a quarter longer, so that crawls do not march in step.
func (h *host) waitToCrawl(ctx context.Context) error {
	crowded := &Error{Reason: Crowded, Host: h.name, Hint: words.Text{Key: "outside.crowded"}}
	now, longest := h.options.Clock(), MaxDuration
	if until, ok := ctx.Deadline(); ok {
		longest = time.Until(until)
	}
	reserved := h.crawlLimit.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait > longest {
		reserved.CancelAt(now)
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
