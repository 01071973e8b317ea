package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"keypull/store"
)

// log is one named log at a handle.
type log struct {
	s    *Store
	name string
	err  error // of the name
}

var _ store.Log = (*log)(nil)

// Log implements store.Backend. A name that breaks the rules gives a log whose every call
// fails with store.ErrKey.
func (s *Store) Log(name string) store.Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.logs[name]
	if !ok {
		l = &log{s, name, store.CheckName(name)}
		s.logs[name] = l
	}
	return l
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, r store.Record) (uint64, error) {
	w, err := newWork(store.Batch{Appends: []store.Append{{Log: l.name, Record: r}}})
	if err != nil {
		return 0, err
	}
	if err := l.s.do(ctx, w); err != nil {
		return 0, err
	}
	return w.positions[0], nil
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	return l.recordsWhere(ctx, `position >= $2 order by position limit $3`, int64(from), limit) //nolint:gosec // what is beyond is not there
}

// Find implements store.Log.
func (l *log) Find(ctx context.Context, id string) (store.Record, error) {
	if err := store.CheckID(id); err != nil {
		return store.Record{}, err
	}
	found, err := l.recordsWhere(ctx, `id = $2`, id)
	if err != nil {
		return store.Record{}, err
	}
	if len(found) == 0 {
		return store.Record{}, fmt.Errorf("record %s: %w", id, store.ErrNotFound)
	}
	return found[0], nil
}

func (l *log) recordsWhere(ctx context.Context, condition string, args ...any) ([]store.Record, error) {
	if l.err != nil {
		return nil, l.err
	}
	return read(ctx, l.s, func(row pgx.CollectableRow) (r store.Record, err error) {
		var at int64
		err = row.Scan(&r.Position, &r.ID, &at, &r.Data)
		r.At = moment(at)
		return r, err
	}, `select position, id, at, data from keypull_record where log = $1 and `+condition, append([]any{l.name}, args...)...)
}

// Reduce implements store.Log.
func (l *log) Reduce(ctx context.Context, id string, data []byte) error {
	w, err := newWork(store.Batch{Reduces: []store.Append{{Log: l.name, Record: store.Record{ID: id, Data: data}}}})
	if err != nil {
		return err
	}
	return l.s.do(ctx, w)
}

// Trim implements store.Log. It ends behind some ten thousand records in a row that stay.
func (l *log) Trim(ctx context.Context, before time.Time) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if err := l.s.checkOpen(ctx); err != nil {
		return 0, err
	}
	gone, err := removePast(ctx, l.s.pool, "keypull_record", "log", "position", l.name, before)
	if err != nil {
		return gone, fullOr(err)
	}
	return gone, nil
}
