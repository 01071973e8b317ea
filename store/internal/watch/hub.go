// Package watch tells watchers inside the process of changes below a prefix.
// It leaves alone how a change came about and whether it is durable: back ends
// call Tell for what already is.
package watch

import (
	"bytes"
	"context"
	"strings"
	"sync"

	"keypull/store"
)

// Slack is how many changes a watcher may lag behind before its channel is
// closed.
const Slack = 1024

// Hub hands changes to its watchers. The zero value is ready to use.
type Hub struct {
	mu       sync.Mutex
	closed   bool
	watchers map[*watcher]struct{}
}

type watcher struct {
	prefix string
	out    chan store.Change
}

// Add returns a channel of every change below prefix that is told from now on,
// until ctx ends, the watcher lags by more than Slack, or the hub is closed:
// then the channel is closed.
func (h *Hub) Add(ctx context.Context, prefix string) (<-chan store.Change, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if prefix != "" {
		if err := store.CheckKey(prefix); err != nil {
			return nil, err
		}
		prefix += "."
	}
	w := &watcher{prefix: prefix, out: make(chan store.Change, Slack)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, store.ErrClosed
	}
	if h.watchers == nil {
		h.watchers = make(map[*watcher]struct{})
	}
	h.watchers[w] = struct{}{}
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.remove(w)
	})
	return w.out, nil
}

// Idle says that nobody watches, so that nothing need be collected to be told.
func (h *Hub) Idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watchers) == 0
}

// Tell hands a change to every watcher of its prefix, each with a value of its
// own, and never waits.
func (h *Hub) Tell(c store.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		if !strings.HasPrefix(c.Key, w.prefix) {
			continue
		}
		own := c
		own.Value = bytes.Clone(c.Value)
		select {
		case w.out <- own:
		default:
			h.remove(w)
		}
	}
}

// Close closes the channels of all watchers.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for w := range h.watchers {
		h.remove(w)
	}
}

func (h *Hub) remove(w *watcher) {
	if _, ok := h.watchers[w]; ok {
		delete(h.watchers, w)
		close(w.out)
	}
}
