// Package order tells from the dates of what was written one after the other
// what is past its time. A clock that ran ahead for a while leaves things that
// are dated later than what came behind them: they are as old as that. A clock
// that ran behind leaves things dated long ago between young ones: they prove
// nothing about what came before them.
package order

import (
	"time"

	"keypull/store"
)

// Reach is how much older than the limit something may be dated and still tell
// of what was written before it. Who drops what is past every day never sees
// older ones, unless a clock was wrong or nobody was there to drop them.
const Reach = 30 * 24 * time.Hour

// Past returns the last of n things, in the order of writing, that shows
// everything up to itself to be older than before, or -1. at gives the date of
// the i-th; not ok leaves it out.
func Past(n int, at func(i int) (date time.Time, ok bool), before time.Time) int {
	surely := before.Add(-store.LogDisorder)
	near, last, old := -1, -1, 0
	for i := range n {
		date, ok := at(i)
		if !ok || !date.Before(surely) {
			continue
		}
		last = i
		if old++; !date.Before(before.Add(-Reach)) {
			near = i
		}
	}
	if 2*old > n {
		return last // nobody dropped anything for long
	}
	return near
}

// Samples picks at most limit of n places, evenly, the first and the last among
// them, and returns how many, and which the i-th is.
func Samples(n, limit uint64) (count int, place func(i int) uint64) {
	if n <= limit {
		return int(n), func(i int) uint64 { return uint64(i) } //nolint:gosec // i is not negative
	}
	return int(limit), func(i int) uint64 { //nolint:gosec // limit is small
		whole, rest := (n-1)/(limit-1), (n-1)%(limit-1)
		return uint64(i)*whole + uint64(i)*rest/(limit-1) //nolint:gosec // i is not negative
	}
}
