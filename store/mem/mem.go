// Package mem keeps a store in memory: the plain reading of the contracts, for
// tests, demonstrations and dry runs. Nothing survives the process.
package mem

import (
	"context"
	"sync"
	"time"

	"keypull/store"
	"keypull/store/internal/watch"
)

// Store implements every contract of package store under one lock.
type Store struct {
	now     func() time.Time
	horizon time.Duration
	hub     watch.Hub

	mu       sync.Mutex
	closed   bool
	aside    int // entries that were set aside
	revision store.Revision
	values   map[string]store.Pair
	keys     []string // of values, sorted
	queues   map[string]*queue
	logs     map[string]*log
}

var (
	_ store.Backend = (*Store)(nil)
)

// Open makes an empty store. Of the options it reads Horizon and Clock.
func Open(o store.Options) *Store {
	s := &Store{
		now:     o.Clock,
		horizon: o.Horizon,
		values:  make(map[string]store.Pair),
		queues:  make(map[string]*queue),
		logs:    make(map[string]*log),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.horizon == 0 {
		s.horizon = store.DefaultHorizon
	}
	return s
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
	unlock, err := s.lockOpen(ctx)
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
		s.openQueue(a.Queue).ready.Remove(a.Seqs...)
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
	return s.aside
}

// Close implements store.Backend. A second call does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.hub.Close()
	for _, q := range s.queues {
		q.ready.Close()
	}
	return nil
}

// lockOpen takes the lock, unless the call is over before it began.
func (s *Store) lockOpen(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, store.ErrClosed
	}
	return s.mu.Unlock, nil
}
