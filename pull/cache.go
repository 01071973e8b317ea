package pull

import (
	"context"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull/outside"
	"keypull/pull/when"
	"keypull/pull/words"
)

// SnapshotID names one snapshot of one source of one publisher. Mark tells the
// source's settings from others that it had: see Opened.
type SnapshotID struct {
	Publisher, Source, Mark, Key string
}

// Snapshots keeps the last good snapshots over restarts.
type Snapshots interface {
	// Snapshot returns the kept one, and false where there is none.
	Snapshot(ctx context.Context, p SnapshotID) (Snapshot, bool, error)
	Keep(ctx context.Context, p SnapshotID, s Snapshot) error
	// Renew writes down the times and validators of a snapshot that upstream
	// confirmed, whose content was kept before.
	Renew(ctx context.Context, p SnapshotID, s Snapshot) error
}

// Limits of keeping and fetching.
const (
	largeSnapshot = 256 << 10
	storeTimeout  = 5 * time.Second
	flightTimeout = 60 * time.Second
	// longestLine is how long an ask may stand in line and still be content
	// with what was fetched since.
	longestLine = 5 * time.Minute
)

// Cache holds snapshots in memory, with the last good ones in Snapshots behind,
// and brings new ones. One fetch per place is under way at a time, detached
// from whoever asked; its result is kept before anybody is told of it.
type Cache struct {
	CacheOptions
	clock       func() time.Time
	memory      *memory
	withdrawals *withdrawals
	flights     *flights
	members     *members
	// accepted is what editors have lately believed of sources, by their names;
	// flights.mu guards it.
	accepted map[string]accepted
	// receiving lets one push be taken at a time; it guards when each was.
	receiving sync.Mutex
	pushed    map[[3]string]time.Time
}

// Want is what the resolver wants of a place.
type Want struct {
	ID        SnapshotID
	Source    Source
	Freshness when.Freshness
	// Asked is when the asker asked, zero for nobody; At the moment to judge by;
	// Wait how long to wait for upstream.
	Asked, At time.Time
	Wait      time.Duration
	// NewKeys is how many keys a minute an asker may bring that nothing is kept
	// for; 0 is as many as come. Payer is who counts as one there: the Asker
	// where empty.
	NewKeys int
	Payer   string
	// Asker shares a crowded source out: those who ask for much at once wait behind
	// those who ask for little. "" is an asker like any other.
	Asker string

	// Computing is the ask's own, which waits where this does; nil if nothing is noted.
	Computing *outside.Computation
	// Shared tells the sources of several publishers whose snapshots are the same
	// from all others; "" is not shared.
	Shared string

	// novel: nothing that was brought lately is held.
	novel bool
	// behalf notes what the fetch computes for the ask.
	behalf outside.Noting
}

// Found is a snapshot that may be served, and why.
type Found struct {
	Snapshot *Snapshot
	Verdict  when.Verdict
	// Aged says that it is older than max_age: it may be served only with its
	// age told. Stale says moreover that it must not pass for current.
	Aged, Stale bool
	// Asked is what was done upstream, in the words of journal.When.
	Asked    string
	Requests int
	// Err is why upstream was no help, where it was not.
	Err error
	// Last is what was held and too old to be served, where nothing is.
	Last *Snapshot
}

// What was done upstream.
const (
	AskedNo       = "no"
	AskedFetched  = "fetched"
	AskedJoined   = "joined"
	AskedBehind   = "behind"
	AskedFailed   = "failed"
	AskedDeadline = "deadline"
)

// NewCache returns a Cache that lives until Close. Nil snapshots keep nothing
// over restarts.
func NewCache(snapshots Snapshots, clock func() time.Time) *Cache {
	c := &Cache{clock: clock, accepted: map[string]accepted{}, pushed: map[[3]string]time.Time{}}
	c.memory = &memory{clock: clock, snapshots: snapshots, cached: otter.Must(&otter.Options[SnapshotID, *cached]{
		MaximumWeight: DefaultMemory,
		Weigher:       func(p SnapshotID, h *cached) uint32 { return h.memorySize(p) },
	})}
	c.withdrawals = &withdrawals{options: &c.CacheOptions, clock: clock, memory: c.memory, of: map[string]*publisherRules{}}
	c.flights = newFlights(&c.CacheOptions, clock, c.memory)
	c.members = newMembers()
	return c
}

// Kept returns a Cache of what this one holds, which asks no source for anything.
func (c *Cache) Kept() *Cache {
	kept := &Cache{CacheOptions: c.CacheOptions, clock: c.clock, memory: c.memory, withdrawals: c.withdrawals, members: c.members}
	kept.flights = newFlights(&kept.CacheOptions, c.clock, c.memory)
	kept.flights.end()
	return kept
}

// Down returns a Cache of what this one holds, at the moments of a clock, for which no
// source answers: what it says is what readers would be told then. It asks none.
func (c *Cache) Down(clock func() time.Time) *Cache {
	down := &Cache{CacheOptions: c.CacheOptions, clock: clock, memory: c.memory, withdrawals: c.withdrawals, members: c.members}
	down.flights = newFlights(&down.CacheOptions, clock, c.memory)
	down.flights.down = &Error{Kind: Unavailable, Op: "fetch", Hint: words.Text{Key: "drill.down"}}
	down.flights.end()
	return down
}

// Close ends all fetches and waits for them.
func (c *Cache) Close() {
	c.flights.end()
	c.flights.wait.Wait()
}

// Bring returns the snapshot of a place, as fresh as w demands and no fresher,
// without what is withdrawn. Where none can be served honestly, the error says
// why; Found then still tells what was tried.
func (c *Cache) Bring(ctx context.Context, w Want) (Found, error) {
	found, err := c.flights.bringSnapshot(ctx, w)
	set, unread := c.withdrawals.rulesFor(ctx, w.ID.Publisher, w.ID.Source)
	if unread != nil {
		return Found{Verdict: when.Gone, Asked: found.Asked, Requests: found.Requests}, unread
	}
	found.Snapshot, found.Last = c.memory.withoutWithdrawn(set, w.ID, found.Snapshot), c.memory.withoutWithdrawn(set, w.ID, found.Last)
	c.flights.countAsk(w, found)
	return found, err
}

// bringSnapshot is Bring, with what is withdrawn.
func (k *flights) bringSnapshot(ctx context.Context, w Want) (Found, error) {
	w.behalf = w.Computing.Behalf()
	held := k.memory.snapshotAt(ctx, w.ID, w.Computing)
	s := serving{want: w, held: atWallClock(held, k.clock()), verdict: when.Gone}
	if held != nil {
		s.verdict = w.Freshness.Judge(s.held.freshnessTimes(), w.At)
	}
	if s.verdict == when.Fresh || held != nil && w.fetchedWhileQueued(s.held) {
		k.fetchRest(w, held)
		return Found{Snapshot: s.held, Verdict: s.verdict, Aged: s.verdict != when.Fresh, Asked: AskedNo}, nil
	}
	w.novel = s.verdict == when.Gone && w.isNewKey(s.held)
	f, joined, r := k.joinOrStart(w, held, s.verdict == when.Revalidate)
	switch {
	case f == nil:
		return s.fromHeld(AskedNo, r)
	case s.verdict == when.Revalidate:
		return s.fromHeld(AskedBehind, r)
	case joined && r.failures > 0:
		// Only the asker who started the probe waits for it.
		k.stopWaiting(f)
		return s.fromHeld(AskedJoined, r)
	}
	return k.awaitFlight(ctx, f, joined, s)
}

// fetchedWhileQueued reports whether a snapshot was fetched while the ask waited in its
// queue: of a crowd all get what was fetched for the first.
func (w Want) fetchedWhileQueued(s *Snapshot) bool {
	return !w.Asked.IsZero() && !s.Fetched.Before(w.Asked) && !s.Fetched.After(w.At) && w.At.Sub(s.Fetched) < longestLine
}

// Last returns what is held at a place without asking anybody, and without what
// is withdrawn.
func (c *Cache) Last(ctx context.Context, p SnapshotID) *Snapshot {
	set, err := c.withdrawals.rulesFor(ctx, p.Publisher, p.Source)
	if err != nil {
		return nil
	}
	return c.memory.withoutWithdrawn(set, p, c.memory.snapshotAt(ctx, p, nil))
}

// awaitFlight waits for a flight, no longer than the asker wants to wait for the
// source. Once that has answered, the rest is our own work, and is waited for if there
// is nothing to tell instead.
func (k *flights) awaitFlight(ctx context.Context, f *flight, joined bool, s serving) (Found, error) {
	defer s.want.Computing.Away()()
	defer k.stopWaiting(f)
	timer := time.NewTimer(s.want.Wait)
	defer timer.Stop()
	late := f.late
	if !s.hasFallback() {
		late = nil // there is nothing to tell instead, so it is worth waiting
	}
	for patient := !s.hasFallback(); ; patient = false {
		select {
		case <-f.done:
			return s.fromFlight(f, joined)
		case <-late:
		case <-timer.C:
			select {
			case <-f.done: // at the same moment
				return s.fromFlight(f, joined)
			default:
			}
			if patient && k.hasAnswered(f) {
				timer.Reset(flightTimeout)
				late = f.late
				continue
			}
			if f.behind {
				k.markOverdue(f, s.want) // nobody else has an eye on its time
			}
		case <-ctx.Done():
			return s.fromFailure(AskedDeadline, backOff{err: ctx.Err()})
		}
		return s.fromFailure(AskedDeadline, backOff{err: k.waitError(f, s.want)})
	}
}

func (k *flights) hasAnswered(f *flight) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return f.answered && !f.failed
}

// waitError says what an asker waited for in vain: the source, where that had about all of the
// time, or its turn at the source.
func (k *flights) waitError(f *flight, w Want) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !f.ahead && (f.started.IsZero() || k.clock().Sub(f.started) < w.Wait-w.Wait/10) {
		return &Error{Kind: Crowded, Op: "fetch", Hint: words.Text{Key: "fetch.crowded"}}
	}
	return f.timeoutError(w)
}

func (s *Snapshot) freshnessTimes() when.Times {
	return when.Times{Fetched: s.Fetched, Expires: s.Expires}
}
