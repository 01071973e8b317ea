package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"keypull/cmd/keypull/demo"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/who"
)

// The demo's publisher has been asked for pastDays before its first start, by readers who agreed
// to nothing: they are counted, and nothing else is known of them. Only what was asked in vain
// in the last wordedDays came from some who had agreed, pastReaders of them, so that demand shows
// their words. pastAsk marks their numbers, which no ask has.
const (
	pastDays    = 60
	wordedDays  = 28
	pastReaders = 40
	pastAsk     = 1 << 62
)

// inVain returns what readers ask for that the demo has no keyword for, each in a language.
func inVain() []journal.Trace {
	return []journal.Trace{
		{What: journal.What{Core: "bus timetable"}, Who: journal.Who{Language: "en"}},
		{What: journal.What{Core: "programme télé"}, Who: journal.Who{Language: "fr"}},
		{What: journal.What{Core: "horoskop"}, Who: journal.Who{Language: "de"}},
	}
}

// setUpPast counts the asks of the days before today, so that figures show a curve.
func setUpPast(ctx context.Context, h *installation) error {
	pub := h.room.Publisher(demo.PublisherID)
	now := h.clock()
	midnight := journal.StartOfDay(now.In(h.zoneOf(demo.PublisherID)))
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same past each time
	// What the menu begins with is asked most.
	keywords := slices.Clone(pub.Keywords)
	slices.SortStableFunc(keywords, func(a, b catalogue.Keyword) int {
		return cmp.Compare(uint(slices.Index(pub.Featured, a.ID)), uint(slices.Index(pub.Featured, b.ID)))
	})
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	number := uint64(pastAsk)
	for ago := pastDays; ago > 0; ago-- {
		day := midnight.AddDate(0, 0, -ago)
		asks := 30 + (pastDays-ago)/3 + random.IntN(12)
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			asks /= 2
		}
		for _, t := range pastDay(random, asks, pub.Channels[0].ID, keywords, day) {
			number++
			t.Ask = number
			if t.Outcome != journal.Missed || ago > wordedDays {
				group.Go(func() error { return h.resources.demand.Note(ctx, demo.PublisherID, t) })
				continue
			}
			asked := inVain()[random.IntN(len(inVain()))]
			t.What, t.Who.Language = asked.What, asked.Who.Language
			reader := who.Key(fmt.Sprintf("%s.past%d", demo.PublisherID, random.IntN(pastReaders)))
			if err := h.writeAsk(ctx, demo.PublisherID, reader, t); err != nil {
				return errors.Join(err, group.Wait())
			}
		}
	}
	return group.Wait()
}

// pastDay returns what is counted of the asks of a day, the first of them first.
func pastDay(random *rand.Rand, asks int, channel string, keywords []catalogue.Keyword, day time.Time) []journal.Trace {
	traces := make([]journal.Trace, asks)
	for i := range traces {
		traces[i] = pastTrace(random, channel, keywords, day)
	}
	slices.SortFunc(traces, func(a, b journal.Trace) int { return a.At.Compare(b.At) })
	return traces
}

// pastTrace returns what is counted of an ask on a day: more by day than by night, and the
// first keywords more than the last.
func pastTrace(random *rand.Rand, channel string, keywords []catalogue.Keyword, day time.Time) journal.Trace {
	at := day.Add(7*time.Hour + time.Duration((random.Float64()+random.Float64())/2*16*float64(time.Hour)))
	rank := random.Float64() * random.Float64() * random.Float64() * float64(len(keywords))
	k := keywords[int(rank)]
	t := journal.Trace{
		At: at, Channel: channel, Outcome: journal.Answered, What: journal.What{Keyword: k.ID},
		When: journal.When{Source: k.Source, AsOf: at.Add(-time.Duration(random.IntN(900)) * time.Second)}, Took: journal.Took{Total: journal.Millis(8 + random.ExpFloat64()*90)},
	}
	switch n := random.IntN(100); {
	case n < 4:
		t.Outcome, t.What, t.When = journal.Missed, journal.What{}, journal.When{}
	case n < 8:
		t.Outcome, t.What, t.When = journal.Offered, journal.What{Offered: []string{k.ID}}, journal.When{}
	case n < 12:
		t.Outcome, t.What, t.When = journal.Ordered, journal.What{Command: journal.Greeting}, journal.When{}
	case n < 14:
		t.Outcome = journal.Refused
	}
	if random.IntN(3) > 0 {
		t.Who.Visit = journal.FirstOfDay
		if random.IntN(3) > 0 {
			t.Who.Visit |= journal.BackOnDay
		}
	}
	return t
}
