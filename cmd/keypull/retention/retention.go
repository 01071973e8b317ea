// Package retention decides when what is past its time is dropped: every night,
// and soon after a start where a night was missed, by a clock that may be
// believed. What is dropped, and how, is for whoever hands the work in.
package retention

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"keypull/pull"
	"keypull/pull/when"
	"keypull/store"
)

// How often is looked, and how soon after the start; how often the clock is
// noted, and how long a night that failed waits for another try.
const (
	afterStart = 10 * time.Second
	lookEvery  = time.Minute
	noteEvery  = time.Hour
	tryAgain   = time.Hour
	// grace is how long what belongs to something that is gone is kept for it.
	grace = 24 * time.Hour
	// ahead is how far in the future the last time may lie without having been
	// noted by a clock that was wrong.
	ahead = 24 * time.Hour
)

// nightly is when it is done, in UTC.
const nightly = "17 3 * * *"

// Options are what a Sweeper works with.
type Options struct {
	KV store.KV
	// Clock is the one on the wall, Passed the time that has passed since some
	// moment; time since New where nil.
	Clock  func() time.Time
	Passed func() time.Duration
	// Work drops what is past its time; what it changes in known is kept.
	Work   func(ctx context.Context, now time.Time, known *store.Retention) error
	Logger *slog.Logger
}

// Sweeper has things dropped in time. One goroutine may use it.
type Sweeper struct {
	Options
	schedule when.Schedule
	seen     *store.Seen
	trust    *when.Trust
	known    store.Retention
	// again is when a night that failed is tried again, in time that passed.
	again time.Duration
}

// New returns a Sweeper that knows what the store does. It marks what was written
// by an earlier process, so it comes before anything is written.
func New(ctx context.Context, o Options) (*Sweeper, error) {
	if o.Passed == nil {
		began := time.Now()
		o.Passed = func() time.Duration { return time.Since(began) }
	}
	k := &Sweeper{Options: o, seen: store.NewSeen(o.KV)}
	var err error
	if k.schedule, err = when.ParseSchedule(nightly, time.UTC); err != nil {
		return nil, fmt.Errorf("the schedule of retention: %w", err)
	}
	if k.known, err = store.LoadRetention(ctx, o.KV); err != nil {
		return nil, err
	}
	now := o.Clock()
	k.trust = when.NewTrust(k.known.Believed, now, o.Passed())
	if !k.trust.Look(now, o.Passed()) {
		o.Logger.Warn("the clock tells a time that is not plausible; nothing is dropped by age before it has gone on evenly for an hour",
			"now", now, "last", k.known.Believed)
		return k, nil
	}
	if err := k.seen.Begin(ctx, now); err != nil {
		return nil, err
	}
	return k, k.note(ctx, now)
}

// Run looks after it until ctx ends.
func (s *Sweeper) Run(ctx context.Context) {
	for wait := afterStart; ; wait = lookEvery {
		if pull.Sleep(ctx, wait); ctx.Err() != nil {
			return
		}
		s.Look(ctx)
	}
}

// Look does what is due.
func (s *Sweeper) Look(ctx context.Context) {
	now, passed := s.Clock(), s.Passed()
	if !s.trust.Look(now, passed) {
		return
	}
	if since := now.Sub(s.known.Believed); since >= noteEvery || since < 0 {
		if err := s.note(ctx, now); err != nil {
			s.Logger.Warn("the day could not be marked", "error", err)
		}
	}
	if !s.due(now) || passed < s.again {
		return
	}
	if err := s.work(ctx, now); err != nil && ctx.Err() == nil {
		s.again = passed + tryAgain
		s.Logger.Error("what is past its retention could not be dropped; trying again in an hour", "error", err)
	}
}

func (s *Sweeper) due(now time.Time) bool {
	last := s.known.Last
	return last.IsZero() || last.After(now.Add(ahead)) || !s.schedule.Next(last).After(now)
}

func (s *Sweeper) work(ctx context.Context, now time.Time) error {
	if err := s.Work(ctx, now, &s.known); err != nil {
		return err
	}
	s.known.Last = now.Round(0)
	return store.SaveRetention(ctx, s.KV, s.known)
}

// note writes down that the clock tells this time.
func (s *Sweeper) note(ctx context.Context, now time.Time) error {
	if err := s.seen.Mark(ctx, now); err != nil {
		return err
	}
	s.known.Believed = now.Round(0)
	return store.SaveRetention(ctx, s.KV, s.known)
}

// Absence tells what has been gone for so long that what is kept for it may go:
// a day. What comes back meanwhile finds everything.
type Absence struct {
	now   time.Time
	since map[string]time.Time
	known map[string]time.Time
}

// NewAbsence begins one round; End ends it.
func NewAbsence(known *store.Retention, now time.Time) *Absence {
	return &Absence{now: now.Round(0), since: map[string]time.Time{}, known: known.Gone}
}

// Gone notes that something is not there, and says whether it has been so for
// long enough.
func (a *Absence) Gone(name string) bool {
	since, ok := a.known[name]
	if !ok || since.After(a.now) {
		since = a.now
	}
	a.since[name] = since
	return a.now.Sub(since) >= grace
}

// End has the next round know what this one found.
func (a *Absence) End(known *store.Retention) { known.Gone = a.since }
