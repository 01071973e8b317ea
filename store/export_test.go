package store

import (
	"context"
	"math"

	"keypull/pull"
	"keypull/pull/journal"
)

// Of returns what a publisher's readers asked, texts and days together.
func (d *Demand) Of(ctx context.Context, publisher string, l journal.Listing) (journal.Demand, error) {
	out, err := d.Texts(ctx, publisher, l)
	if err != nil {
		return out, err
	}
	var sum journal.DayDemand
	err = d.Days(ctx, publisher, journal.DemandDay(l.From), math.MaxInt, func(_ int, of journal.DayDemand) { sum.AddDay(of) })
	out.SetDays(sum, l.Now, len(sum.Keywords))
	return out, err
}

// MostAtHand is how many asks are at hand since a fold began.
const MostAtHand = mostRecentAsks

// DeadPair is a letter as it is written, sealed with the key of its day alone.
func DeadPair(s RecordSealer, d DeadLetter, a pull.Ask) (Pair, error) { return deadPair(s, 0, d, a) }

// Searching returns how many wait for the next walk through the log.
func (l *Ledger) Searching() int {
	l.walks.mu.Lock()
	defer l.walks.mu.Unlock()
	return len(l.walks.waiting)
}
