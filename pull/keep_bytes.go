package pull

import (
	"math"

	"keypull/pull/what"
)

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
