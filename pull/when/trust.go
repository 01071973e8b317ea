package when

import (
	"sync"
	"time"
)

// How a clock on the wall earns trust.
const (
	// tick is by how much it may differ from the time that passed between two
	// looks without having been set.
	tick = 5 * time.Minute
	// steady is for how long it must have gone on evenly after it was set.
	steady = time.Hour
	// plausible is how long nobody may have looked at it without its having to
	// prove itself again.
	plausible = 45 * 24 * time.Hour
)

// Trust says whether a clock on the wall may decide that something is old
// enough to be destroyed. One that was set, or that tells a time long after
// it was last believed, is believed once it has gone on evenly for an hour: a
// clock that runs four hundred days ahead for a minute destroys nothing.
type Trust struct {
	wall   time.Time
	passed time.Duration
	// since is when the clock was set, in time that passed; sure says that
	// nothing is known against it.
	since time.Duration
	sure  bool
}

// NewTrust begins with a first look. last is when the clock was last believed,
// by itself; zero if nobody remembers, which makes any time plausible.
func NewTrust(last, wall time.Time, passed time.Duration) *Trust {
	away := wall.Sub(last)
	return &Trust{
		wall: wall.Round(0), passed: passed, since: passed,
		sure: last.IsZero() || -tick <= away && away <= plausible,
	}
}

// Look compares the clock with the time that has passed, of whatever beginning,
// and says whether it may be believed.
func (t *Trust) Look(wall time.Time, passed time.Duration) bool {
	wall = wall.Round(0)
	if drift := wall.Sub(t.wall) - (passed - t.passed); drift < -tick || drift > tick {
		t.since, t.sure = passed, false
	}
	t.wall, t.passed = wall, passed
	t.sure = t.sure || passed-t.since >= steady
	return t.sure
}

// Steady returns a clock for what gets old: that on the wall while it may be
// believed, and the time that passes after it was set, until it is believed
// again. It is safe for concurrent use.
func Steady(clock func() time.Time, passed func() time.Duration) func() time.Time {
	at, since := clock().Round(0), passed()
	trust := NewTrust(time.Time{}, at, since)
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		wall, now := clock(), passed()
		at, since = at.Add(now-since), now
		if trust.Look(wall, now) {
			at = wall.Round(0)
		}
		return at
	}
}
