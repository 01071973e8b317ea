package outside

import (
	"context"
	"net/http"
)

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

// Read reads a body as a response's is.
func Read(answer *http.Response, limit int64) ([]byte, error) {
	return read(answer, limit, nil)
}

// Host is a host for tests.
type Host struct{ h *host }

// NewHost returns one.
func NewHost(o Options) *Host {
	o = o.withDefaults()
	return &Host{newHost("host.example:443", "host.example", &o)}
}

// Enter takes a place and gives it back.
func (h *Host) Enter(ctx context.Context) error {
	release, err := h.h.enter(ctx, false)
	if err == nil {
		release()
	}
	return err
}
