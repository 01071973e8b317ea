// Package mem keeps a store in memory: the plain reading of the contracts, for
// tests, demonstrations and dry runs. Nothing survives the process.
package mem

import (
	"context"
	"errors"
	"sync"
	"time"

	"keypull/store"
	"keypull/store/internal/watch"
)

// Store is a handle of what is kept, and implements every contract of package store under
// one lock.
type Store struct {
	*kept
	number uint64
	hub    watch.Hub

	ended  error // why it writes no more
	queues map[string]*queue
	logs   map[string]*log
}

// kept is what all handles share.
type kept struct {
	now     func() time.Time
	horizon time.Duration

	mu       sync.Mutex
	revision store.Revision
	values   map[string]store.Pair
	keys     []string // of values, sorted
	gone     map[string]store.Revision
	lines    map[string]*line
	records  map[string]*records
	handles  []*Store // by number, from 1 on
	moving   *store.MoveMark
}

var (
	_ store.Backend = (*Store)(nil)
	_ store.Shared  = (*Store)(nil)
)

// Open makes an empty store. Of the options it reads Horizon and Clock.
func Open(o store.Options) *Store {
	k := &kept{
		now:     o.Clock,
		horizon: o.Horizon,
		values:  make(map[string]store.Pair),
		gone:    make(map[string]store.Revision),
		lines:   make(map[string]*line),
		records: make(map[string]*records),
	}
	if k.now == nil {
		k.now = time.Now
	}
	if k.horizon == 0 {
		k.horizon = store.DefaultHorizon
	}
	return k.openHandle()
}

// Queue implements store.Backend. A name that breaks the rules gives a queue
// whose every call fails with store.ErrKey.
func (s *Store) Queue(name string) store.Queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openQueue(name)
}

// Log implements store.Backend. A name that breaks the rules gives a log whose
// every call fails with store.ErrKey.
func (s *Store) Log(name string) store.Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openLog(name)
}

// Commit implements store.Committer.
func (s *Store) Commit(ctx context.Context, b store.Batch) ([]store.Revision, error) {
	if err := store.CheckBatch(b); err != nil {
		return nil, err
	}
	unlock, err := s.lockWrite(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for _, p := range b.Puts {
		if err := s.checkRevision(p.Key, p.Revision); err != nil {
			return nil, err
		}
	}
	var revisions []store.Revision
	for _, p := range b.Puts {
		revisions = append(revisions, s.setKey(p))
	}
	for _, a := range b.Appends {
		s.openLog(a.Log).appendRecord(a.Record)
	}
	for _, r := range b.Reduces {
		s.openLog(r.Log).reduceRecord(r.Record.ID, r.Record.Data)
	}
	for _, key := range b.Deletes {
		s.removeKey(key)
	}
	for _, a := range b.Acks {
		s.removeEntries(s.openLine(a.Queue), a.Seqs)
	}
	return revisions, nil
}

// CommitLater implements store.Committer: in memory, later is now.
func (s *Store) CommitLater(ctx context.Context, b store.Batch) error {
	if err := store.CheckLater(b); err != nil {
		return err
	}
	_, err := s.Commit(ctx, b)
	return err
}

// Damaged implements store.Damages.
func (s *Store) Damaged() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, l := range s.lines {
		n += len(l.aside)
	}
	return n
}

// Close implements store.Backend. A second call does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(store.ErrClosed)
	for _, other := range s.handles {
		if other.ended == nil {
			other.inherit(s)
			break
		}
	}
	return nil
}

// lockOpen takes the lock, unless the call is over before it began or the handle closed.
func (s *Store) lockOpen(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if errors.Is(s.ended, store.ErrClosed) {
		s.mu.Unlock()
		return nil, store.ErrClosed
	}
	return s.mu.Unlock, nil
}

// lockWrite is lockOpen for what writes.
func (s *Store) lockWrite(ctx context.Context) (unlock func(), err error) {
	unlock, err = s.lockOpen(ctx)
	if err == nil && s.ended != nil {
		unlock()
		return nil, s.ended
	}
	return unlock, err
}
