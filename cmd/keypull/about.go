package main

import (
	"context"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
)

// lastDays tells readers what was asked of a publisher in the last days. What was added up
// is told for a while, so that nobody who asks often has it added up as often.
type lastDays struct {
	in    *installation
	mu    sync.Mutex
	known map[string]lastSum
}

// lastSum is what was asked, and when that was added up.
type lastSum struct {
	at   time.Time
	sums journal.Sums
}

// How long sums are told, and of how many publishers they are held at most.
const (
	lastDaysKept = 5 * time.Minute
	mostLastDays = 1000
)

var _ pull.Counted = (*lastDays)(nil)

// LastDays returns what was asked in the last pull.AboutDays days.
func (l *lastDays) LastDays(ctx context.Context, publisher string) (journal.Sums, error) {
	now := l.in.clock()
	l.mu.Lock()
	held, ok := l.known[publisher]
	l.mu.Unlock()
	if age := now.Sub(held.at); ok && age >= 0 && age < lastDaysKept {
		return held.sums, nil
	}
	var sums journal.Sums
	until := journal.DemandDay(now.In(l.in.zoneOf(publisher))) + 1
	err := l.in.resources.demand.Figures(ctx, publisher, until-pull.AboutDays, until, func(_ int, of journal.DayFigures) {
		for i := range of.Hours {
			sums.AddSums(&of.Hours[i])
		}
	})
	if err != nil {
		return sums, err //nolint:wrapcheck // it says what it is
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= mostLastDays {
		l.known = map[string]lastSum{}
	}
	l.known[publisher] = lastSum{now, sums}
	return sums, nil
}
