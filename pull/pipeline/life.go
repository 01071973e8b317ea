package pipeline

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
)

// life is what all parts of a Pipeline share: its clock and log, when it ends, and
// who works for it.
type life struct {
	clock  func() time.Time
	logger *slog.Logger
	// claiming ends first, working when the drain is over.
	claiming, working     context.Context
	endClaims, endWorking context.CancelFunc
	goroutines            sync.WaitGroup
	workers               workerPool
	// pending counts what was accepted and is not finished.
	pending atomic.Int64
	// ended, where set, hears of every ask for which nothing more is done.
	ended func(a *pull.Ask)
}

func newLife(o *Options) *life {
	l := &life{clock: o.Clock, logger: o.Logger, ended: o.Ended}
	l.workers = newWorkerPool(&l.goroutines, l.logBroken)
	l.claiming, l.endClaims = context.WithCancel(context.Background())
	l.working, l.endWorking = context.WithCancel(context.Background())
	return l
}

// runSteadily runs what must go on for as long as asks are claimed.
func (l *life) runSteadily(what string, f func()) {
	l.goroutines.Go(func() { pull.KeepRunning(l.claiming, l.logger, what, func(context.Context) { f() }) })
}

// logBroken hears of a worker's job that broke down where nothing else caught it.
func (l *life) logBroken(err error) {
	l.logger.Error("something broke down in a reader's line", "error", err)
}

// logStep writes down a step of an ask, for whoever follows one: nothing of the reader or the words.
func (l *life) logStep(step string, a *pull.Ask, more ...any) {
	if l.logger.Enabled(l.working, slog.LevelDebug) {
		l.logger.With("publisher", a.Publisher, "channel", a.Channel, "ask", a.ID).Debug(step, more...) //nolint:sloglint // three steps, each a sentence of its own
	}
}

// noteFinished notes that nothing more is done for an ask.
func (l *life) noteFinished(a *pull.Ask) {
	l.logStep("an ask is finished", a)
	l.pending.Add(-1)
	if l.ended != nil {
		l.ended(a)
	}
}

// timeQueued returns how long an ask stood in its queue, also while no process ran.
func (l *life) timeQueued(a pull.Ask) time.Duration { return max(l.clock().Sub(a.At), 0) }

// notAfterNow returns a moment that was written down, or the present one where a clock
// that ran ahead wrote it.
func (l *life) notAfterNow(at time.Time) time.Time {
	if now := l.clock(); at.After(now) {
		return now
	}
	return at
}
