package pull

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"keypull/pull/words"
)

// Health is how a source has been doing.
type Health struct {
	Publisher string    `json:"publisher"`
	Source    string    `json:"source"`
	Good      time.Time `json:"good,omitzero"`
	Bad       time.Time `json:"bad,omitzero"`
	// Error says nothing while the last fetch was good.
	Error words.Text `json:"error,omitzero"`
	// Err is the same with its cause, for operators.
	Err      error        `json:"-"`
	Warnings []words.Text `json:"warnings,omitempty"`
	Requests int          `json:"requests"`
	// Held says that something it brought is in doubt and held back: see
	// Cache.Accept.
	Held bool `json:"held,omitempty"`
}

func (c *Cache) note(f *flight, p SnapshotID, s Snapshot, err error) {
	if errors.Is(err, context.Canceled) || KindOf(err) == Crowded {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.forgotten {
		return
	}
	name := p.Publisher + "/" + p.Source
	h := c.health[name]
	if h == nil {
		h = &Health{Publisher: p.Publisher, Source: p.Source}
		c.health[name] = h
	}
	h.Requests += s.Requests
	if err != nil {
		h.Bad, h.Error, h.Err = c.clock(), words.Said(err), err
		return
	}
	h.Good, h.Error, h.Err, h.Warnings = c.clock(), words.Text{}, nil, s.Warnings
}

// Health returns how the sources that were asked have been doing, ordered by
// publisher and source.
func (c *Cache) Health() []Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Health, 0, len(c.health))
	held := c.heldBack()
	for name, h := range c.health {
		h := *h
		h.Held = held[name]
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b Health) int {
		return cmp.Or(cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Source, b.Source))
	})
	return all
}

// Recall has a source that came back be doing as it was before, unless it was
// asked meanwhile.
func (c *Cache) Recall(h Health) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name := h.Publisher + "/" + h.Source; c.health[name] == nil {
		c.health[name] = &h
	}
}

// HealthOf returns how the sources of one publisher that were asked have been
// doing, by their ids.
func (c *Cache) HealthOf(publisher string) map[string]Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]Health{}
	held := c.heldBack()
	for name, h := range c.health {
		if h.Publisher == publisher {
			h := *h
			h.Held = held[name]
			all[h.Source] = h
		}
	}
	return all
}

// heldBack names the sources of which something is in doubt; k.mu is held.
func (c *Cache) heldBack() map[string]bool {
	held := map[string]bool{}
	for p, r := range c.rests {
		if r.doubted {
			held[p.Publisher+"/"+p.Source] = true
		}
	}
	return held
}
