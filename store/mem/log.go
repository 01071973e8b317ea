package mem

import (
	"bytes"
	"context"
	"fmt"
	"sort"
	"time"

	"keypull/store"
	"keypull/store/internal/order"
)

// log is one named log at a handle.
type log struct {
	*records
	s   *Store
	err error // of the name
}

// records are what all handles have of a log, under the lock of what is kept.
type records struct {
	position  uint64
	all       []store.Record // by position
	positions map[string]uint64
}

var _ store.Log = (*log)(nil)

func (s *Store) openLog(name string) *log {
	l, ok := s.logs[name]
	if !ok {
		if s.records[name] == nil {
			s.records[name] = &records{positions: make(map[string]uint64)}
		}
		l = &log{records: s.records[name], s: s, err: store.CheckName(name)}
		s.logs[name] = l
	}
	return l
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, r store.Record) (uint64, error) {
	if err := store.CheckRecord(r); err != nil {
		return 0, err
	}
	unlock, err := l.enter(ctx, l.s.lockWrite)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return l.appendRecord(r), nil
}

func (l *records) appendRecord(r store.Record) uint64 {
	if position, ok := l.positions[r.ID]; ok {
		return position
	}
	l.position++
	r.Position = l.position
	r.Data = bytes.Clone(r.Data)
	l.all = append(l.all, r)
	l.positions[r.ID] = r.Position
	return r.Position
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	unlock, err := l.enter(ctx, l.s.lockOpen)
	if err != nil {
		return nil, err
	}
	defer unlock()
	first := l.index(from)
	var out []store.Record
	for _, r := range l.all[first:min(len(l.all), first+limit)] {
		r.Data = bytes.Clone(r.Data)
		out = append(out, r)
	}
	return out, nil
}

// Find implements store.Log.
func (l *log) Find(ctx context.Context, id string) (store.Record, error) {
	if err := store.CheckID(id); err != nil {
		return store.Record{}, err
	}
	unlock, err := l.enter(ctx, l.s.lockOpen)
	if err != nil {
		return store.Record{}, err
	}
	defer unlock()
	position, ok := l.positions[id]
	if !ok {
		return store.Record{}, fmt.Errorf("record %s: %w", id, store.ErrNotFound)
	}
	r := l.all[l.index(position)]
	r.Data = bytes.Clone(r.Data)
	return r, nil
}

// Reduce implements store.Log.
func (l *log) Reduce(ctx context.Context, id string, data []byte) error {
	if err := store.CheckRecord(store.Record{ID: id, Data: data}); err != nil {
		return err
	}
	unlock, err := l.enter(ctx, l.s.lockWrite)
	if err != nil {
		return err
	}
	defer unlock()
	l.reduceRecord(id, data)
	return nil
}

func (l *records) reduceRecord(id string, data []byte) {
	if position, ok := l.positions[id]; ok {
		l.all[l.index(position)].Data = bytes.Clone(data)
	}
}

// Trim implements store.Log.
func (l *log) Trim(ctx context.Context, before time.Time) (int, error) {
	unlock, err := l.enter(ctx, l.s.lockWrite)
	if err != nil {
		return 0, err
	}
	defer unlock()
	past := order.Past(len(l.all), func(i int) (time.Time, bool) { return l.all[i].At, true }, before)
	var kept []store.Record
	for i, r := range l.all {
		if !r.At.Before(before) && i > past {
			kept = append(kept, r)
			continue
		}
		delete(l.positions, r.ID)
	}
	gone := len(l.all) - len(kept)
	l.all = kept
	return gone, nil
}

func (l *log) enter(ctx context.Context, lock func(context.Context) (func(), error)) (unlock func(), err error) {
	if l.err != nil {
		return nil, l.err
	}
	return lock(ctx)
}

// index returns the place of the first record at or behind a position.
func (l *records) index(position uint64) int {
	return sort.Search(len(l.all), func(i int) bool { return l.all[i].Position >= position })
}
