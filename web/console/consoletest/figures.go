package consoletest

import (
	"context"
	"slices"
	"sync"
	"time"

	"keypull/pull/journal"
)

// Figures counts asks of one publisher in memory.
type Figures struct {
	Publisher string
	// Zone is the publisher's.
	Zone *time.Location
	mu   sync.Mutex
	asks []journal.Trace
}

// Add counts an ask.
func (f *Figures) Add(t journal.Trace) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t.At = t.At.In(f.Zone)
	f.asks = append(f.asks, t)
}

// Figures tells the days in which something was asked.
func (f *Figures) Figures(_ context.Context, publisher string, from, until int, tell func(day int, of journal.DayFigures)) error {
	f.eachDay(publisher, from, until, func(day int, asks []journal.Trace) {
		var of journal.DayFigures
		for i := range asks {
			of.AddAsk(&asks[i])
		}
		tell(day, of)
	})
	return nil
}

// NamedFigures tells the days in which something was asked by a part.
func (f *Figures) NamedFigures(_ context.Context, publisher string, part journal.FigurePart, from, until int, tell func(day int, written []byte) error) (err error) {
	f.eachDay(publisher, from, until, func(day int, asks []journal.Trace) {
		rows := journal.NamedFigures{}
		for i := range asks {
			if part == journal.KeywordFigures {
				rows.AddKeywords(&asks[i])
			} else {
				rows.AddSources(&asks[i])
			}
		}
		if err == nil {
			err = tell(day, rows.EncodeNames())
		}
	})
	return err
}

func (f *Figures) eachDay(publisher string, from, until int, tell func(day int, asks []journal.Trace)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	days := map[int][]journal.Trace{}
	for _, t := range f.asks {
		if day := journal.DemandDay(t.At); publisher == f.Publisher && day >= from && day < until {
			days[day] = append(days[day], t)
		}
	}
	var order []int
	for day := range days {
		order = append(order, day)
	}
	slices.Sort(order)
	for _, day := range order {
		tell(day, days[day])
	}
}
