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
func WithdrawnPlace(publisher, source string) Place {
	return Place{Publisher: publisher, Source: source, Key: "\x00withdrawn"}
}

// maxWithdrawn is how many ids of one source are kept; the oldest give way.
const maxWithdrawn = 10_000

// withdrawn reads what was withdrawn of a source, so that its snapshots are
// told without it. It is read once.
func (k *Keeper) withdrawn(ctx context.Context, p Place) error {
	k.mu.Lock()
	_, known := k.gone[p.Publisher+"/"+p.Source]
	k.mu.Unlock()
	if known || k.shelf == nil {
		return nil
	}
	var ids []string
	s, ok, err := k.shelf.Snapshot(ctx, WithdrawnPlace(p.Publisher, p.Source))
	if err == nil && ok {
		err = json.Unmarshal(s.Extra, &ids)
	}
	if err != nil {
		return fmt.Errorf("read what was withdrawn of %s: %w", p.Source, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gone[p.Publisher+"/"+p.Source] == nil {
		k.gone[p.Publisher+"/"+p.Source] = ids
	}
	return nil
}

// withdraw notes ids for good, and takes them out of what is held; k.receiving
// is held.
func (k *Keeper) withdraw(ctx context.Context, at Place, ids []string) error {
	if err := k.withdrawn(ctx, at); err != nil {
		return err
	}
	name := at.Publisher + "/" + at.Source
	k.mu.Lock()
	all := slices.DeleteFunc(slices.Clone(k.gone[name]), func(id string) bool { return slices.Contains(ids, id) })
	k.mu.Unlock()
	all = append(all, ids...)
	all = all[max(0, len(all)-maxWithdrawn):]
	if k.shelf != nil {
		extra, err := json.Marshal(all)
		if err != nil {
			return fmt.Errorf("write what was withdrawn of %s: %w", at.Source, err)
		}
		if err := k.shelf.Keep(ctx, WithdrawnPlace(at.Publisher, at.Source), Snapshot{Extra: extra, Fetched: k.clock()}); err != nil {
			return fmt.Errorf("keep what was withdrawn of %s: %w", at.Source, err)
		}
	}
	k.mu.Lock()
	k.gone[name] = all
	var changed []Place
	for p, h := range k.kept.All() {
		if p.Publisher != at.Publisher || p.Source != at.Source {
			continue
		}
		if told := k.told(p, h.snapshot); told != h.snapshot {
			k.kept.Set(p, &holding{snapshot: told, doubtful: h.doubtful, until: h.until})
			changed = append(changed, p)
		}
	}
	k.mu.Unlock()
	for _, p := range changed {
		if k.Changed != nil {
			k.Changed(p)
		}
	}
	return nil
}

// told is a snapshot without what was withdrawn of its source: the very one
// where that is nothing of it. k.mu is held.
func (k *Keeper) told(p Place, s *Snapshot) *Snapshot {
	ids := k.gone[p.Publisher+"/"+p.Source]
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
