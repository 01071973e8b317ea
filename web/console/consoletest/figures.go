package consoletest

import (
	"context"
	"maps"
	"math"
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
	days map[int]*countedDay
}

// countedDay is what was asked in a day.
type countedDay struct {
	asks []journal.Trace
	sums journal.DayFigures
}

// Add counts an ask.
func (f *Figures) Add(t journal.Trace) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t.At = t.At.In(f.Zone)
	if f.days == nil {
		f.days = map[int]*countedDay{}
	}
	number := journal.DemandDay(t.At)
	if f.days[number] == nil {
		f.days[number] = &countedDay{}
	}
	d := f.days[number]
	d.asks = append(d.asks, t)
	d.sums.AddAsk(&t)
}

// Counted tells how many asks there were before a day.
func (f *Figures) Counted(_ context.Context, publisher string, before int) (n uint64, _ error) {
	f.eachDay(publisher, math.MinInt, before, func(_ int, d *countedDay) { n += uint64(len(d.asks)) })
	return n, nil
}

// Figures tells the days in which something was asked.
func (f *Figures) Figures(_ context.Context, publisher string, from, until int, tell func(day int, of journal.DayFigures)) error {
	f.eachDay(publisher, from, until, func(day int, d *countedDay) { tell(day, d.sums) })
	return nil
}

// NamedFigures tells the days in which something was asked by a part.
func (f *Figures) NamedFigures(_ context.Context, publisher string, part journal.FigurePart, from, until int, tell func(day int, of journal.NamedDay) error) (err error) {
	f.eachDay(publisher, from, until, func(day int, d *countedDay) {
		rows := journal.NamedFigures{}
		for i := range d.asks {
			if part == journal.KeywordFigures {
				rows.AddKeywords(&d.asks[i])
			} else {
				rows.AddSources(&d.asks[i])
			}
		}
		if err == nil {
			err = tell(day, journal.NamedDay{Written: rows.EncodeNames()})
		}
	})
	return err
}

func (f *Figures) eachDay(publisher string, from, until int, tell func(day int, d *countedDay)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if publisher != f.Publisher {
		return
	}
	for _, day := range slices.Sorted(maps.Keys(f.days)) {
		if day >= from && day < until {
			tell(day, f.days[day])
		}
	}
}
