package pull

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"keypull/pull/when"
)

// flight is one fetch under way. Its results may be read once done is closed.
type flight struct {
	done     chan struct{}
	snapshot *Snapshot
	requests int
	err      error
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
		f.snapshot, changed, err = k.take(w, s, last)
	}
	f.err = err
	k.note(w.Place, s, err)
	k.land(w.Place, err)
	close(f.done)
	if changed {
		k.shelve(w.Place, f.snapshot)
		if k.Changed != nil {
			k.Changed(w.Place)
		}
	}
}

// land ends a flight, and notes how long upstream wants to be left alone.
func (k *Keeper) land(p Place, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.flying, p)
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
func (k *Keeper) take(w Want, s Snapshot, last *Snapshot) (*Snapshot, bool, error) {
	doubted := 0
	if h, ok := k.kept.GetIfPresent(w.Place); ok {
		doubted = h.doubted
	}
	why := doubt(s, last, k.clock())
	if why != "" && doubted+1 < doubtsOverruled && w.Freshness.Judge(last.times(), k.clock()) != when.Gone {
		k.kept.Set(w.Place, &holding{snapshot: last, doubted: doubted + 1})
		return nil, false, &Error{Kind: Unavailable, Op: "check " + w.Place.Source,
			Hint: "what the source brought is held back: " + why}
	}
	k.kept.Set(w.Place, &holding{snapshot: &s})
	return &s, last == nil || !s.Unchanged, nil
}

// shelve writes the last good snapshot down. Failing that costs nothing but
// the answer after a restart, so it is told to health alone.
func (k *Keeper) shelve(p Place, s *Snapshot) {
	if k.shelf == nil || private(p) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.life), shelfTimeout)
	defer cancel()
	if err := k.shelf.Keep(ctx, p, *s); err != nil {
		k.note(p, *s, fmt.Errorf("keep the last good answer of %s: %w", p.Source, err))
	}
}

// Health is how a source has been doing.
type Health struct {
	Publisher string    `json:"publisher"`
	Source    string    `json:"source"`
	Good      time.Time `json:"good,omitzero"`
	Bad       time.Time `json:"bad,omitzero"`
	// Error is one English sentence, "" while the last fetch was good.
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	Requests int      `json:"requests"`
}

func (k *Keeper) note(p Place, s Snapshot, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	name := p.Publisher + "/" + p.Source
	h := k.health[name]
	if h == nil {
		h = &Health{Publisher: p.Publisher, Source: p.Source}
		k.health[name] = h
	}
	h.Requests += s.Requests
	if err != nil {
		h.Bad, h.Error = k.clock(), err.Error()
		return
	}
	h.Good, h.Error, h.Warnings = k.clock(), "", s.Warnings
}

// Health returns how the sources that were asked have been doing, ordered by
// publisher and source.
func (k *Keeper) Health() []Health {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]Health, 0, len(k.health))
	for _, h := range k.health {
		all = append(all, *h)
	}
	slices.SortFunc(all, func(a, b Health) int {
		return cmp.Or(cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Source, b.Source))
	})
	return all
}
