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
	// Renew writes down the times and validators of a snapshot that upstream
	// confirmed, whose content was kept before.
	Renew(ctx context.Context, p Place, s Snapshot) error
}

// Limits of keeping and fetching.
const (
	largeSnapshot = 256 << 10
	shelfTimeout  = 5 * time.Second
	flightTimeout = 60 * time.Second
	// longestLine is how long an ask may stand in line and still be content
	// with what was fetched since.
	longestLine = 5 * time.Minute
)

// Keeper holds snapshots in memory, with the last good ones on a Shelf behind,
// and brings new ones. One fetch per place is under way at a time, detached
// from whoever asked; its result is kept before anybody is told of it.
type Keeper struct {
	shelf Shelf
	clock func() time.Time
	kept  *otter.Cache[Place, *holding]
	paces *otter.Cache[payer, *pace]
	// Changed, where set before first use, is told of every place whose items
	// are other ones than before.
	Changed func(Place)
	// Jitter, where set before first use, returns a random part of a duration,
	// by which rests are shortened so that not all end in the same moment.
	Jitter func(time.Duration) time.Duration
	// AtOnce, where set before first use, is how many fetches of one source
	// run at a time; DefaultAtOnce where zero.
	AtOnce int

	life context.Context
	end  context.CancelFunc
	wait sync.WaitGroup
	// packing lets one large snapshot be written down at a time.
	packing sync.Mutex
	mu      sync.Mutex
	flying  map[Place]*flight
	gates   map[string]*gate
	rests   map[Place]*rest
	health  map[string]*Health
	// gone are the ids that were withdrawn of a source, the oldest first, where
	// they have been read.
	gone map[string][]string
	// receiving lets one push be taken at a time; it guards when each was.
	receiving sync.Mutex
	pushed    map[[3]string]time.Time
	// common are the snapshots that publishers share.
	common map[common]*sharers
}

// holding is what is held at one place: immutable, replaced as a whole.
type holding struct {
	snapshot *Snapshot
	// doubtful is what was put into quarantine beside it; nil mostly.
	doubtful *doubtful
	// until is when a private one is dropped.
	until time.Time
}

// Want is what the resolver wants of a place.
type Want struct {
	Place     Place
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
	// Asker shares a crowded source out: whoever asks for much at once waits
	// behind whoever asks for little. Any text, "" being an asker as well.
	Asker string

	// Shared tells the sources of several publishers whose snapshots are the same
	// from all others; "" is not shared.
	Shared string

	// novel: nothing that was brought lately is held.
	novel bool
	// computed notes what is computed for the ask.
	computed outside.Noting
}

// Kept is a snapshot that may be served, and why.
type Kept struct {
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

// NewKeeper returns a Keeper that lives until Close. A nil shelf keeps nothing
// over restarts.
func NewKeeper(shelf Shelf, clock func() time.Time) *Keeper {
	life, end := context.WithCancel(context.Background())
	return &Keeper{
		shelf: shelf, clock: clock, life: life, end: end,
		kept: otter.Must(&otter.Options[Place, *holding]{
			MaximumWeight: DefaultMemory,
			Weigher:       func(p Place, h *holding) uint32 { return h.bytes(p) },
		}),
		paces:  otter.Must(&otter.Options[payer, *pace]{MaximumSize: maxPayers}),
		flying: map[Place]*flight{},
		gates:  map[string]*gate{},
		rests:  map[Place]*rest{},
		health: map[string]*Health{},
		gone:   map[string][]string{},
		pushed: map[[3]string]time.Time{},
		common: map[common]*sharers{},
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
	w.computed = outside.Behalf(ctx)
	held := k.held(ctx, w.Place)
	s := serving{want: w, held: k.dated(held), verdict: when.Gone}
	if held != nil {
		s.verdict = w.Freshness.Judge(s.held.times(), w.At)
	}
	if s.verdict == when.Fresh || held != nil && w.newEnough(s.held) {
		k.goOn(w, held)
		return Kept{Snapshot: s.held, Verdict: s.verdict, Aged: s.verdict != when.Fresh, Asked: AskedNo}, nil
	}
	w.novel = s.verdict == when.Gone && w.isNew(s.held)
	f, joined, r := k.flights().approach(w, held, s.verdict == when.Revalidate)
	switch {
	case f == nil:
		return s.resting(AskedNo, r)
	case s.verdict == when.Revalidate:
		return s.resting(AskedBehind, r)
	case joined && r.failures > 0:
		// Whoever probes waits; nobody else pays for it.
		k.flights().unwait(f)
		return s.resting(AskedJoined, r)
	}
	return k.await(ctx, f, joined, s)
}

// newEnough reports whether a snapshot was fetched while the ask stood in line:
// a crowd that takes a while to answer gets what was brought for its first.
func (w Want) newEnough(s *Snapshot) bool {
	return !w.Asked.IsZero() && !s.Fetched.Before(w.Asked) && !s.Fetched.After(w.At) && w.At.Sub(s.Fetched) < longestLine
}

// Last returns what is held at a place without asking anybody.
func (k *Keeper) Last(ctx context.Context, p Place) *Snapshot { return k.held(ctx, p) }

// await waits for a flight, no longer than the asker wants to wait for the
// source. Once that has answered, what is left is our own work, and worth
// waiting for where there is nothing to tell instead.
func (k *Keeper) await(ctx context.Context, f *flight, joined bool, s serving) (Kept, error) {
	defer outside.Away(ctx)()
	defer k.flights().unwait(f)
	timer := time.NewTimer(s.want.Wait)
	defer timer.Stop()
	late := f.late
	if !s.presentable() {
		late = nil // there is nothing to tell instead, so it is worth waiting
	}
	for patient := !s.presentable(); ; patient = false {
		select {
		case <-f.done:
			return s.landed(f, joined)
		case <-late:
		case <-timer.C:
			select {
			case <-f.done: // at the same moment
				return s.landed(f, joined)
			default:
			}
			if patient && k.answered(f) {
				timer.Reset(flightTimeout)
				late = f.late
				continue
			}
			if f.behind {
				k.flights().overdue(f, s.want) // nobody else has an eye on its time
			}
		case <-ctx.Done():
			return s.failed(AskedDeadline, rest{err: ctx.Err()})
		}
		return s.failed(AskedDeadline, rest{err: k.waitedFor(f, s.want)})
	}
}

func (k *Keeper) answered(f *flight) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return f.answered && !f.failed
}

// waitedFor says what an asker waited for in vain: the source, or, for the
// better part, its turn at the source.
func (k *Keeper) waitedFor(f *flight, w Want) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !f.ahead && (f.started.IsZero() || k.clock().Sub(f.started) < w.Wait/2) {
		return &Error{Kind: Crowded, Op: "fetch", Hint: words.Text{Key: "fetch.crowded"}}
	}
	return f.silence(w)
}

// held returns what is in memory, else what the shelf has, else nil.
func (k *Keeper) held(ctx context.Context, p Place) *Snapshot {
	if h := k.holding(ctx, p); h != nil {
		return h.snapshot
	}
	return nil
}

func (k *Keeper) holding(ctx context.Context, p Place) *holding {
	if h, ok := k.kept.GetIfPresent(p); ok {
		return k.inTime(p, h)
	}
	if k.shelf == nil || private(p) {
		return nil
	}
	// A shelf that cannot be read is no reason to fail the ask: upstream can
	// still answer it.
	back := outside.Away(ctx)
	s, ok, err := k.shelf.Snapshot(ctx, p)
	if err == nil && ok {
		err = k.withdrawn(ctx, p)
	}
	back()
	if err != nil || !ok {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	h, _ := k.kept.SetIfAbsent(p, &holding{snapshot: k.told(p, &s)})
	return h
}

func (s *Snapshot) times() when.Times {
	return when.Times{Fetched: s.Fetched, Expires: s.Expires, NotBefore: s.NotBefore}
}
