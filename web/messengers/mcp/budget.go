package mcp

import (
	"sync"
	"time"
)

// maxCounted bounds whose pace is remembered.
const maxCounted = 20_000

// budgets count what is asked in a minute. They are safe for concurrent use.
type budgets struct {
	mu sync.Mutex
	// empty is, by who counts as one, the moment at which the allowance would have
	// been used up.
	empty map[string]time.Time
}

func newBudgets() *budgets { return &budgets{empty: map[string]time.Time{}} }

// take takes one from an allowance of so many a minute, 0 being as many as come;
// else it tells how long to wait.
func (b *budgets) take(who string, perMinute int, now time.Time) time.Duration {
	if perMinute <= 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	empty, known := b.empty[who]
	// A clock that was set back leaves nobody waiting for it to come round again.
	if full := now.Add(-time.Minute); !known || empty.Before(full) || empty.After(now.Add(time.Minute)) {
		empty = full
	}
	next := empty.Add(time.Minute / time.Duration(perMinute))
	if next.After(now) {
		return next.Sub(now)
	}
	if !known {
		b.tidy(now)
	}
	b.empty[who] = next
	return 0
}

// tidy looks at two of those who are known, whoever, for each new one, and forgets
// them where their allowance is whole again; where there are too many all the
// same, everybody: a flood must not use up memory.
func (b *budgets) tidy(now time.Time) {
	looked := 0
	for who, empty := range b.empty {
		if now.Sub(empty).Abs() >= time.Minute {
			delete(b.empty, who)
		}
		if looked++; looked == 2 {
			break
		}
	}
	if len(b.empty) >= maxCounted {
		channel := b.empty["channel"]
		clear(b.empty)
		b.empty["channel"] = channel
	}
}
