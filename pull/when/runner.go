package when

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"
)

// DefaultJitter is the most that a run is put off where a Runner says nothing.
const DefaultJitter = 5 * time.Second

// longestNap bounds how long a Runner sleeps before it looks at the clock
// again, which may have been set in the meantime.
const longestNap = time.Minute

// Runner runs a job by a schedule.
type Runner struct {
	Schedule Schedule
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Rand puts each run off by up to Jitter, so that not all sources are
	// asked in the same second; nil never does. The Runner alone may use it.
	Rand *rand.Rand
	// Jitter is zero for DefaultJitter. It is never more than a tenth of the
	// time to the run after.
	Jitter time.Duration
	// Logger is told of a job that panicked; nil means nobody is.
	Logger *slog.Logger
}

// Run runs the job each time it is due until ctx ends, in the caller's
// goroutine. A job that still runs when it is due again skips that turn, and
// one that panics is logged and runs again next time. Turns missed while the
// process was not running are not made up for. It returns at once where the
// schedule has no next moment.
func (r *Runner) Run(ctx context.Context, job func(context.Context)) {
	var last time.Time
	for {
		after := r.now()
		if back := last.Sub(after); 0 < back && back < time.Hour {
			after = last
		}
		due := r.Schedule.Next(after)
		if due.IsZero() {
			return
		}
		switch r.sleepUntil(ctx, due.Add(r.jitter(due))) {
		case ended:
			return
		case setBack:
			continue
		}
		last = due
		r.once(ctx, job)
	}
}

// now returns what the clock on the wall shows, and nothing of the time that passes.
func (r *Runner) now() time.Time {
	if r.Clock == nil {
		return time.Now().Round(0)
	}
	return r.Clock().Round(0)
}

func (r *Runner) jitter(due time.Time) time.Duration {
	most := r.Jitter
	if most == 0 {
		most = DefaultJitter
	}
	if following := r.Schedule.Next(due); !following.IsZero() {
		most = min(most, following.Sub(due)/10)
	}
	if r.Rand == nil || most <= 0 {
		return 0
	}
	return time.Duration(r.Rand.Int64N(int64(most)))
}

// How sleeping ended.
type waking uint8

const (
	onTime waking = iota
	ended
	// setBack: the clock was, so that the moment may be far off now.
	setBack
)

// sleepUntil waits for a moment, or until ctx ends or the clock is set back by
// an hour and more.
func (r *Runner) sleepUntil(ctx context.Context, due time.Time) waking {
	for before := r.now(); ; {
		now := r.now()
		left := due.Sub(now)
		switch {
		case ctx.Err() != nil:
			return ended
		case before.Sub(now) >= time.Hour:
			return setBack
		case left <= 0:
			return onTime
		}
		before = now
		nap := time.NewTimer(min(left, longestNap))
		select {
		case <-ctx.Done():
			nap.Stop()
			return ended
		case <-nap.C:
		}
	}
}

func (r *Runner) once(ctx context.Context, job func(context.Context)) {
	defer func() {
		if p := recover(); p != nil && r.Logger != nil {
			r.Logger.ErrorContext(ctx, "a scheduled job panicked", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	job(ctx)
}
