package webchat

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"keypull/web/messengers"
)

// Bounds of what is remembered of pages that may not show the chat.
const (
	maxForeign    = 20
	longestOrigin = 200
	foreignKept   = 7 * 24 * time.Hour
)

// foreigners are the origins of pages on other hosts that asked for the chat and
// are not listed.
type foreigners struct {
	mu sync.Mutex
	of []messengers.Foreigner
}

// Refuse notes that a page of an origin, which may not show the chat, has asked
// for it. Where there is no room for one more, the one gives way that asked least.
func (c *Chat) Refuse(origin string) {
	if len(origin) > longestOrigin || !isOrigin(origin) {
		return
	}
	f, now := &c.foreign, c.clock()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(now)
	i := slices.IndexFunc(f.of, func(one messengers.Foreigner) bool { return one.Origin == origin })
	if i < 0 {
		f.of = append(f.of[:min(len(f.of), maxForeign-1)], messengers.Foreigner{Origin: origin})
		i = len(f.of) - 1
	}
	f.of[i].Asks++
	f.of[i].Last = now
	slices.SortStableFunc(f.of, func(a, b messengers.Foreigner) int {
		return cmp.Or(cmp.Compare(b.Asks, a.Asks), b.Last.Compare(a.Last))
	})
}

// forget drops those that have not asked for long.
func (f *foreigners) forget(now time.Time) {
	f.of = slices.DeleteFunc(f.of, func(one messengers.Foreigner) bool { return now.Sub(one.Last) > foreignKept })
}

// Foreigners are the origins that were refused, those that asked most first.
func (c *Chat) Foreigners() []messengers.Foreigner {
	c.foreign.mu.Lock()
	defer c.foreign.mu.Unlock()
	c.foreign.forget(c.clock())
	return slices.Clone(c.foreign.of)
}

var _ messengers.Embedded = (*Chat)(nil)
