package mem

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"keypull/store"
)

// Beside opens another handle of the same store.
func (s *Store) Beside() *Store { return s.openHandle() }

func (k *kept) openHandle() *Store {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := &Store{kept: k, queues: make(map[string]*queue), logs: make(map[string]*log)}
	k.handles = append(k.handles, s)
	s.number = uint64(len(k.handles))
	for _, other := range k.handles {
		if other.ended != nil {
			s.inherit(other)
		}
	}
	return s
}

// Handle implements store.Shared.
func (s *Store) Handle() uint64 { return s.number }

// Steal implements store.Shared.
func (s *Store) Steal(ctx context.Context, handle uint64) error {
	unlock, err := s.lockWrite(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if handle == 0 || handle > uint64(len(s.handles)) || handle == s.number {
		return nil
	}
	other := s.handles[handle-1]
	other.end(store.ErrFenced)
	s.inherit(other)
	return nil
}

// end lets nothing be written any more, for a reason.
func (s *Store) end(why error) {
	s.ended = why
	s.hub.Close()
	for _, q := range s.queues {
		q.ready.Close()
	}
}

// endedBy returns why a claim ended.
func (s *Store) endedBy(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(err, store.ErrClosed) {
		return cmp.Or(s.ended, err)
	}
	return err
}

// inherit takes what another handle left.
func (s *Store) inherit(other *Store) {
	for _, l := range s.lines {
		for _, seq := range slices.Sorted(maps.Keys(l.unread)) {
			e := l.unread[seq]
			if l.places[e.Partition].owner == other {
				s.openQueue(l.name).ready.Add(readyItem(e))
			}
		}
		for partition, p := range l.places {
			if p.owner == other {
				l.places[partition] = place{s, p.entries}
			}
		}
	}
}

// Since implements store.Shared; of deletes it tells for ever.
func (s *Store) Since(ctx context.Context, prefix string, after store.Revision, limit int) ([]store.Change, error) {
	if err := store.CheckScan(prefix, "", limit); err != nil {
		return nil, err
	}
	unlock, err := s.lockOpen(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if prefix != "" {
		prefix += "."
	}
	var changes []store.Change
	for key, p := range s.values {
		if strings.HasPrefix(key, prefix) && p.Revision > after {
			changes = append(changes, store.Change{Key: key, Value: own(p).Value, Revision: p.Revision})
		}
	}
	for key, at := range s.gone {
		if strings.HasPrefix(key, prefix) && at > after {
			changes = append(changes, store.Change{Key: key, Revision: at})
		}
	}
	slices.SortFunc(changes, func(a, b store.Change) int { return cmp.Compare(a.Revision, b.Revision) })
	return changes[:min(limit, len(changes))], nil
}
