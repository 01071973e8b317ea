package pull

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"keypull/pull/what"
)

// WithdrawnPlace is where the ids are kept that were withdrawn of a source,
// whatever settings it has.
func WithdrawnPlace(publisher, source string) SnapshotID {
	return SnapshotID{Publisher: publisher, Source: source, Key: "\x00withdrawn"}
}

// maxWithdrawn is how many ids of one source are kept; the oldest give way.
const maxWithdrawn = 10_000

// withdrawn reads what was withdrawn of a source, so that its snapshots are
// told without it. It is read once.
func (c *Cache) withdrawn(ctx context.Context, p SnapshotID) error {
	c.mu.Lock()
	_, known := c.gone[p.Publisher+"/"+p.Source]
	c.mu.Unlock()
	if known || c.snapshots == nil {
		return nil
	}
	var ids []string
	s, ok, err := c.snapshots.Snapshot(ctx, WithdrawnPlace(p.Publisher, p.Source))
	if err == nil && ok {
		err = json.Unmarshal(s.Extra, &ids)
	}
	if err != nil {
		return fmt.Errorf("read what was withdrawn of %s: %w", p.Source, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone[p.Publisher+"/"+p.Source] == nil {
		c.gone[p.Publisher+"/"+p.Source] = ids
	}
	return nil
}

// withdraw notes ids for good, and takes them out of what is held; k.receiving
// is held.
func (c *Cache) withdraw(ctx context.Context, at SnapshotID, ids []string) error {
	if err := c.withdrawn(ctx, at); err != nil {
		return err
	}
	name := at.Publisher + "/" + at.Source
	c.mu.Lock()
	all := slices.DeleteFunc(slices.Clone(c.gone[name]), func(id string) bool { return slices.Contains(ids, id) })
	c.mu.Unlock()
	all = append(all, ids...)
	all = all[max(0, len(all)-maxWithdrawn):]
	if c.snapshots != nil {
		extra, err := json.Marshal(all)
		if err != nil {
			return fmt.Errorf("write what was withdrawn of %s: %w", at.Source, err)
		}
		if err := c.snapshots.Keep(ctx, WithdrawnPlace(at.Publisher, at.Source), Snapshot{Extra: extra, Fetched: c.clock()}); err != nil {
			return fmt.Errorf("keep what was withdrawn of %s: %w", at.Source, err)
		}
	}
	c.mu.Lock()
	c.gone[name] = all
	var changed []SnapshotID
	for p, h := range c.cached.All() {
		if p.Publisher != at.Publisher || p.Source != at.Source {
			continue
		}
		if told := c.told(p, h.snapshot); told != h.snapshot {
			c.cached.Set(p, &cached{snapshot: told, doubtful: h.doubtful, until: h.until})
			changed = append(changed, p)
		}
	}
	c.mu.Unlock()
	for _, p := range changed {
		if c.Changed != nil {
			c.Changed(p)
		}
	}
	return nil
}

// told is a snapshot without what was withdrawn of its source: the very one
// where that is nothing of it. k.mu is held.
func (c *Cache) told(p SnapshotID, s *Snapshot) *Snapshot {
	ids := c.gone[p.Publisher+"/"+p.Source]
	if len(ids) == 0 || s == nil {
		return s
	}
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	gone := func(it what.Item) bool { return set[it.ID] }
	if !slices.ContainsFunc(s.Items, gone) {
		return s
	}
	rest := *s
	rest.Items = slices.DeleteFunc(slices.Clone(s.Items), gone)
	return &rest
}
