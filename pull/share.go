package pull

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

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
	fetch  *sharedFetch
}

// sharedFetch is a fetch for several publishers. Its results may be read once
// done is closed.
type sharedFetch struct {
	done     chan struct{}
	snapshot Snapshot
	err      error
}

// sharing knows which snapshots publishers share, and fetches each once.
type sharing struct {
	clock  func() time.Time
	memory *memory

	mu     sync.Mutex
	common map[common]*sharers
}

// fetchShared fetches, unless the same was fetched just now for another publisher: then
// it waits for that fetch, or takes its result while that is fresh by this publisher's
// freshness. Each publisher keeps it at its own place, with its own withdrawals.
func (sh *sharing) fetchShared(ctx context.Context, w Want, last *Snapshot) (Snapshot, error) {
	if w.Shared == "" || isPrivate(w.ID) {
		return w.Source.Fetch(ctx, w.ID.Key, last) //nolint:wrapcheck // by fetchSource
	}
	for {
		held, f, first := sh.joinFetch(w, last)
		switch {
		case held != nil:
			return *held, nil
		case first:
			return sh.fetchFirst(ctx, w, last, f)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return Snapshot{}, fmt.Errorf("wait for a fetch that is shared: %w", ctx.Err())
		}
		if f.err == nil || !errors.Is(f.err, context.Canceled) && KindOf(f.err) != Crowded {
			s := f.snapshot
			s.Requests, s.Unchanged = 0, false
			return s, f.err
		}
	}
}

// joinFetch returns what another publisher holds of a shared snapshot, else the
// fetch of it that is under way, else a new one, which is the caller's.
func (sh *sharing) joinFetch(w Want, last *Snapshot) (held *Snapshot, f *sharedFetch, first bool) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	at := common{w.Shared, w.ID.Key}
	if len(sh.common) > maxCommon {
		clear(sh.common) // a fetch that is under way is then shared no more
	}
	of := sh.common[at]
	if of == nil {
		of = &sharers{places: map[SnapshotID]bool{}}
		sh.common[at] = of
	}
	of.places[w.ID] = true
	if of.fetch != nil {
		return nil, of.fetch, false
	}
	for p := range of.places {
		h, ok := sh.memory.cached.GetIfPresent(p)
		if !ok {
			delete(of.places, p)
			continue
		}
		if p != w.ID && sh.isFreshFor(h, w, last) {
			s := *h.snapshot
			s.Requests, s.Unchanged = 0, false
			return &s, nil, false
		}
	}
	of.places[w.ID] = true
	of.fetch = &sharedFetch{done: make(chan struct{})}
	return nil, of.fetch, true
}

// isFreshFor reports whether what one publisher holds is new to another, and fresh
// by that one's measure.
func (sh *sharing) isFreshFor(h *cached, w Want, last *Snapshot) bool {
	s := h.snapshot
	return (last == nil || s.Fetched.After(last.Fetched)) &&
		w.Freshness.Judge(s.freshnessTimes(), sh.clock()) == when.Fresh
}

func (sh *sharing) fetchFirst(ctx context.Context, w Want, last *Snapshot, f *sharedFetch) (Snapshot, error) {
	f.err = context.Canceled // where it breaks down
	defer func() {
		sh.mu.Lock()
		defer sh.mu.Unlock()
		if of := sh.common[common{w.Shared, w.ID.Key}]; of != nil && of.fetch == f {
			of.fetch = nil
		}
		close(f.done)
	}()
	f.snapshot, f.err = w.Source.Fetch(ctx, w.ID.Key, last)
	return f.snapshot, f.err //nolint:wrapcheck // by fetchSource
}
