package links

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"keypull/pull/who"
)

// grants are what words open that readers were given. The words are kept in memory alone,
// hashed: an end of the process ends them all. It is not copied.
type grants struct {
	mu   sync.Mutex
	open map[mark]grant
	// order has the oldest first.
	order []mark
}

// mark stands for a word.
type mark [sha256.Size]byte

// grant is whose a word is. Of one that is used up ask is the ask that did so.
type grant struct {
	publisher, channel string
	key                who.Key
	until              time.Time
	ask                uint64
}

// give opens something by a word. Former words of the reader are good no more.
func (g *grants) give(word string, one grant) {
	g.forget(one.key)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		g.open = map[mark]grant{}
	}
	if len(g.order) >= mostGrants {
		delete(g.open, g.order[0])
		g.order = g.order[1:]
	}
	m := mark(sha256.Sum256([]byte(word)))
	g.open[m] = one
	g.order = append(g.order, m)
}

// forget ends the words of a reader.
func (g *grants) forget(key who.Key) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.order = slices.DeleteFunc(g.order, func(m mark) bool {
		if g.open[m].key != key {
			return false
		}
		delete(g.open, m)
		return true
	})
}

// takeGrant uses a word up.
func (g *grants) takeGrant(word string, now time.Time) (grant, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	used := mark(sha256.Sum256([]byte(word)))
	one, ok := g.open[used]
	if !ok {
		return one, false
	}
	delete(g.open, used)
	g.order = slices.DeleteFunc(g.order, func(m mark) bool { return m == used })
	return one, now.Before(one.until)
}

// claim returns what a word of a publisher's reader opens to an ask, and with take uses it
// up but for that ask, which may be tried again.
func (g *grants) claim(word, publisher string, ask uint64, take bool, now time.Time) (grant, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := mark(sha256.Sum256([]byte(word)))
	one, ok := g.open[m]
	if !ok || one.publisher != publisher || !now.Before(one.until) || one.ask != 0 && one.ask != ask {
		return grant{}, false
	}
	if take {
		one.ask = ask
		g.open[m] = one
	}
	return one, true
}
