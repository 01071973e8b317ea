package console

import (
	"context"
	"sync"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
)

// shownMisses is how many texts of the day are told.
const shownMisses = 20

// day is Today with the words of the last answers, since pages ask for them every
// other second and demand is large.
type day struct {
	Today
	mu     sync.Mutex
	misses map[string]missed
}

// missed are the words of a publisher's day, as long as nothing else was asked and
// nothing was set up.
type missed struct {
	outlet  *catalogue.Setup
	version uint64
	from    time.Time
	words   journal.Ranked
}

// missesOf ranks what the day's readers asked in vain, in the words that demand
// may show; the rest is a number.
func (t *day) missesOf(ctx context.Context, pub *catalogue.Setup, version uint64, d *journal.Day) (journal.Ranked, error) {
	none := journal.Ranked{Top: []journal.Count{}, Other: d.Missed}
	if t.Demanded == nil || d.Missed == 0 {
		return none, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if last := t.misses[pub.ID]; last.outlet == pub && last.version == version && last.from.Equal(d.From) {
		return last.words, nil
	}
	of, err := t.Demanded.Of(ctx, pub.ID, journal.Listing{From: d.From, Until: d.Until, Met: phrasesOf(pub)})
	if err != nil {
		return none, err
	}
	words := none
	for _, u := range of.Unmet {
		if u.Text == "" || u.Missed == 0 || len(words.Top) == shownMisses {
			continue
		}
		words.Top = append(words.Top, journal.Count{Name: u.Text, Asks: u.Missed, Last: u.Last})
		words.Other -= u.Missed
	}
	words.Other = max(words.Other, 0)
	t.misses[pub.ID] = missed{pub, version, d.From, words}
	return words, nil
}
