package messengers

import (
	"context"
	"sync"
)

// MaxPlace is how many bytes a place holds.
const MaxPlace = 4 << 10

// Place keeps a few bytes of a channel's own over restarts, sealed: a token that
// was exchanged, how far a stream was read. It goes with the channel.
type Place interface {
	// Load returns what was kept, or nil if nothing was, or where it can't be
	// read any more.
	Load(ctx context.Context) ([]byte, error)
	// Keep puts at most MaxPlace bytes in place of what was there; none empty it.
	// It is durable when it returns.
	Keep(ctx context.Context, value []byte) error
}

// PlaceFor is Place where the world has one, else one that ends with the
// process.
func (e Env) PlaceFor() Place {
	if e.Place != nil {
		return e.Place
	}
	return &memory{}
}

// memory is a place that ends with the process.
type memory struct {
	mu    sync.Mutex
	value []byte
}

// Load returns what was kept.
func (m *memory) Load(context.Context) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]byte(nil), m.value...), nil
}

// Keep puts a value in place of the former one.
func (m *memory) Keep(_ context.Context, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.value = append([]byte(nil), value...)
	return nil
}
