package sources

import (
	"cmp"
	"slices"
	"time"

	"keypull/pull/what"
)

// IsUpcoming says whether an item is dated after a moment, by more than clocks
// differ. Without a moment nothing is.
func IsUpcoming(it what.Item, now time.Time) bool {
	return !now.IsZero() && it.Published.After(now.Add(Skew))
}

// RankIn returns the place of a name in an order, behind all for one that is not there.
func RankIn(order []string, name string) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}

// CompareBools orders what is not so before what is.
func CompareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// OrderArticles returns the items in the order in which they answer at a moment:
// what is out, newest first, then what is still to come, soonest first. What
// has no date stays beside its neighbour. The items given are left alone.
func OrderArticles(items []what.Item, now time.Time) []what.Item {
	times := placed(items, now)
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	compare := func(a, b int) int {
		later, than := IsUpcoming(items[a], now), IsUpcoming(items[b], now)
		if later && than {
			return items[a].Published.Compare(items[b].Published)
		}
		return cmp.Or(CompareBools(later, than), times[b].Compare(times[a]))
	}
	if slices.IsSortedFunc(order, compare) {
		return items
	}
	slices.SortStableFunc(order, compare)
	arranged := make([]what.Item, len(items))
	for i, at := range order {
		arranged[i] = items[at]
	}
	return arranged
}

// StillOrdered says whether items that were in order at some moment still are:
// nothing that is dated is still to come, or stands behind what is older.
func StillOrdered(items []what.Item, now time.Time) bool {
	var last time.Time
	for i := range items {
		at := items[i].Published
		if at.IsZero() {
			continue
		}
		if IsUpcoming(items[i], now) || !last.IsZero() && at.After(last) {
			return false
		}
		last = at
	}
	return true
}

// placed returns the time by which each item is sorted: its date; without one that
// of its neighbour above, or of the first below, but never later than it was
// seen; and where no item has a date, the time at which it was.
func placed(items []what.Item, now time.Time) []time.Time {
	var near time.Time
	dated := func(it what.Item) bool { return !it.Published.IsZero() && !IsUpcoming(it, now) }
	if i := slices.IndexFunc(items, dated); i >= 0 {
		near = items[i].Published
	}
	times := make([]time.Time, len(items))
	for i, it := range items {
		switch {
		case dated(it):
			near = it.Published
			times[i] = near
		case near.IsZero() || !it.Seen.IsZero() && it.Seen.Before(near):
			times[i] = it.Seen
		default:
			times[i] = near
		}
	}
	return times
}
