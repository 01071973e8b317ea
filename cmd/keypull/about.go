package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
)

// sumKeeper keeps what was added up of publishers for a while, so that nobody who asks
// often has it added up as often. The zero value is ready.
type sumKeeper[T any] struct {
	mu    sync.Mutex
	known map[string]keptSum[T]
}

// keptSum is what was added up, and when.
type keptSum[T any] struct {
	at  time.Time
	sum T
}

// mostSums is of how many publishers sums are held at most.
const mostSums = 1000

// sumOf returns the sum of a publisher where it is younger than an age.
func (k *sumKeeper[T]) sumOf(publisher string, now time.Time, young time.Duration) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	held, ok := k.known[publisher]
	age := now.Sub(held.at)
	return held.sum, ok && age >= 0 && age < young
}

// keepSum holds the sum of a publisher.
func (k *sumKeeper[T]) keepSum(publisher string, now time.Time, sum T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= mostSums {
		k.known = map[string]keptSum[T]{}
	}
	k.known[publisher] = keptSum[T]{now, sum}
}

// lastDays tells readers what was asked of a publisher in the last days.
type lastDays struct {
	in   *installation
	sums sumKeeper[journal.Sums]
}

// How long sums are told.
const (
	lastDaysKept  = 5 * time.Minute
	mostAskedKept = time.Hour
)

var _ pull.Counted = (*lastDays)(nil)

// LastDays returns what was asked in the last pull.AboutDays days.
func (l *lastDays) LastDays(ctx context.Context, publisher string) (journal.Sums, error) {
	now := l.in.clock()
	if held, ok := l.sums.sumOf(publisher, now, lastDaysKept); ok {
		return held, nil
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
	l.sums.keepSum(publisher, now, sums)
	return sums, nil
}

// mostAsked tells pages what readers of a publisher ask most.
type mostAsked struct {
	in   *installation
	most sumKeeper[[]string]
}

// keywordsOf returns the ids of the keywords that were asked most in the last
// pull.AboutDays days, the most asked first; what was asked fewer than
// journal.KnownReaders times is left out.
func (m *mostAsked) keywordsOf(publisher string) []string {
	const most = 10
	now := m.in.clock()
	if held, ok := m.most.sumOf(publisher, now, mostAskedKept); ok {
		return held
	}
	asked := journal.NamedFigures{}
	until := journal.DemandDay(now.In(m.in.zoneOf(publisher))) + 1
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := m.in.resources.demand.NamedFigures(ctx, publisher, journal.KeywordFigures, until-pull.AboutDays, until, func(_ int, of journal.NamedDay) error {
		return asked.AddDay(of, nil)
	})
	if err != nil {
		m.in.logger.Warn("what is asked most can't be told", "publisher", publisher, "error", err)
		asked = nil // the menu's own order does
	}
	ids := slices.Collect(maps.Keys(asked))
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == journal.OtherName || asked[id].Asks < journal.KnownReaders })
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(asked[b].Asks-asked[a].Asks, cmp.Compare(a, b)) })
	ids = ids[:min(len(ids), most)]
	m.most.keepSum(publisher, now, ids)
	return ids
}
