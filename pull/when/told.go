package when

import (
	"sync"
	"time"
)

// Told is a stamp as an answer tells it that may leave late.
type Told struct {
	// Now tells it at once. Clock says the same without what has passed, Dated with
	// the day besides, for telling it from Midnight on, the reader's.
	Now, Clock, Dated string
	Midnight          time.Time
}

// Told words the stamp in all its forms. Many ask for the same within a second, so
// that what was worded last is kept.
func (s Stamp) Told() Told {
	key := s.key()
	if t, ok := lately.find(key); ok {
		return t
	}
	t := s.told()
	lately.keep(key, t)
	return t
}

func (s Stamp) told() Told {
	t := Told{Now: s.String()}
	year, month, day := s.Now.In(orUTC(s.Zone)).Date()
	t.Midnight = time.Date(year, month, day+1, 0, 0, 0, 0, orUTC(s.Zone))
	s.ByClock = true
	t.Clock = s.String()
	s.Now = t.Midnight
	t.Dated = s.String()
	return t
}

// toldKey is all that the words of a stamp depend on: seconds alone of the moment
// of telling, and of what has passed.
type toldKey struct {
	Stamp

	second int64
}

func (s Stamp) key() toldKey {
	second := s.Now.Unix()
	passed := s.Now.Sub(s.AsOf)
	whole := passed.Truncate(time.Second)
	if whole > passed {
		whole -= time.Second
	}
	s.Now = s.AsOf.Add(whole)
	return toldKey{s, second}
}

// mostTold is how many are kept, of some 300 bytes each.
const mostTold = 512

// toldLately are the words of the stamps that were worded last.
type toldLately struct {
	mu  sync.RWMutex
	all map[toldKey]Told
}

var lately = toldLately{all: map[toldKey]Told{}} //nolint:gochecknoglobals // what it holds follows from its keys

func (l *toldLately) find(key toldKey) (t Told, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t, ok = l.all[key]
	return t, ok
}

func (l *toldLately) keep(key toldKey, t Told) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.all) >= mostTold {
		clear(l.all)
	}
	l.all[key] = t
}
