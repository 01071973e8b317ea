package feed

import (
	"cmp"
	"slices"
	"time"

	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/newsfeed"
)

const (
	// manyNewest is how many of the newest items tell whether a clock is off.
	manyNewest = 10
	// farthestZone is how far two clocks differ for the zones' sake alone.
	farthestZone = 14 * time.Hour
	// slack is what a feed may be ahead before its editor hears of it.
	slack = 5 * time.Minute
)

// clocks returns by how much the clock of the feed and that of its server run ahead;
// zero where they do not say so. A feed that says to be as new as its newest
// item tells of that item alone.
func (d *document) clocks(feed newsfeed.Feed, items []what.Item) (made, served time.Duration) {
	built := d.dates.Read(feed.Built)
	dated := func(it what.Item) bool { return it.Published.Equal(built) }
	if off := built.Sub(d.fetched); !built.IsZero() && off > slack && !slices.ContainsFunc(items, dated) {
		made = off
	}
	if off := d.served.Sub(d.fetched); !d.served.IsZero() && off > slack {
		served = off
	}
	return made, served
}

// correctClock moves the items of a feed whose own clock is off by as much, and returns
// by how much. Where its server tells the right time the feed only says what is to come, and a clock
// that is farther off than zones are says nothing of items that are not. What was
// moved by nearly as much before stays where it is.
func (d *document) correctClock(feed newsfeed.Feed, items []what.Item) time.Duration {
	made, served := d.clocks(feed, items)
	if served == 0 && !d.served.IsZero() {
		return 0
	}
	off := cmp.Or(made, served).Round(time.Minute)
	early := func(it what.Item) bool { return it.Published.After(d.fetched.Add(sources.Skew)) }
	if off == 0 || off > farthestZone && !slices.ContainsFunc(items, early) {
		return 0
	}
	before := make(map[string]time.Time, len(d.last))
	for _, it := range d.last {
		before[it.ID] = it.Published
	}
	for i := range items {
		it := &items[i]
		if it.Published.IsZero() {
			continue
		}
		was := it.Published
		it.Published = was.Add(-off)
		if at := before[it.ID]; !at.IsZero() && at.Before(was) && at.Sub(it.Published).Abs() <= slack {
			it.Published = at
		}
	}
	return off
}

// clockWarnings tell the editor of clocks that are off: that of the server,
// that by which the feed was made, and that by which its items are dated.
func (d *document) clockWarnings(feed newsfeed.Feed, items []what.Item) []words.Text {
	made, served := d.clocks(feed, items)
	off, count := countAhead(items, d.fetched)
	return saidOf(
		sight{served > 0, "clock_server", words.Args{"amount": durationText(served)}},
		sight{made > 0, "clock_feed", words.Args{"amount": durationText(made)}},
		sight{d.moved > 0, "clock_moved", words.Args{"amount": durationText(d.moved)}},
		sight{off > 0, "dated_ahead", words.Args{"count": count, "amount": durationText(off)}},
		sight{d.unclear > 0, "dated_unclear", words.Args{"count": d.unclear}},
	)
}

// countAhead returns by how much the newest items lie in the future, and how many; zero
// where that looks like announcements: few of them, or at quite different
// distances.
func countAhead(items []what.Item, now time.Time) (off time.Duration, count int) {
	var dates []time.Time
	for _, it := range items {
		if !it.Published.IsZero() {
			dates = append(dates, it.Published)
		}
	}
	slices.SortFunc(dates, func(a, b time.Time) int { return b.Compare(a) })
	dates = dates[:min(len(dates), manyNewest)]
	least := time.Duration(0)
	for _, at := range dates {
		if at.After(now.Add(sources.Skew)) {
			least = at.Sub(now)
			count++
		}
	}
	if count == 0 || count*2 < len(dates) && count < 3 {
		return 0, 0
	}
	off = dates[0].Sub(now)
	if off > farthestZone && (off-least > off/4 || count < 3) {
		return 0, 0
	}
	return off, count
}

// durationText words a duration in the two largest of its units.
func durationText(d time.Duration) words.Text {
	var found []words.Text
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{365 * 24 * time.Hour, "amount_year"}, {24 * time.Hour, "amount_day"}, {time.Hour, "amount_hour"}, {time.Minute, "amount_minute"}} {
		n := int(d / unit.size)
		if d -= time.Duration(n) * unit.size; n == 0 || len(found) == 2 {
			continue
		}
		found = append(found, own.Text(unit.name, words.Args{"n": n}))
	}
	switch len(found) {
	case 0:
		return own.Text("amount_minute", words.Args{"n": 0})
	case 1:
		return found[0]
	}
	return own.Text("amount_both", words.Args{"larger": found[0], "smaller": found[1]})
}
