package pull

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"keypull/pull/withdrawal"
)

// Forget drops the health of a source that was removed or changed, and what is
// held in memory of it. A fetch that is under way still answers those who wait
// for it, and is not kept. What lies on the Snapshots stays there, and so
// does the moment before which upstream does not want to be asked again.
func (c *Cache) Forget(publisher, source string) {
	of := func(p SnapshotID) bool { return p.Publisher == publisher && p.Source == source }
	name := publisher + "/" + source
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	delete(c.flights.health, name)
	delete(c.flights.gates, name)
	delete(c.accepted, name)
	for p, f := range c.flights.flying {
		f.forgotten = f.forgotten || of(p)
	}
	maps.DeleteFunc(c.flights.flying, func(p SnapshotID, _ *flight) bool { return of(p) })
	for p := range c.memory.cached.Keys() {
		if of(p) {
			c.memory.cached.Invalidate(p)
		}
	}
}

// Keys returns the keys of what is held in memory of a source with those settings, but
// for those that hold facts of a reader.
func (c *Cache) Keys(publisher, source, mark string) (keys []string) {
	for p := range c.memory.snapshotsOf(publisher) {
		if p.Source == source && p.Mark == mark && p.Key != termsKey {
			keys = append(keys, p.Key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Move gives a source what is held of it under another id, which it had before:
// what was withdrawn for good, how it has been doing, and its snapshots in memory.
// The one at main, where such a place is, is kept on the Snapshots as well. What
// is under the former id stays there.
func (c *Cache) Move(ctx context.Context, publisher, from, to string, main SnapshotID) error {
	if err := c.withdrawals.moveSource(ctx, publisher, from, to); err != nil {
		return err
	}
	if s := c.memory.snapshotAt(ctx, main, nil); main.Source == from && s != nil && c.memory.snapshots != nil && !isPrivate(main) {
		moved := main
		moved.Source = to
		if err := c.memory.snapshots.Keep(ctx, moved, *s); err != nil {
			return fmt.Errorf("keep a snapshot of %s: %w", to, err)
		}
	}
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if h := c.flights.health[publisher+"/"+from]; h != nil {
		same := *h
		same.Source = to
		c.flights.health[publisher+"/"+to] = &same
	}
	for p, h := range c.memory.cached.All() {
		if p.Publisher == publisher && p.Source == from && !isPrivate(p) {
			p.Source = to
			c.memory.cached.Set(p, h)
		}
	}
	return nil
}

// moveSource has what is withdrawn of a source stay so under another id.
func (ws *withdrawals) moveSource(ctx context.Context, publisher, from, to string) error {
	if _, err := ws.rulesFor(ctx, publisher, from); err != nil {
		return err
	}
	moved := false
	follow := func(rules []withdrawal.Rule) []withdrawal.Rule {
		for i := range rules {
			r := &rules[i]
			if r.Source == from {
				r.Source, moved = to, true
			}
			r.Found = slices.Clone(r.Found)
			for _, f := range r.Found {
				if f.Source == from {
					f.Source, moved = to, true
					r.Found = append(r.Found, f)
				}
			}
		}
		return rules
	}
	ws.mu.Lock()
	rules := slices.Clone(ws.of[publisher].rules)
	ws.mu.Unlock()
	if follow(rules); !moved {
		return nil
	}
	return ws.changeRulesOnDisk(ctx, publisher, follow)
}

// keepResult keeps what a flight brought, unless its source was forgotten meanwhile,
// and returns it.
func (k *flights) keepResult(f *flight, p SnapshotID, h *cached) *Snapshot {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.forgotten || isPassing(p) || isPrivate(p) && !k.clock().Before(h.until) {
		return h.snapshot
	}
	k.memory.cached.Set(p, h)
	if isPrivate(p) {
		time.AfterFunc(h.until.Sub(k.clock()), func() {
			if h, ok := k.memory.cached.GetIfPresent(p); ok {
				k.memory.unlessExpired(p, h)
			}
		})
	}
	return h.snapshot
}

func (k *flights) isForgotten(f *flight) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return f.forgotten
}
