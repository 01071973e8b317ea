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
	places map[SnapshotID]bool
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
func (c flights) bring(ctx context.Context, w Want, last *Snapshot) (Snapshot, error) {
	if w.Shared == "" || private(w.ID) {
		return w.Source.Fetch(ctx, w.ID.Key, last) //nolint:wrapcheck // by fetch
	}
	for {
		held, turn, first := c.takeTurn(w, last)
		switch {
		case held != nil:
			return *held, nil
		case first:
			return c.fetchShared(ctx, w, last, turn)
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
func (c flights) takeTurn(w Want, last *Snapshot) (held *Snapshot, turn *sharedFetch, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := common{w.Shared, w.ID.Key}
	if len(c.common) > maxCommon {
		clear(c.common) // a fetch that is under way is then shared no more
	}
	of := c.common[at]
	if of == nil {
		of = &sharers{places: map[SnapshotID]bool{}}
		c.common[at] = of
	}
	of.places[w.ID] = true
	if of.turn != nil {
		return nil, of.turn, false
	}
	for p := range of.places {
		h, ok := c.cached.GetIfPresent(p)
		if !ok {
			delete(of.places, p)
			continue
		}
		if p != w.ID && c.serves(h, w, last) {
			s := *h.snapshot
			s.Requests, s.Unchanged = 0, false
			return &s, nil, false
		}
	}
	of.places[w.ID] = true
	of.turn = &sharedFetch{done: make(chan struct{})}
	return nil, of.turn, true
}

// serves reports whether what one publisher holds is new to another, and fresh
// by that one's measure.
func (c flights) serves(h *cached, w Want, last *Snapshot) bool {
	s := h.snapshot
	return (last == nil || s.Fetched.After(last.Fetched)) &&
		w.Freshness.Judge(s.times(), c.clock()) == when.Fresh
}

func (c flights) fetchShared(ctx context.Context, w Want, last *Snapshot, turn *sharedFetch) (Snapshot, error) {
	turn.err = context.Canceled // where it breaks down
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if of := c.common[common{w.Shared, w.ID.Key}]; of != nil && of.turn == turn {
			of.turn = nil
		}
		close(turn.done)
	}()
	turn.snapshot, turn.err = w.Source.Fetch(ctx, w.ID.Key, last)
	return turn.snapshot, turn.err //nolint:wrapcheck // by fetch
}
