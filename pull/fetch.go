package pull

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"keypull/pull/outside"
	"keypull/pull/words"
)

// errLimit ends a fetch that has taken too long.
var errLimit = errors.New("the source did not answer in time")

// flightLimit returns how long a flight may take: well beyond the deadline, since the
// next asker can use what comes too late for this one, but not for ever.
func (w Want) flightLimit() time.Duration {
	if w.Wait == 0 {
		return flightTimeout
	}
	return min(flightTimeout, max(3*w.Wait, 15*time.Second))
}

// stopwatch is what upstream's time is measured by, and the context of a fetch,
// whose deadline it tells: it stands still while the flight waits for us.
type stopwatch struct {
	context.Context //nolint:containedctx // it is one
	want            Want
	late, limit     *time.Timer
	// end is when the limit is reached, nil while the clock stands still.
	end atomic.Pointer[time.Time]
}

// Deadline is by when a source should hand over what it has.
func (c *stopwatch) Deadline() (time.Time, bool) {
	last, ok := c.Context.Deadline()
	if end := c.end.Load(); end != nil && (!ok || end.Before(last)) {
		return *end, true
	}
	return last, ok
}

func (c *stopwatch) stop() {
	c.end.Store(nil)
	c.late.Stop()
	c.limit.Stop()
}

func (c *stopwatch) start() {
	end := time.Now().Add(c.want.flightLimit())
	c.end.Store(&end)
	c.late.Reset(c.want.Wait)
	c.limit.Reset(c.want.flightLimit())
}

// fetchSource asks the source as soon as it is the asker's turn. If the source panics,
// that is its error.
func (k *flights) fetchSource(f *flight, w Want, last *Snapshot) (s Snapshot, err error) {
	done, err := k.enterGate(f, w)
	if err != nil {
		return Snapshot{}, err
	}
	defer done()
	errand := outside.Errand{Asker: w.ID.Publisher + "/" + w.ID.Source, Background: w.Wait == 0, Computing: w.behalf, Bodies: &outside.HeldBodies{}}
	ctx, end := k.startClock(f, w, &errand)
	defer end()
	defer errand.Bodies.Release()
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Kind: Internal, Op: "fetch " + w.ID.Source, Hint: words.Text{Key: "fetch.broke_down", Args: words.Args{"reason": fmt.Sprint(p)}}}
		}
	}()
	began := k.clock()
	s, err = k.sharing.fetchShared(outside.Record(outside.WithErrand(ctx, errand), func(e outside.Exchange) { f.bytes.Add(int64(e.Bytes)) }), w, last)
	f.took = k.clock().Sub(began)
	switch {
	case err != nil && context.Cause(ctx) == errLimit && KindOf(err) != Crowded: //nolint:errorlint // it is the very one
		return s, &Error{Kind: Unavailable, Op: "fetch " + w.ID.Source, Hint: words.Text{Key: "fetch.too_slow", Args: words.Args{"limit": w.flightLimit().String()}}, Err: errLimit}
	case err != nil:
		return s, fmt.Errorf("fetch %s: %w", w.ID.Source, err)
	}
	if s.Fetched.IsZero() {
		s.Fetched = k.clock()
	}
	return s, nil
}

// startClock starts upstream's clock, which the errand stops while the fetch waits for us;
// end gives the fetch up.
func (k *flights) startClock(f *flight, w Want, e *outside.Errand) (ctx context.Context, end func()) {
	ctx, cancel := context.WithTimeout(k.life, flightTimeout)
	k.mu.Lock()
	f.started, f.cancel = k.clock(), cancel
	k.mu.Unlock()
	if w.Wait == 0 {
		return ctx, cancel
	}
	ctx, give := context.WithCancelCause(ctx)
	c := &stopwatch{
		Context: ctx, want: w,
		late:  time.AfterFunc(w.Wait, func() { k.markOverdue(f, w) }),
		limit: time.AfterFunc(w.flightLimit(), func() { give(errLimit) }),
	}
	c.start()
	e.Waiting = func(waiting, answered bool) { k.noteQueued(f, c, waiting, answered) }
	return c, func() {
		c.stop()
		give(nil)
		cancel()
	}
}

// noteQueued stops upstream's clock while a flight waits for a place at its host,
// which others of the host's sources have, so that upstream is not asked yet;
// and while what it answered waits to be read.
func (k *flights) noteQueued(f *flight, c *stopwatch, waiting, answered bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.answered = f.answered || answered
	if waiting {
		c.stop()
		f.started, f.leave = time.Time{}, f.cancel
		return
	}
	f.started, f.leave = k.clock(), func() {}
	c.start()
}

// fetchRest fetches what an unfinished snapshot lacks, while readers are answered by
// the part that is there.
func (k *flights) fetchRest(w Want, s *Snapshot) {
	if s == nil || !s.Unfinished {
		return
	}
	w.Wait, w.Computing, w.behalf = 0, nil, nil
	k.joinOrStart(w, s, true)
}

// broughtNoMore reports whether a fetch brought nothing more of an unfinished snapshot.
// Its source is left alone for a while then, as after a failure.
func (s *Snapshot) broughtNoMore(last *Snapshot) bool {
	return s.Unfinished && s.Unchanged && last != nil && bytes.Equal(s.Extra, last.Extra)
}
