package pull

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/withdrawal"
)

// memory is what is held, with the Snapshots behind it.
type memory struct {
	clock     func() time.Time
	snapshots Snapshots
	cached    *otter.Cache[SnapshotID, *cached]
}

// snapshotAt returns what is in memory, else what Snapshots has, else nil.
func (m *memory) snapshotAt(ctx context.Context, p SnapshotID, by *outside.Computation) *Snapshot {
	if h := m.cachedAt(ctx, p, by); h != nil {
		return h.snapshot
	}
	return nil
}

func (m *memory) cachedAt(ctx context.Context, p SnapshotID, by *outside.Computation) *cached {
	if h, ok := m.cached.GetIfPresent(p); ok {
		return m.unlessExpired(p, h)
	}
	if m.snapshots == nil || isPrivate(p) {
		return nil
	}
	// What cannot be read is no reason to fail the ask: upstream can
	// still answer it.
	back := by.Away()
	s, ok, err := m.snapshots.Snapshot(ctx, p)
	back()
	if err != nil || !ok || s.Fetched.IsZero() {
		return nil
	}
	h, _ := m.cached.SetIfAbsent(p, &cached{snapshot: &s})
	return h
}

// cached is what is held at one place. It is replaced as a whole.
type cached struct {
	// snapshot is as it came, with what is withdrawn; view is how it was last told.
	snapshot *Snapshot
	view     atomic.Pointer[view]
	// doubtful is what was put into quarantine beside it; nil mostly.
	doubtful *doubtful
	// until is when a private one is dropped.
	until time.Time
}

// CacheOptions are set before first use, where they are.
type CacheOptions struct {
	// Changed is told of every place whose items are other ones than before.
	Changed func(SnapshotID)
	// Beside keeps what is withdrawn once more.
	Beside Withdrawn
	// Jitter returns a random part of a duration, by which rests are shortened so
	// that not all end in the same moment.
	Jitter func(time.Duration) time.Duration
	// AtOnce is how many fetches of one source run at a time; DefaultAtOnce where
	// zero.
	AtOnce int
}

// tellChanged tells that a place has other items than before.
func (o *CacheOptions) tellChanged(p SnapshotID) {
	if o.Changed != nil {
		o.Changed(p)
	}
}

// unlessExpired returns what is held at a place, unless it is private and too old.
func (m *memory) unlessExpired(p SnapshotID, h *cached) *cached {
	if isPrivate(p) && !m.clock().Before(h.until) {
		m.cached.Invalidate(p)
		return nil
	}
	return h
}

// DefaultMemory is about how many bytes of snapshots are held in memory where
// nobody says how much; the rest is on the Snapshots.
const DefaultMemory = 96 << 20

// Bound sets about how many bytes of snapshots are held in memory. What leaves
// it stays on the Snapshots.
func (c *Cache) Bound(bytes int) { c.memory.cached.SetMaximum(uint64(max(bytes, 0))) }

// What lists and structs cost beside the texts in them, roughly.
const (
	itemBytes  = 320
	smallBytes = 96
)

// memorySize is about how much memory a holding takes.
func (h *cached) memorySize(p SnapshotID) uint32 {
	n := smallBytes + len(p.Publisher) + len(p.Source) + len(p.Mark) + len(p.Key) + h.snapshot.memorySize()
	if h.doubtful != nil {
		n += h.doubtful.snapshot.memorySize()
	}
	return uint32(min(n, math.MaxUint32)) //nolint:gosec // it is bounded just here
}

func (s *Snapshot) memorySize() int {
	n := itemBytes + len(s.Extra)
	for _, w := range s.Warnings {
		n += len(w.String()) + smallBytes
	}
	for i := range s.Items {
		n += sizeOf(&s.Items[i])
	}
	return n
}

func sizeOf(it *what.Item) int {
	n := itemBytes + len(it.ID) + len(it.Title) + len(it.Summary) + len(it.Body) + len(it.Link)
	for _, m := range it.Media {
		n += smallBytes + len(m.URL) + len(m.Alt)
	}
	for _, f := range it.Facts {
		n += smallBytes + len(f.Name) + len(f.Text)
		for _, line := range f.List {
			n += smallBytes/4 + len(line)
		}
	}
	return n
}

// atWallClock returns a snapshot with its times as the wall clock shows them now: if that
// was set since, the monotonic clock tells how old the snapshot is. One from before the
// start has no monotonic time.
func atWallClock(s *Snapshot, now time.Time) *Snapshot {
	if s == nil {
		return nil
	}
	// The one difference counts the time that has passed, where both know it.
	set := now.Round(0).Sub(s.Fetched.Round(0)) - now.Sub(s.Fetched)
	if set.Abs() <= when.Slip {
		return s
	}
	moved := *s
	for _, t := range []*time.Time{&moved.Fetched, &moved.Expires, &moved.NotBefore} {
		if !t.IsZero() {
			*t = t.Round(0).Add(set)
		}
	}
	return &moved
}

// view is a snapshot without what a set of rules withdraws.
type view struct {
	set      *withdrawal.Set
	snapshot *Snapshot
}

// snapshotsOf returns the snapshots in memory of a publisher, those excepted that hold
// facts of a reader.
func (m *memory) snapshotsOf(publisher string) map[SnapshotID]*Snapshot {
	all := map[SnapshotID]*Snapshot{}
	for p, h := range m.cached.All() {
		if p.Publisher == publisher && p.Source != "" && !isPrivate(p) {
			all[p] = h.snapshot
		}
	}
	return all
}

// withoutWithdrawn returns a snapshot without what is withdrawn, itself if nothing is.
func (m *memory) withoutWithdrawn(set *withdrawal.Set, p SnapshotID, s *Snapshot) *Snapshot {
	if s == nil || set == nil {
		return s
	}
	h, ok := m.cached.GetIfPresent(p)
	ok = ok && h.snapshot == s
	if ok {
		if v := h.view.Load(); v != nil && v.set == set {
			return v.snapshot
		}
	}
	told := s
	if rest := set.Rest(p.Source, s.Items); len(rest) != len(s.Items) {
		without := *s
		without.Items = rest
		told = &without
	}
	if ok {
		h.view.Store(&view{set, told})
	}
	return told
}
