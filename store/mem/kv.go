package mem

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"keypull/store"
)

// Get implements store.KV.
func (s *Store) Get(ctx context.Context, key string) (store.Pair, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Pair{}, err
	}
	unlock, err := s.lockOpen(ctx)
	if err != nil {
		return store.Pair{}, err
	}
	defer unlock()
	p, ok := s.values[key]
	if !ok {
		return store.Pair{}, fmt.Errorf("%s: %w", key, store.ErrNotFound)
	}
	return own(p), nil
}

// Put implements store.KV.
func (s *Store) Put(ctx context.Context, key string, value []byte, when store.Revision) (store.Revision, error) {
	revisions, err := s.Commit(ctx, store.Batch{Puts: []store.Pair{{Key: key, Value: value, Revision: when}}})
	if err != nil {
		return 0, err
	}
	return revisions[0], nil
}

// Delete implements store.KV.
func (s *Store) Delete(ctx context.Context, key string, when store.Revision) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	unlock, err := s.lockWrite(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if _, ok := s.values[key]; !ok {
		if when == store.Any {
			return nil
		}
		return fmt.Errorf("%s: %w", key, store.ErrConflict)
	}
	if err := s.checkRevision(key, when); err != nil {
		return err
	}
	s.removeKey(key)
	return nil
}

// removeKey takes a key away, if it is there.
func (s *Store) removeKey(key string) {
	if _, ok := s.values[key]; !ok {
		return
	}
	s.revision++
	delete(s.values, key)
	s.gone[key] = s.revision
	i := sort.SearchStrings(s.keys, key)
	s.keys = slices.Delete(s.keys, i, i+1)
	s.hub.Tell(store.Change{Key: key, Revision: s.revision})
}

// Scan implements store.KV.
func (s *Store) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Pair, error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
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
	var pairs []store.Pair
	for _, key := range s.keys[sort.SearchStrings(s.keys, max(prefix, after)):] {
		if !strings.HasPrefix(key, prefix) || len(pairs) == limit {
			break
		}
		if key != after {
			pairs = append(pairs, own(s.values[key]))
		}
	}
	return pairs, nil
}

// Watch implements store.KV.
func (s *Store) Watch(ctx context.Context, prefix string) (<-chan store.Change, error) {
	return s.hub.Add(ctx, prefix)
}

// checkRevision says with ErrConflict that the key is not at revision when.
func (s *Store) checkRevision(key string, when store.Revision) error {
	if at := s.values[key].Revision; when != store.Any && when != at {
		return fmt.Errorf("%s is at revision %d, not %d: %w", key, at, when, store.ErrConflict)
	}
	return nil
}

func (s *Store) setKey(p store.Pair) store.Revision {
	s.revision++
	delete(s.gone, p.Key)
	if _, ok := s.values[p.Key]; !ok {
		s.keys = slices.Insert(s.keys, sort.SearchStrings(s.keys, p.Key), p.Key)
	}
	if p.Bind != nil {
		p.Value, p.Bind = p.Bind(p.Value, s.revision), nil
	}
	p.Revision = s.revision
	p = own(p)
	s.values[p.Key] = p
	s.hub.Tell(store.Change{Key: p.Key, Value: p.Value, Revision: p.Revision})
	return s.revision
}

// own gives a pair a value that nobody else holds, and that is never nil.
func own(p store.Pair) store.Pair {
	p.Value = append(make([]byte, 0, len(p.Value)), p.Value...)
	return p
}
