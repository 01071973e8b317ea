package pull

import (
	"context"
	"fmt"
	"maps"
	"time"

	"keypull/pull/withdrawal"
)

// Push is what a publisher's system handed over for a source at
// /in/<publisher>/<source>.
type Push struct {
	Method string
	// Header is by canonical names.
	Header, Query map[string][]string
	// Body is the raw body, at most MaxPushBytes.
	Body []byte
	At   time.Time
	// Keywords are the ids of those that ask the source, at most MaxPushKeywords.
	Keywords []string
}

// MaxPushBytes is how large the body of a push may be.
const MaxPushBytes = 1 << 20

// MaxPushKeywords is how many keywords of a source a push is told of.
const MaxPushKeywords = 32

// Pushed is what a push meant. Nothing is answered before all of it is taken.
type Pushed struct {
	// ID is the sender's id of the push, "" if it has none. One that was taken is
	// answered and not taken again for an hour.
	ID string
	// Status is 200 where zero. One of 400 or more takes nothing.
	Status      int
	ContentType string
	Answer      []byte
	// Refresh names the keys whose snapshots are fetched anew, behind.
	Refresh []string
	// Snapshots stand in place of those of their keys.
	Snapshots map[string]Snapshot
	// Withdrawn are ids of items of the source, or links of items of any of the
	// publisher's, that are told nobody any more, whatever a fetch brings.
	Withdrawn []string
}

// Receiver is the option of a source that publishers' systems push to.
type Receiver interface {
	// Receive checks who sends a push, and that it was signed just now, and says
	// what it means. last is the snapshot of a key; nil if there
	// is none. An error is one of ours: the sender is to come again.
	Receive(ctx context.Context, p Push, last func(key string) *Snapshot) (Pushed, error)
}

// Passive is the option of a source that may have nobody to ask.
type Passive interface {
	// IsPassive reports whether all that it has is pushed to it.
	IsPassive() bool
}

// Receive takes what a push for a source meant. It returns once that is kept as
// safely as the Snapshots keeps it.
func (c *Cache) Receive(ctx context.Context, w Want, p Pushed) error {
	c.receiving.Lock()
	defer c.receiving.Unlock()
	if p.ID != "" && c.isRepeatedPush(w.ID, p.ID) {
		return nil
	}
	for _, name := range p.Withdrawn {
		r := withdrawal.Rule{Source: w.ID.Source, Item: name, By: "/in/" + w.ID.Publisher + "/" + w.ID.Source}
		if withdrawal.Link(name) != "" {
			r.Source, r.Item, r.Link = "", "", name
		}
		if _, err := c.Withdraw(ctx, w.ID.Publisher, r); err != nil {
			return err
		}
	}
	for key, s := range p.Snapshots {
		w.ID.Key = key
		if err := c.putPushed(ctx, w.ID, s); err != nil {
			return err
		}
	}
	for _, key := range p.Refresh {
		w.ID.Key, w.Wait = key, 0
		c.flights.joinOrStart(w, c.memory.snapshotAt(ctx, w.ID, nil), true)
	}
	if p.ID != "" {
		c.pushed[[3]string{w.ID.Publisher, w.ID.Source, p.ID}] = c.clock()
	}
	return nil
}

// Bounds of the pushes that are known again.
const (
	pushKnown = time.Hour
	maxPushes = 50_000
)

// isRepeatedPush reports whether a push was taken before; k.receiving is held.
func (c *Cache) isRepeatedPush(p SnapshotID, id string) bool {
	old := c.clock().Add(-pushKnown)
	if len(c.pushed) >= maxPushes {
		maps.DeleteFunc(c.pushed, func(_ [3]string, at time.Time) bool { return at.Before(old) })
	}
	if len(c.pushed) >= maxPushes {
		clear(c.pushed)
	}
	at, known := c.pushed[[3]string{p.Publisher, p.Source, id}]
	return known && at.After(old)
}

// Adopt takes what was fetched without it for what lies at a place, in memory
// alone, where that is neither newer nor makes it doubtful.
func (c *Cache) Adopt(ctx context.Context, p SnapshotID, s Snapshot) {
	if last := c.memory.snapshotAt(ctx, p, nil); last == nil || s.Fetched.After(last.Fetched) && doubtAbout(s, last, c.clock()).IsZero() {
		c.flights.keepResult(&flight{}, p, &cached{snapshot: &s})
	}
}

// putPushed keeps a snapshot that was handed over. What a flight brings that began
// before is older, and leaves nothing behind.
func (c *Cache) putPushed(ctx context.Context, p SnapshotID, s Snapshot) error {
	if s.Fetched.IsZero() {
		s.Fetched = c.clock()
	}
	if c.memory.snapshots != nil && !isPrivate(p) {
		if err := c.memory.snapshots.Keep(ctx, p, s); err != nil {
			return fmt.Errorf("keep what was pushed for %s: %w", p.Source, err)
		}
	}
	c.flights.mu.Lock()
	if f := c.flights.flying[p]; f != nil {
		f.forgotten = true
		delete(c.flights.flying, p)
	}
	delete(c.flights.backOffs, p)
	c.flights.mu.Unlock()
	c.flights.keepResult(&flight{}, p, &cached{snapshot: &s})
	c.flights.noteHealth(&flight{}, p, s, nil)
	c.tellChanged(p)
	return nil
}
