package webchat

import (
	"sync"
	"time"
)

// limiter keeps the pace of each session. Sessions that have rested long
// enough to be fresh again are forgotten.
type limiter struct {
	mu    sync.Mutex
	empty map[string]time.Time
}

const limiterSize = 20_000

func newLimiter() *limiter { return &limiter{empty: map[string]time.Time{}} }

// allow takes one message from a session's allowance. The bucket is kept as
// the moment at which it would have been empty.
func (l *limiter) allow(session string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	empty, known := l.empty[session]
	// A clock that was set back leaves nobody waiting for it to come round again.
	if full := now.Add(-refilled); !known || empty.Before(full) || empty.After(now.Add(refilled)) {
		empty = full
	}
	empty = empty.Add(time.Second / perSecond)
	if empty.After(now) {
		return false
	}
	if !known {
		l.tidy(now)
	}
	l.empty[session] = empty
	return true
}

// tidy looks at two sessions, whichever, for each new one, and forgets those
// that have rested: a burst leaves memory again.
func (l *limiter) tidy(now time.Time) {
	looked := 0
	for session, empty := range l.empty {
		if now.Sub(empty).Abs() >= refilled {
			delete(l.empty, session)
		}
		if looked++; looked == 2 {
			break
		}
	}
	if len(l.empty) >= limiterSize {
		l.forget(now)
	}
}

// drop forgets one session.
func (l *limiter) drop(session string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.empty, session)
}

// forget drops sessions with a full allowance; where there are none, all: a
// flood must not use up memory.
func (l *limiter) forget(now time.Time) {
	for session, empty := range l.empty {
		if now.Sub(empty) >= refilled {
			delete(l.empty, session)
		}
	}
	if len(l.empty) >= limiterSize {
		clear(l.empty)
	}
}
