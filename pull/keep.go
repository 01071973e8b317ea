package pull

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull/when"
)

// Place names one snapshot of one source of one publisher. Mark tells the
// source's settings from others that it had: see Opened.
type Place struct {
	Publisher, Source, Mark, Key string
}

// Shelf keeps the last good snapshots over restarts.
type Shelf interface {
	// Snapshot returns the kept one, and false where there is none.
	Snapshot(ctx context.Context, p Place) (Snapshot, bool, error)
	Keep(ctx context.Context, p Place, s Snapshot) error
}

// privateMark begins the key of a snapshot that holds facts of a reader: it is
// kept in memory alone.
const privateMark = '~'

// Limits of keeping and fetching.
const (
	maxKept         = 20000
	flightTimeout   = 60 * time.Second
	fetchesAtOnce   = 16
	shelfTimeout    = 5 * time.Second
	doubtsOverruled = 3
	maxRests        = 4096
)

// Keeper holds snapshots in memory, with the last good ones on a Shelf behind,
// and brings new ones. One fetch per place is under way at a time, detached
// from whoever asked; its result is kept before anybody is told of it.
type Keeper struct {
	shelf Shelf
	clock func() time.Time
	kept  *otter.Cache[Place, *holding]
	// Changed, where set before first use, is told of every place whose items
	// are other ones than before.
	Changed func(Place)

	life   context.Context
	end    context.CancelFunc
	wait   sync.WaitGroup
	mu     sync.Mutex
	flying map[Place]*flight
	gates  map[string]chan struct{}
	rests  map[Place]time.Time
	health map[string]*Health
}

// holding is what is held at one place: immutable, replaced as a whole.
type holding struct {
	snapshot *Snapshot
	// doubted counts the snapshots in a row that were put into quarantine.
	doubted int
}

// Want is what the resolver wants of a place.
type Want struct {
	Place     Place
	Source    Source
	Freshness when.Freshness
	// At is the moment to judge by, Wait how long to wait for upstream.
	At   time.Time
	Wait time.Duration
}

// Kept is a snapshot that may be served, and why.
type Kept struct {
	Snapshot *Snapshot
	Verdict  when.Verdict
	// Stale says that it may be served only with its age told.
	Stale bool
	// Asked is what was done upstream, in the words of journal.When.
	Asked    string
	Requests int
	// Err is why upstream was no help, where it was not.
	Err error
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

// NewKeeper returns a Keeper that lives until Close. A nil shelf keeps nothing
// over restarts.
func NewKeeper(shelf Shelf, clock func() time.Time) *Keeper {
	life, end := context.WithCancel(context.Background())
	return &Keeper{
		shelf: shelf, clock: clock, life: life, end: end,
		kept:   otter.Must(&otter.Options[Place, *holding]{MaximumSize: maxKept}),
		flying: map[Place]*flight{},
		gates:  map[string]chan struct{}{},
		rests:  map[Place]time.Time{},
		health: map[string]*Health{},
	}
}

// Close ends all fetches and waits for them.
func (k *Keeper) Close() {
	k.end()
	k.wait.Wait()
}

// Bring returns the snapshot of a place, as fresh as w demands and no fresher.
// Where none can be served honestly, the error says why; Kept then still tells
// what was tried.
func (k *Keeper) Bring(ctx context.Context, w Want) (Kept, error) {
	held := k.held(ctx, w.Place)
	verdict := when.Gone
	if held != nil {
		verdict = w.Freshness.Judge(held.times(), w.At)
	}
	switch rest := k.rest(w.Place, held); {
	case verdict == when.Fresh:
		return Kept{Snapshot: held, Verdict: verdict, Asked: AskedNo}, nil
	case !when.MayAsk(when.Times{NotBefore: rest}, k.clock()):
		return resting(held, verdict, rest)
	case verdict == when.Revalidate:
		k.fly(w, held)
		return Kept{Snapshot: held, Verdict: verdict, Asked: AskedBehind}, nil
	}
	f, joined := k.fly(w, held)
	return k.await(ctx, f, waiting{want: w, held: held, verdict: verdict, joined: joined})
}

// Last returns what is held at a place without asking anybody.
func (k *Keeper) Last(ctx context.Context, p Place) *Snapshot { return k.held(ctx, p) }

// rest is until when upstream asked to be left alone: with the snapshot, or
// with the error that came instead of one.
func (k *Keeper) rest(p Place, held *Snapshot) time.Time {
	var until time.Time
	if held != nil {
		until = held.NotBefore
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if r, ok := k.rests[p]; ok && r.After(until) {
		return r
	}
	return until
}

// resting answers for an upstream that is left alone for a while.
func resting(held *Snapshot, verdict when.Verdict, until time.Time) (Kept, error) {
	err := &Error{Kind: Limited, Op: "fetch", RetryAt: until,
		Hint: "the source asked not to be called again before " + until.UTC().Format(time.RFC3339)}
	kept := Kept{Verdict: verdict, Asked: AskedNo, Err: err}
	if verdict == when.Gone {
		return kept, err
	}
	kept.Snapshot, kept.Stale = held, verdict == when.Stale
	return kept, nil
}

type waiting struct {
	want    Want
	held    *Snapshot
	verdict when.Verdict
	joined  bool
}

func (k *Keeper) await(ctx context.Context, f *flight, w waiting) (Kept, error) {
	timer := time.NewTimer(w.want.Wait)
	defer timer.Stop()
	kept := Kept{Verdict: w.verdict, Asked: AskedFetched}
	if w.joined {
		kept.Asked = AskedJoined
	}
	select {
	case <-f.done:
		if !w.joined {
			kept.Requests = f.requests
		}
		kept.Err = f.err
		if f.err == nil {
			kept.Snapshot, kept.Verdict = f.snapshot, when.Fresh
			return kept, nil
		}
		kept.Asked = AskedFailed
	case <-timer.C:
		kept.Asked = AskedDeadline
		kept.Err = &Error{Kind: Unavailable, Op: "fetch",
			Hint: "the source did not answer within " + w.want.Wait.String()}
	case <-ctx.Done():
		kept.Asked, kept.Err = AskedDeadline, ctx.Err()
	}
	if w.verdict != when.Stale {
		return kept, kept.Err
	}
	kept.Snapshot, kept.Stale = w.held, true
	return kept, nil
}

// held returns what is in memory, else what the shelf has, else nil.
func (k *Keeper) held(ctx context.Context, p Place) *Snapshot {
	if h, ok := k.kept.GetIfPresent(p); ok {
		return h.snapshot
	}
	if k.shelf == nil || private(p) {
		return nil
	}
	// A shelf that cannot be read is no reason to fail the ask: upstream can
	// still answer it.
	s, ok, err := k.shelf.Snapshot(ctx, p)
	if err != nil || !ok {
		return nil
	}
	h, _ := k.kept.SetIfAbsent(p, &holding{snapshot: &s})
	return h.snapshot
}

func private(p Place) bool { return p.Key != "" && p.Key[0] == privateMark }

func (s *Snapshot) times() when.Times {
	return when.Times{Fetched: s.Fetched, Expires: s.Expires, NotBefore: s.NotBefore}
}

// Refresh brings a new snapshot of a place whatever the age of the held one,
// and returns when it is there.
func (k *Keeper) Refresh(ctx context.Context, w Want) error {
	held := k.held(ctx, w.Place)
	if !when.MayAsk(when.Times{NotBefore: k.rest(w.Place, held)}, k.clock()) {
		return nil
	}
	f, _ := k.fly(w, held)
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return fmt.Errorf("refresh %s: %w", w.Place.Source, ctx.Err())
	}
}
