// Package logdedup keeps a log readable while something is wrong: what fails a
// thousand times a second for one cause is one line a minute, with a count.
package logdedup

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"
)

const (
	// pause is how long a cause is quiet after a line.
	pause = time.Minute
	// maxCauses bounds what is remembered; beyond it all is forgotten.
	maxCauses = 1000
	// maxError is how much of an error tells causes apart.
	maxError = 200
)

// Handler passes lines on to another handler. Of those that carry an "error",
// the ones of one cause (the same message and the same error, whatever numbers
// are in it) pass once a minute; the next line says in "unsaid" how many were
// held back.
type Handler struct {
	slog.Handler
	clock  func() time.Time
	causes *causes
}

type causes struct {
	mu    sync.Mutex
	by    map[string]*cause
	swept time.Time
}

type cause struct {
	said   time.Time
	unsaid int
	last   slog.Record // of those that were held back
	by     slog.Handler
}

// New returns a handler in front of another one.
func New(h slog.Handler, clock func() time.Time) *Handler {
	return &Handler{Handler: h, clock: clock, causes: &causes{by: map[string]*cause{}}}
}

// WithAttrs implements slog.Handler; causes are shared.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Handler{h.Handler.WithAttrs(attrs), h.clock, h.causes}
}

// WithGroup implements slog.Handler.
func (h *Handler) WithGroup(name string) slog.Handler {
	return &Handler{h.Handler.WithGroup(name), h.clock, h.causes}
}

// Handle implements slog.Handler.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	now := h.clock()
	for _, c := range h.causes.ended(now) {
		if err := c.by.Handle(ctx, c.last); err != nil {
			return err
		}
	}
	key, failed := causeOf(r)
	if !failed {
		return h.Handler.Handle(ctx, r)
	}
	unsaid, pass := h.causes.pass(key, now, r, h.Handler)
	if !pass {
		return nil
	}
	if unsaid > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("unsaid", unsaid))
	}
	return h.Handler.Handle(ctx, r)
}

// causeOf names the cause of a line that tells of a failure.
func causeOf(r slog.Record) (key string, failed bool) {
	if r.Level < slog.LevelWarn {
		return "", false
	}
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != "error" {
			return true
		}
		text := a.Value.String()
		key, failed = text[:min(len(text), maxError)], true
		return false
	})
	key = strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return -1
		}
		return c
	}, key)
	return r.Message + "\x00" + key, failed
}

// pass says whether a line of a cause is said, and how many before it were not.
func (c *causes) pass(key string, now time.Time, r slog.Record, by slog.Handler) (unsaid int, pass bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.by[key]
	if known != nil && now.Sub(known.said) < pause && !now.Before(known.said) {
		known.unsaid++
		known.last, known.by = r.Clone(), by
		return 0, false
	}
	if known == nil {
		if len(c.by) >= maxCauses {
			clear(c.by)
		}
		known = &cause{}
		c.by[key] = known
	}
	unsaid = known.unsaid
	known.said, known.unsaid = now, 0
	return unsaid, true
}

// ended looks, once a minute, for causes that may be said again. Where lines of
// one were held back, the last of them is said, with the count of the others.
func (c *causes) ended(now time.Time) []*cause {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.swept) < pause && !now.Before(c.swept) {
		return nil
	}
	c.swept = now
	var all []*cause
	for key, known := range c.by {
		if now.Sub(known.said) < pause && !now.Before(known.said) {
			continue
		}
		if known.unsaid == 0 {
			delete(c.by, key)
			continue
		}
		last := known.last
		last.AddAttrs(slog.Int("unsaid", known.unsaid-1))
		all = append(all, &cause{last: last, by: known.by})
		known.said, known.unsaid = now, 0
	}
	return all
}
