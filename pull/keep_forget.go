package pull

import (
	"maps"
	"math"
	"time"

	"keypull/pull/what"
	"keypull/pull/when"
)

// Forget drops the health of a source that was removed or changed, and what is
// held in memory of it. A fetch that is under way still answers whoever waits
// for it, and leaves nothing behind. What lies on the Shelf stays there, and so
// does the moment before which upstream does not want to be asked again.
func (k *Keeper) Forget(publisher, source string) {
	of := func(p Place) bool { return p.Publisher == publisher && p.Source == source }
	name := publisher + "/" + source
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.health, name)
	delete(k.gates, name)
	for p, f := range k.flying {
		f.forgotten = f.forgotten || of(p)
	}
	maps.DeleteFunc(k.flying, func(p Place, _ *flight) bool { return of(p) })
	for p := range k.kept.Keys() {
		if of(p) {
			k.kept.Invalidate(p)
		}
	}
}

// hold keeps what a flight brought, unless its source was forgotten meanwhile,
// and returns it as it may be told.
func (k *Keeper) hold(f *flight, p Place, h *holding) *Snapshot {
	k.mu.Lock()
	defer k.mu.Unlock()
	if told := k.told(p, h.snapshot); told != h.snapshot {
		h = &holding{snapshot: told, doubtful: h.doubtful, until: h.until}
	}
	if f.forgotten || private(p) && !k.clock().Before(h.until) {
		return h.snapshot
	}
	k.kept.Set(p, h)
	if private(p) {
		time.AfterFunc(h.until.Sub(k.clock()), func() {
			if h, ok := k.kept.GetIfPresent(p); ok {
				k.inTime(p, h)
			}
		})
	}
	return h.snapshot
}

// inTime returns what is held at a place, unless it is private and too old.
func (k *Keeper) inTime(p Place, h *holding) *holding {
	if private(p) && !k.clock().Before(h.until) {
		k.kept.Invalidate(p)
		return nil
	}
	return h
}

func (k *Keeper) forgot(f *flight) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return f.forgotten
}

// dated returns a snapshot with its times as the clock on the wall shows them
// now: where that was set since, the time that has passed tells how old it is.
// One from before the start knows the wall alone.
func (k *Keeper) dated(s *Snapshot) *Snapshot {
	if s == nil {
		return nil
	}
	now := k.clock()
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

// DefaultMemory is about how many bytes of snapshots are held in memory where
// nobody says how much; the rest is on the Shelf.
const DefaultMemory = 96 << 20

// Bound sets about how many bytes of snapshots are held in memory. What leaves
// it stays on the Shelf.
func (k *Keeper) Bound(bytes int) { k.kept.SetMaximum(uint64(max(bytes, 0))) }

// What lists and structs cost beside the texts in them, roughly.
const (
	itemBytes  = 320
	smallBytes = 96
)

// bytes is about how much memory a holding takes.
func (h *holding) bytes(p Place) uint32 {
	n := smallBytes + len(p.Publisher) + len(p.Source) + len(p.Mark) + len(p.Key) + h.snapshot.bytes()
	if h.doubtful != nil {
		n += h.doubtful.snapshot.bytes()
	}
	return uint32(min(n, math.MaxUint32)) //nolint:gosec // it is bounded just here
}

func (s *Snapshot) bytes() int {
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
