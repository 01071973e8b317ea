package pull

import (
	"math/big"
	"time"
)

// Bounds beyond which a snapshot is held back beside the last good one. Small
// lists swing widely by nature, so shrinking is judged from manyItems on.
const (
	manyItems  = 10
	shrunkTo   = 10 // percent
	futureSlop = 24 * time.Hour
)

// doubt says why s is hard to believe beside last, or "". There is doubt only
// where there is something to serve instead; what a source insists on is
// believed in the end.
func doubt(s Snapshot, last *Snapshot, now time.Time) string {
	if last == nil || s.Unchanged || len(last.Items) == 0 {
		return ""
	}
	switch {
	case len(s.Items) == 0:
		return "it is empty, and was not before"
	case len(last.Items) >= manyItems && len(s.Items)*100 <= len(last.Items)*shrunkTo:
		return "nine in ten of its items are gone"
	case s.AsOf.After(now.Add(futureSlop)):
		return "its time lies in the future"
	case leapt(s, *last):
		return "its price moved by more than half"
	}
	return ""
}

// leapt reports whether the price of a single quoted item moved by more than
// half of what it was.
func leapt(s, last Snapshot) bool {
	if len(s.Items) != 1 || len(last.Items) != 1 {
		return false
	}
	now, ok1 := new(big.Rat).SetString(s.Items[0].Facts.Text("price"))
	was, ok2 := new(big.Rat).SetString(last.Items[0].Facts.Text("price"))
	if !ok1 || !ok2 || was.Sign() <= 0 {
		return false
	}
	moved := now.Sub(now, was)
	moved.Abs(moved).Quo(moved, was)
	return moved.Cmp(big.NewRat(1, 2)) > 0
}
