package feed

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/sources"
)

const (
	// manyNewest is how many of the newest items tell whether a clock is off.
	manyNewest = 10
	// farthestZone is how far two clocks differ for the zones' sake alone.
	farthestZone = 14 * time.Hour
	// slack is what a feed may be ahead before its editor hears of it.
	slack = 5 * time.Minute
)

// clockWarnings tell the editor of clocks that are off: that of the server,
// that by which the feed was made, and that by which its items are dated.
func (d *document) clockWarnings(feed parsed, items []what.Item) []string {
	var warnings []string
	if off := d.served.Sub(d.fetched); !d.served.IsZero() && off > slack {
		warnings = append(warnings, fmt.Sprintf("the server's clock is %s ahead, by the Date of its response", amount(off)))
	}
	built := d.dates.Read(first(feed.Updated, feed.Published))
	dated := func(it what.Item) bool { return it.Published.Equal(built) }
	if off := built.Sub(d.fetched); !built.IsZero() && off > slack && !slices.ContainsFunc(items, dated) {
		warnings = append(warnings, fmt.Sprintf("the feed's clock is %s ahead: it says that it was made then", amount(off)))
	}
	if off, count := ahead(items, d.fetched); off > 0 {
		warnings = append(warnings, fmt.Sprintf(
			"%d of its newest items are dated in the future, by up to %s; the clock or the time zone of the feed seems to be off", count, amount(off)))
	}
	if d.unclear > 0 {
		warnings = append(warnings, fmt.Sprintf(
			"%d of its items have a date that cannot be understood, mostly for want of a known time zone; readers hear when they were first seen", d.unclear))
	}
	return warnings
}

// ahead is by how much the newest items lie in the future, and how many; zero
// where that looks like announcements: few of them, or at quite different
// distances.
func ahead(items []what.Item, now time.Time) (off time.Duration, count int) {
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

// amount words a duration in the two largest of its units.
func amount(d time.Duration) string {
	var words []string
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{365 * 24 * time.Hour, "year"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		n := int(d / unit.size)
		if d -= time.Duration(n) * unit.size; n == 0 || len(words) == 2 {
			continue
		}
		word := fmt.Sprintf("%d %s", n, unit.name)
		if n > 1 {
			word += "s"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}
