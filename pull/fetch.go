package pull

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keypull/pull/outside"
)

// errLimit ends a fetch that has taken too long.
var errLimit = errors.New("the source did not answer in time")

// limit is how long a flight may take: well beyond the deadline, since the
// next asker can use what comes too late for this one, but not for ever.
func (w Want) limit() time.Duration {
	if w.Wait == 0 {
		return flightTimeout
	}
	return min(flightTimeout, max(3*w.Wait, 15*time.Second))
}

// clocks are what upstream's time is measured by: they stand still while a
// flight waits for us.
type clocks struct{ late, limit *time.Timer }

func (c clocks) stop() {
	c.late.Stop()
	c.limit.Stop()
}

func (c clocks) start(w Want) {
	c.late.Reset(w.Wait)
	c.limit.Reset(w.limit())
}

// fetch asks the source as soon as it is the asker's turn. A panic of a source
// is an error of that source.
func (k *Keeper) fetch(f *flight, w Want, last *Snapshot) (s Snapshot, err error) {
	done, err := k.board(f, w)
	if err != nil {
		return Snapshot{}, err
	}
	defer done()
	ctx, end := k.timed(f, w)
	defer end()
	ctx, release := outside.Holding(ctx)
	defer release()
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Kind: Internal, Op: "fetch " + w.Place.Source, Hint: fmt.Sprint("the source broke down: ", p)}
		}
	}()
	s, err = w.Source.Fetch(ctx, w.Place.Key, last)
	switch {
	case err != nil && context.Cause(ctx) == errLimit: //nolint:errorlint // it is the very one
		return s, &Error{Kind: Unavailable, Op: "fetch " + w.Place.Source, Hint: "the source did not answer within " + w.limit().String(), Err: errLimit}
	case err != nil:
		return s, fmt.Errorf("fetch %s: %w", w.Place.Source, err)
	}
	if s.Fetched.IsZero() {
		s.Fetched = k.clock()
	}
	return s, nil
}

// timed starts upstream's clocks; end gives the fetch up.
func (k *Keeper) timed(f *flight, w Want) (ctx context.Context, end func()) {
	ctx, cancel := context.WithTimeout(k.life, flightTimeout)
	k.mu.Lock()
	f.started, f.cancel = k.clock(), cancel
	k.mu.Unlock()
	ctx = outside.For(ctx, w.Place.Publisher+"/"+w.Place.Source)
	if w.Wait == 0 {
		return outside.Behind(ctx), cancel
	}
	ctx, give := context.WithCancelCause(ctx)
	c := clocks{
		late:  time.AfterFunc(w.Wait, func() { k.overdue(f, w) }),
		limit: time.AfterFunc(w.limit(), func() { give(errLimit) }),
	}
	ctx = outside.Queued(ctx, func(waiting, answered bool) { k.queued(f, w, c, waiting, answered) })
	return ctx, func() {
		c.stop()
		give(nil)
		cancel()
	}
}

// queued stops upstream's clocks while a flight waits for a place at its host,
// which others of the host's sources have, so that upstream is not asked yet;
// and while what it answered waits to be read.
func (k *Keeper) queued(f *flight, w Want, c clocks, waiting, answered bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.answered = f.answered || answered
	if waiting {
		c.stop()
		f.started, f.leave = time.Time{}, f.cancel
		return
	}
	f.started, f.leave = k.clock(), func() {}
	c.start(w)
}
