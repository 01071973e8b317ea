package pull

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"keypull/pull/when"
)

// flight is one fetch under way. Its results may be read once done is closed.
type flight struct {
	done     chan struct{}
	snapshot *Snapshot
	requests int
	err      error
	// forgotten: who waits for it is still answered, but nothing of it is
	// kept. Guarded by the Keeper's mu.
	forgotten bool
}

// fly returns the flight of a place, starting one where none is under way, and
// whether it was under way already. Who comes just after one has landed finds
// its result: a crowd must not start a second fetch.
func (k *Keeper) fly(w Want, last *Snapshot) (*flight, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f, ok := k.flying[w.Place]; ok {
		return f, true
	}
	if h, ok := k.kept.GetIfPresent(w.Place); ok && h.snapshot != last {
		f := &flight{done: make(chan struct{}), snapshot: h.snapshot}
		close(f.done)
		return f, true
	}
	f := &flight{done: make(chan struct{})}
	if err := k.life.Err(); err != nil {
		f.err = fmt.Errorf("fetch: closing down: %w", err)
		close(f.done)
		return f, false
	}
	k.flying[w.Place] = f
	k.wait.Add(1)
	go k.run(f, w, last)
	return f, false
}

func (k *Keeper) run(f *flight, w Want, last *Snapshot) {
	defer k.wait.Done()
	ctx, cancel := context.WithTimeout(k.life, flightTimeout)
	defer cancel()
	s, err := k.fetch(ctx, w, last)
	f.requests = s.Requests
	changed := false
	if err == nil {
		f.snapshot, changed, err = k.take(f, w, s, last)
	}
	f.err = err
	k.note(f, w.Place, s, err)
	k.land(f, w.Place, err)
	close(f.done)
	if changed && !k.forgot(f) {
		k.shelve(f, w.Place)
		if k.Changed != nil {
			k.Changed(w.Place)
		}
	}
}

// land ends a flight, and notes how long upstream wants to be left alone.
func (k *Keeper) land(f *flight, p Place, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.flying[p] == f {
		delete(k.flying, p)
	}
	delete(k.rests, p)
	var e *Error
	if !errors.As(err, &e) || !e.RetryAt.After(k.clock()) {
		return
	}
	if len(k.rests) >= maxRests {
		maps.DeleteFunc(k.rests, func(_ Place, until time.Time) bool { return !until.After(k.clock()) })
	}
	if len(k.rests) < maxRests {
		k.rests[p] = e.RetryAt
	}
}

// fetch asks the source, within the source's own number of fetches at once. A
// panic of a source is an error of that source.
func (k *Keeper) fetch(ctx context.Context, w Want, last *Snapshot) (s Snapshot, err error) {
	gate := k.gate(w.Place)
	select {
	case gate <- struct{}{}:
		defer func() { <-gate }()
	case <-ctx.Done():
		return Snapshot{}, fmt.Errorf("fetch %s: too many fetches under way: %w", w.Place.Source, ctx.Err())
	}
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Kind: Internal, Op: "fetch " + w.Place.Source, Hint: fmt.Sprint("the source broke down: ", p)}
		}
	}()
	s, err = w.Source.Fetch(ctx, w.Place.Key, last)
	if err != nil {
		return s, fmt.Errorf("fetch %s: %w", w.Place.Source, err)
	}
	if s.Fetched.IsZero() {
		s.Fetched = k.clock()
	}
	return s, nil
}

func (k *Keeper) gate(p Place) chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	name := p.Publisher + "/" + p.Source
	if k.gates[name] == nil {
		k.gates[name] = make(chan struct{}, fetchesAtOnce)
	}
	return k.gates[name]
}

// take keeps a new snapshot, unless it is doubtful beside a last one that may
// still be served.
func (k *Keeper) take(f *flight, w Want, s Snapshot, last *Snapshot) (*Snapshot, bool, error) {
	doubted := 0
	if h, ok := k.kept.GetIfPresent(w.Place); ok {
		doubted = h.doubted
	}
	why := doubt(s, last, k.clock())
	if why != "" && doubted+1 < doubtsOverruled && w.Freshness.Judge(last.times(), k.clock()) != when.Gone {
		k.hold(f, w.Place, &holding{snapshot: last, doubted: doubted + 1})
		return nil, false, &Error{Kind: Unavailable, Op: "check " + w.Place.Source,
			Hint: "what the source brought is held back: " + why}
	}
	k.hold(f, w.Place, &holding{snapshot: &s})
	return &s, last == nil || !s.Unchanged, nil
}

// shelve writes the last good snapshot down. Failing that costs nothing but
// the answer after a restart, so it is told to health alone.
func (k *Keeper) shelve(f *flight, p Place) {
	if k.shelf == nil || private(p) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.life), shelfTimeout)
	defer cancel()
	if err := k.shelf.Keep(ctx, p, *f.snapshot); err != nil {
		k.note(f, p, *f.snapshot, fmt.Errorf("keep the last good answer of %s: %w", p.Source, err))
	}
}
