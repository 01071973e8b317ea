package store

import (
	"context"
	"time"

	"keypull/pull"
)

// CopyPace is how many bytes a second a copy of a store takes while others wait for what they
// write to it.
const CopyPace = 20_000_000

// Pace holds a copy to CopyPace. What was idle before is not made up for. The zero value is
// ready.
type Pace struct{ until time.Time }

// shortWait is what a timer is not worth.
const shortWait = 5 * time.Millisecond

// Wait waits as long as so many bytes take, or until ctx ends.
func (p *Pace) Wait(ctx context.Context, bytes int) {
	now := time.Now()
	if p.until.Before(now) {
		p.until = now
	}
	p.until = p.until.Add(time.Duration(bytes) * time.Second / CopyPace)
	if wait := p.until.Sub(now); wait >= shortWait {
		pull.Sleep(ctx, wait)
	}
}
