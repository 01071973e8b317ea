package outside

import "context"

// Place is how a host is called.
var Place = place

// LineUp is a lineUp for tests.
type LineUp struct{ l lineUp }

// NewLineUp returns one of that many places.
func NewLineUp(places int) *LineUp { return &LineUp{lineUp{free: places}} }

// Take takes a place.
func (l *LineUp) Take(ctx context.Context, name string) (release func(), ok bool) {
	return l.l.take(ctx, name)
}

// Idle reports whether nobody waits and that many places are free.
func (l *LineUp) Idle(places int) bool {
	l.l.mu.Lock()
	defer l.l.mu.Unlock()
	return l.l.free == places && len(l.l.lines) == 0 && len(l.l.turns) == 0
}
