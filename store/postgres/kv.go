package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"keypull/store"
)

// Get implements store.KV.
func (s *Store) Get(ctx context.Context, key string) (store.Pair, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Pair{}, err
	}
	found, err := read(ctx, s, scanPair, `select key, value, revision from keypull_value where key = $1 and value is not null`, key)
	if err != nil {
		return store.Pair{}, err
	}
	if len(found) == 0 {
		return store.Pair{}, fmt.Errorf("%s: %w", key, store.ErrNotFound)
	}
	return found[0], nil
}

func scanPair(row pgx.CollectableRow) (p store.Pair, err error) {
	var revision int64
	err = row.Scan(&p.Key, &p.Value, &revision)
	p.Revision = store.Revision(revision) //nolint:gosec // counted up from 0
	return p, err
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
	return s.do(ctx, &work{Batch: store.Batch{Deletes: []string{key}}, when: []store.Revision{when}})
}

// Scan implements store.KV.
func (s *Store) Scan(ctx context.Context, prefix, after string, limit int) ([]store.Pair, error) {
	if err := store.CheckScan(prefix, after, limit); err != nil {
		return nil, err
	}
	from, to := between(prefix)
	return read(ctx, s, scanPair, `select key, value, revision from keypull_value
		where key > $1 and ($2 = '' or key < $2) and value is not null order by key limit $3`, max(from, after), to, limit)
}

// between returns what the keys below a prefix lie between; no end where it is empty.
func between(prefix string) (from, to string) {
	if prefix == "" {
		return "", ""
	}
	return prefix + ".", prefix + "/" // what follows the point
}

// Watch implements store.KV: it tells of what this handle writes.
func (s *Store) Watch(ctx context.Context, prefix string) (<-chan store.Change, error) {
	return s.hub.Add(ctx, prefix)
}

// Commit implements store.Committer.
func (s *Store) Commit(ctx context.Context, b store.Batch) ([]store.Revision, error) {
	w, err := newWork(b)
	if err != nil {
		return nil, err
	}
	if err := s.do(ctx, w); err != nil {
		return nil, err
	}
	return w.revisions, nil
}

// CommitLater implements store.Committer. Where very much waits, it waits as well.
func (s *Store) CommitLater(ctx context.Context, b store.Batch) error {
	if err := store.CheckLater(b); err != nil {
		return err
	}
	w, err := newWork(b)
	if err != nil {
		return err
	}
	s.mu.Lock()
	much := s.bytes > maxBytes
	s.mu.Unlock()
	if much {
		return s.do(ctx, w)
	}
	if err := s.checkOpen(ctx); err != nil {
		return err
	}
	return s.submit(w)
}

// newWork copies a batch, so that the caller has his slices back.
func newWork(b store.Batch) (*work, error) {
	if err := store.CheckBatch(b); err != nil {
		return nil, err
	}
	w := &work{Batch: store.Batch{Puts: slices.Clone(b.Puts), Appends: slices.Clone(b.Appends), Reduces: slices.Clone(b.Reduces), Deletes: slices.Clone(b.Deletes), Acks: slices.Clone(b.Acks)}}
	own := func(b *[]byte) {
		*b = notNil(slices.Clone(*b))
		w.bytes += len(*b) + 200
	}
	for i := range w.Puts {
		own(&w.Puts[i].Value)
	}
	for i := range w.Appends {
		own(&w.Appends[i].Record.Data)
	}
	for i := range w.Reduces {
		own(&w.Reduces[i].Record.Data)
	}
	for i := range w.Acks {
		w.Acks[i].Seqs = slices.Clone(w.Acks[i].Seqs)
	}
	return w, nil
}
