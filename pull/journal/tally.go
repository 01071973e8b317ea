package journal

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// Tally counts what became of each publisher's asks, for a page that shows
// today as it happens. It may be used by many at a time, and is empty after a
// start, until what was settled before has been added from the log.
//
// Counts are kept by quarters of an hour for 49 hours, so that yesterday is
// whole until midnight. Of each publisher at most 2,000 keywords
// and 200 channels are told apart in that time: where one more comes,
// the rarest tenth of them become "other", and count anew if they come again.
// A publisher takes some 100 kB, and 10 MB where everything is asked all the
// time; one that is not asked for 49 hours takes nothing.
type Tally struct {
	clock func() time.Time
	// Now tells what id a keyword of a publisher has today; nil: the one that it
	// was counted by.
	Now func(publisher, keyword string) string
	// versions counts the Adds of all publishers, so that a book that is made
	// anew goes on above the old one.
	versions atomic.Uint64

	mu    sync.RWMutex
	books map[string]*book
	swept atomic.Int64
}

// NewTally returns an empty tally.
func NewTally(clock func() time.Time) *Tally {
	t := &Tally{clock: clock, books: map[string]*book{}}
	t.swept.Store(int64(quarterOf(clock())))
	return t
}

// Kept returns since when asks count.
func (t *Tally) Kept() time.Time { return (quarterOf(t.clock()) - keptQuarters + 1).startTime() }

// Add counts a settled ask by its At. One of more than 49 hours ago is left
// aside, one of a time to come counts as now. It takes less than a microsecond
// and keeps nothing of the trace but keyword and channel, and which ask was called
// wrong. What was told without being asked is no ask, but what readers think of an
// answer counts. An ask is not known
// again: whoever adds it sees to it that it counts once.
func (t *Tally) Add(publisher string, trace Trace) {
	if trace.Outcome == Told && trace.Thumb == 0 {
		return
	}
	now := quarterOf(t.clock())
	if swept := quarter(t.swept.Load()); now > swept || now < swept-setBack {
		t.sweep(now)
	}
	taken := false
	for !taken {
		taken = t.book(publisher).take(&trace, now, &t.versions)
	}
}

// take is add under the lock; it returns false if the book is closed.
func (b *book) take(trace *Trace, now quarter, versions *atomic.Uint64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	if b.addTrace(trace, now) {
		b.version = versions.Add(1)
	}
	return true
}

// book returns a publisher's, and makes it if it is missing.
func (t *Tally) book(publisher string) *book {
	if b := t.find(publisher); b != nil {
		return b
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.books[publisher]
	if b == nil {
		b = newBook()
		t.books[publisher] = b
	}
	return b
}

func (t *Tally) find(publisher string) *book {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.books[publisher]
}

// sweep closes the books in which nothing is left.
func (t *Tally) sweep(now quarter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if int64(now) == t.swept.Load() {
		return
	}
	t.swept.Store(int64(now))
	maps.DeleteFunc(t.books, func(_ string, b *book) bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.closed = b.isEmpty(now)
		return b.closed
	})
}

// Version grows with each Add that counts for the publisher, so that a page
// knows whether there is anything new; 0 if nothing is kept.
func (t *Tally) Version(publisher string) uint64 {
	b := t.find(publisher)
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.version
}

// Day sums up a publisher's asks that arrived from one moment until before
// another, which are widened to quarters of an hour; times are told in the zone
// of from. What is longer ago than 49 hours is gone, and a Day ends 74 hours
// after it begins at the latest.
func (t *Tally) Day(publisher string, from, until time.Time) Day {
	now := quarterOf(t.clock())
	first := max(quarterOf(from), now-keptQuarters+1)
	end := min(quarterOf(until.Add(quarterSeconds*time.Second-1)), first+4*maxHours)
	b := t.find(publisher)
	if b == nil {
		b = newBook()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rollTo(now)
	var current func(string) string
	if t.Now != nil {
		current = func(keyword string) string { return t.Now(publisher, keyword) }
	}
	return b.sumDay(first, max(end, first), from.Location(), current)
}
