package pull

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// flight is one fetch under way. Its results may be read once done is closed;
// all else is guarded by flights.mu.
type flight struct {
	place    SnapshotID
	done     chan struct{}
	snapshot *Snapshot
	requests int
	err      error
	// doubted: what it brought was put into quarantine.
	doubted bool
	// odd is that, where nothing was held before.
	odd   *doubtful
	began time.Time

	// late is closed when upstream has let the first asker's deadline pass.
	late chan struct{}
	// started is when upstream was asked, after the queue for it.
	started time.Time
	// answered: upstream has answered, and what it said waits for us.
	answered bool
	// waiting counts who waits for it; behind says that it goes on without, ahead
	// that it was begun by nobody's ask.
	waiting       int
	behind, ahead bool
	// leave gives the queue up, cancel the whole flight.
	leave, cancel context.CancelFunc
	failed        bool
	// forgotten: who waits for it is still answered, but nothing is kept.
	forgotten bool
	// took is how long upstream did, bytes what was read of it and has not been
	// noted; before is how many items were held.
	took   time.Duration
	bytes  atomic.Int64
	before int
}

// flights are the fetches that are under way, and what is known of how their sources
// have been doing.
type flights struct {
	options *CacheOptions
	clock   func() time.Time
	memory  *memory
	sharing *sharing
	// down is why no source answers, where that is only pretended.
	down error

	life context.Context
	end  context.CancelFunc
	wait sync.WaitGroup
	// packing lets one large snapshot be written down at a time.
	packing  sync.Mutex
	mu       sync.Mutex
	flying   map[SnapshotID]*flight
	gates    map[string]*gate
	backOffs map[SnapshotID]*backOff
	health   map[string]*Health
	// unfound are by publisher the sources of which the oldest items are not found.
	unfound map[string][]string
	limits  *otter.Cache[payer, *rateLimit]
}

func newFlights(o *CacheOptions, clock func() time.Time, m *memory) *flights {
	k := &flights{
		options: o, clock: clock, memory: m,
		flying: map[SnapshotID]*flight{}, gates: map[string]*gate{}, backOffs: map[SnapshotID]*backOff{},
		health: map[string]*Health{}, unfound: map[string][]string{}, sharing: &sharing{clock: clock, memory: m, common: map[common]*sharers{}},
		limits: otter.Must(&otter.Options[payer, *rateLimit]{MaximumSize: maxPayers}),
	}
	k.life, k.end = context.WithCancel(context.Background())
	return k
}

// landedSince returns the flight to a place that has landed since the last snapshot of it
// was looked up, nil where none has; k.mu is held. Of a crowd, those who come just then
// start no second fetch, and pay for none.
func (k *flights) landedSince(p SnapshotID, last *Snapshot) *flight {
	h, ok := k.memory.cached.GetIfPresent(p)
	if !ok || h.snapshot == last {
		return nil
	}
	f := &flight{place: p, done: make(chan struct{}), snapshot: h.snapshot, leave: func() {}, cancel: func() {}}
	close(f.done)
	return f
}

// startFlight starts a flight to a place; k.mu is held.
func (k *flights) startFlight(w Want, last *Snapshot) *flight {
	f := &flight{place: w.ID, done: make(chan struct{}), late: make(chan struct{}), began: k.clock(), ahead: w.Wait == 0}
	f.leave, f.cancel = func() {}, func() {}
	if err := k.life.Err(); err != nil {
		if f.err = k.down; f.err == nil {
			f.err = fmt.Errorf("fetch: closing down: %w", err)
		}
		close(f.done)
		return f
	}
	k.flying[w.ID] = f
	k.wait.Add(1)
	go k.runFlight(f, w, last)
	return f
}

// Refresh brings a new snapshot of a place whatever the age of the held one,
// and returns when it is there. A place that rests is left alone.
func (c *Cache) Refresh(ctx context.Context, w Want) error {
	w.Wait = 0
	f, _, r := c.flights.joinOrStart(w, c.memory.snapshotAt(ctx, w.ID, nil), true)
	switch {
	case f == nil && r.failures > 0:
		return r.err
	case f == nil:
		return nil
	}
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return fmt.Errorf("refresh %s: %w", w.ID.Source, ctx.Err())
	}
}

// addWaiter notes that somebody waits for a flight, or that it goes on without.
func (f *flight) addWaiter(behind bool) {
	if behind {
		f.behind = true
		return
	}
	f.waiting++
}

// stopWaiting notes that somebody waits no longer. A flight that nobody waits for leaves
// its queue, unless upstream has answered.
func (k *flights) stopWaiting(f *flight) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.waiting--
	if f.waiting <= 0 && !f.behind && !f.answered && f.started.IsZero() {
		f.leave()
		if k.flying[f.place] == f {
			// Who comes now begins anew, instead of hearing that it was given up.
			delete(k.flying, f.place)
		}
	}
}

func (k *flights) runFlight(f *flight, w Want, last *Snapshot) {
	defer k.wait.Done()
	s, changed, err := k.fetchAndJudge(f, w, last)
	f.err = err
	k.noteHealth(f, w.ID, s, err)
	k.endFlight(f, w, last, err)
	close(f.done)
	if f.snapshot == nil || k.isForgotten(f) {
		return
	}
	if err := k.saveResult(f, w.ID, last, changed); err != nil {
		k.noteHealth(f, w.ID, s, err)
	}
	if !f.snapshot.broughtNoMore(last) {
		k.fetchRest(w, f.snapshot)
	}
}

// fetchAndJudge brings what a flight is for.
func (k *flights) fetchAndJudge(f *flight, w Want, last *Snapshot) (s Snapshot, changed bool, err error) {
	defer Caught("fetch "+w.ID.Source, &err)
	if last != nil {
		f.before = len(last.Items)
	}
	s, err = k.fetchSource(f, w, last)
	f.requests = s.Requests
	if err == nil {
		f.snapshot, changed, err = k.judgeResult(f, w, s, last)
	}
	if isPrivate(w.ID) {
		s.Warnings, err = nil, withoutPersonal(err)
	}
	return s, changed, err
}

// saveResult writes a result down, after everybody who waited has been told.
func (k *flights) saveResult(f *flight, p SnapshotID, last *Snapshot, changed bool) (err error) {
	defer Caught("keep the last good answer of "+p.Source, &err)
	k.saveSnapshot(f, p, last)
	if changed {
		k.options.tellChanged(p)
	}
	return nil
}

// endFlight ends a flight, and notes how long upstream is left alone after it.
func (k *flights) endFlight(f *flight, w Want, last *Snapshot, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.flying[w.ID] == f {
		delete(k.flying, w.ID)
	}
	switch {
	case f.forgotten:
	case err == nil:
		delete(k.backOffs, w.ID)
		k.backOffUnfresh(f, w, f.snapshot.broughtNoMore(last))
	case errors.Is(err, context.Canceled) || KindOf(err) == Crowded:
		// It says nothing of the source.
	case !f.failed:
		k.backOff(f, w, err)
	default:
		if r := k.backOffs[w.ID]; r != nil {
			r.err = err
		}
	}
}

// saveSnapshot writes the last good snapshot down: whole where it is a new one, its
// times alone where upstream confirmed what was kept before. Failing that costs
// nothing but the answer after a restart, so it is told to health alone.
func (k *flights) saveSnapshot(f *flight, p SnapshotID, last *Snapshot) {
	if k.memory.snapshots == nil || isPrivate(p) {
		return
	}
	write := k.memory.snapshots.Keep
	if last != nil && f.snapshot.Unchanged && bytes.Equal(f.snapshot.Extra, last.Extra) {
		write = k.memory.snapshots.Renew
	} else if f.snapshot.memorySize() > largeSnapshot {
		// Packing costs several times what it packs.
		k.packing.Lock()
		defer k.packing.Unlock()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.life), storeTimeout)
	defer cancel()
	if err := write(ctx, p, *f.snapshot); err != nil {
		k.noteHealth(f, p, *f.snapshot, fmt.Errorf("keep the last good answer of %s: %w", p.Source, err))
	}
}
