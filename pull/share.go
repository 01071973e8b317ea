package pull

import (
	"context"
	"errors"
	"fmt"

	"keypull/pull/when"
)

// Common is the option of a source whose snapshots are the same for everybody
// who has its settings, and lie in nothing but themselves.
type Common interface {
	// SharesSnapshots reports whether that is so.
	SharesSnapshots() bool
}

// maxCommon bounds of how many shared snapshots it is known who has them.
const maxCommon = 4096

// common names a snapshot that publishers share: by what makes their sources
// the same, and the key.
type common struct{ shared, key string }

// sharers are the places of one shared snapshot, and the fetch for one of them
// that is under way.
type sharers struct {
	places map[Place]bool
	turn   *sharedFetch
}

// sharedFetch is a fetch for several publishers. Its results may be read once
// done is closed.
type sharedFetch struct {
	done     chan struct{}
	snapshot Snapshot
	err      error
}

// bring fetches, unless the same was fetched just now for another publisher:
// who comes while that is under way waits for it, and who comes later takes it
// for as long as it is fresh by the freshness of their own. Each keeps it at a
// place of their own, with their own withdrawals.
func (k *Keeper) bring(ctx context.Context, w Want, last *Snapshot) (Snapshot, error) {
	if w.Shared == "" || private(w.Place) {
		return w.Source.Fetch(ctx, w.Place.Key, last) //nolint:wrapcheck // by fetch
	}
	for {
		held, turn, first := k.takeTurn(w, last)
		switch {
		case held != nil:
			return *held, nil
		case first:
			return k.fetchShared(ctx, w, last, turn)
		}
		select {
		case <-turn.done:
		case <-ctx.Done():
			return Snapshot{}, fmt.Errorf("wait for a fetch that is shared: %w", ctx.Err())
		}
		if turn.err == nil || !errors.Is(turn.err, context.Canceled) && KindOf(turn.err) != Crowded {
			s := turn.snapshot
			s.Requests, s.Unchanged = 0, false
			return s, turn.err
		}
	}
}

// takeTurn returns what another publisher holds of a shared snapshot, else the
// fetch of it that is under way, else a new one, which is the caller's.
func (k *Keeper) takeTurn(w Want, last *Snapshot) (held *Snapshot, turn *sharedFetch, first bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := common{w.Shared, w.Place.Key}
	if len(k.common) > maxCommon {
		clear(k.common) // a fetch that is under way is then shared no more
	}
	c := k.common[at]
	if c == nil {
		c = &sharers{places: map[Place]bool{}}
		k.common[at] = c
	}
	c.places[w.Place] = true
	if c.turn != nil {
		return nil, c.turn, false
	}
	for p := range c.places {
		h, ok := k.kept.GetIfPresent(p)
		if !ok {
			delete(c.places, p)
			continue
		}
		if p != w.Place && k.serves(p, h, w, last) {
			s := *h.snapshot
			s.Requests, s.Unchanged = 0, false
			return &s, nil, false
		}
	}
	c.places[w.Place] = true
	c.turn = &sharedFetch{done: make(chan struct{})}
	return nil, c.turn, true
}

// serves reports whether what one publisher holds is new to another, and fresh
// by that one's measure. What the first has withdrawn is missing in theirs.
func (k *Keeper) serves(p Place, h *holding, w Want, last *Snapshot) bool {
	s := h.snapshot
	return len(k.gone[p.Publisher+"/"+p.Source]) == 0 && (last == nil || s.Fetched.After(last.Fetched)) &&
		w.Freshness.Judge(s.times(), k.clock()) == when.Fresh
}

func (k *Keeper) fetchShared(ctx context.Context, w Want, last *Snapshot, turn *sharedFetch) (Snapshot, error) {
	turn.err = context.Canceled // where it breaks down
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if c := k.common[common{w.Shared, w.Place.Key}]; c != nil && c.turn == turn {
			c.turn = nil
		}
		close(turn.done)
	}()
	turn.snapshot, turn.err = w.Source.Fetch(ctx, w.Place.Key, last)
	return turn.snapshot, turn.err //nolint:wrapcheck // by fetch
}
