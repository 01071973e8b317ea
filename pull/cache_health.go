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
	// Requests and Bytes are all that fetches sent and read, decoded.
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes,omitempty"`
	// Took is how long the last fetch did, LastBytes how much it read.
	Took      time.Duration `json:"took,omitempty"`
	LastBytes int64         `json:"last_bytes,omitempty"`
	// Asks counts what readers asked of it, Hits those asks that were answered from
	// what was held.
	Asks int `json:"asks,omitempty"`
	Hits int `json:"hits,omitempty"`
	// Items is how many the last good fetch brought, Before how many were held then.
	Items  int `json:"items,omitempty"`
	Before int `json:"before,omitempty"`
	// Held says that something it brought is in doubt and held back: see
	// Cache.Accept.
	Held bool `json:"held,omitempty"`
	// Breaker is how upstream is asked after failures, Again when it is next.
	Breaker Breaker   `json:"breaker,omitempty"`
	Again   time.Time `json:"again,omitzero"`
}

// Breaker says whether upstream is asked.
type Breaker string

// The states of a breaker: Closed lets every question through; after a failure it
// is Open, and upstream hears nothing, until the back-off is over; then it is
// HalfOpen: the next question is the one probe.
const (
	Closed   Breaker = ""
	Open     Breaker = "open"
	HalfOpen Breaker = "half-open"
)

func (k *flights) noteHealth(f *flight, p SnapshotID, s Snapshot, err error) {
	if errors.Is(err, context.Canceled) || KindOf(err) == Crowded {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.forgotten {
		return
	}
	h := k.healthAt(p)
	h.Requests += s.Requests
	if read := f.bytes.Swap(0); f.took > 0 || read > 0 {
		h.Took, h.LastBytes = f.took, read
		h.Bytes += read
	}
	if err != nil {
		h.Bad, h.Error, h.Err = k.clock(), words.Said(err), err
		return
	}
	h.Good, h.Error, h.Err, h.Warnings = k.clock(), words.Text{}, nil, s.Warnings
	h.Items, h.Before = len(s.Items), f.before
}

// healthAt returns the health of a place's source; c.mu is held.
func (k *flights) healthAt(p SnapshotID) *Health {
	name := p.Publisher + "/" + p.Source
	h := k.health[name]
	if h == nil {
		h = &Health{Publisher: p.Publisher, Source: p.Source}
		k.health[name] = h
	}
	return h
}

// countAsk counts what a reader asked, and whether that cost upstream anything.
func (k *flights) countAsk(w Want, f Found) {
	if w.Asked.IsZero() {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	h := k.healthAt(w.ID)
	h.Asks++
	if f.Snapshot != nil && (f.Asked == AskedNo || f.Asked == AskedBehind) && f.Requests == 0 {
		h.Hits++
	}
}

// breakerStates says how the sources' upstreams are asked after failures, by their
// names: the worst of their places counts. c.mu is held.
func (k *flights) breakerStates() map[string]Health {
	all := map[string]Health{}
	now := k.clock()
	for p, r := range k.backOffs {
		if r.failures == 0 {
			continue
		}
		name := p.Publisher + "/" + p.Source
		h := all[name]
		switch {
		case now.Before(r.until) && !now.Before(r.since):
			h.Breaker = Open
			if h.Again.IsZero() || r.until.Before(h.Again) {
				h.Again = r.until
			}
		case h.Breaker == Closed && !r.until.Before(now.Add(-backOffKept)):
			h.Breaker = HalfOpen
		}
		all[name] = h
	}
	return all
}

// withState returns a health with what is known of its source beside; c.mu is held.
func (h Health) withState(name string, held map[string]bool, breakers map[string]Health) Health {
	h.Held, h.Breaker, h.Again = held[name], breakers[name].Breaker, breakers[name].Again
	return h
}

// warnUnfound returns a health with a warning where not all items of its source are found;
// k.mu is held.
func (k *flights) warnUnfound(h Health) Health {
	if slices.Contains(k.unfound[h.Publisher], h.Source) {
		h.Warnings = append(slices.Clone(h.Warnings), words.Text{Key: "fetch.unfound"})
	}
	return h
}

// NoteUnfound notes of which sources of a publisher the oldest items had no room in the
// index, so that readers don't find these by their words.
func (c *Cache) NoteUnfound(publisher string, sources []string) {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if c.flights.unfound[publisher] = sources; len(sources) == 0 {
		delete(c.flights.unfound, publisher)
	}
}

// Health returns how the sources that were asked have been doing, ordered by
// publisher and source.
func (c *Cache) Health() []Health {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	all := make([]Health, 0, len(c.flights.health))
	held, breakers := c.flights.doubtfulSources(), c.flights.breakerStates()
	for name, h := range c.flights.health {
		all = append(all, c.flights.warnUnfound(h.withState(name, held, breakers)))
	}
	slices.SortFunc(all, func(a, b Health) int {
		return cmp.Or(cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Source, b.Source))
	})
	return all
}

// Recall has a source that came back be doing as it was before, unless it was
// asked meanwhile.
func (c *Cache) Recall(h Health) {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if name := h.Publisher + "/" + h.Source; c.flights.health[name] == nil {
		c.flights.health[name] = &h
	}
}

// HealthOf returns how the sources of one publisher that were asked have been
// doing, by their ids.
func (c *Cache) HealthOf(publisher string) map[string]Health {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	all := map[string]Health{}
	held, breakers := c.flights.doubtfulSources(), c.flights.breakerStates()
	for name, h := range c.flights.health {
		if h.Publisher == publisher {
			all[h.Source] = c.flights.warnUnfound(h.withState(name, held, breakers))
		}
	}
	return all
}

// Failing lists the keys of a source whose last fetches brought nothing, in their order.
func (c *Cache) Failing(publisher, source, mark string) (keys []string) {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	for p, r := range c.flights.backOffs {
		if p.Publisher == publisher && p.Source == source && p.Mark == mark && r.failures > 0 {
			keys = append(keys, p.Key)
		}
	}
	slices.Sort(keys)
	return keys
}

// doubtfulSources names the sources of which something is in doubt; k.mu is held.
func (k *flights) doubtfulSources() map[string]bool {
	held := map[string]bool{}
	for p, r := range k.backOffs {
		if r.doubted {
			held[p.Publisher+"/"+p.Source] = true
		}
	}
	return held
}
