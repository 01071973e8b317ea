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

// log is one named log of a Store, under the lock of that.
type log struct {
	s         *Store
	err       error // of the name
	position  uint64
	records   []store.Record // by position
	positions map[string]uint64
}

var _ store.Log = (*log)(nil)

func (s *Store) openLog(name string) *log {
	l, ok := s.logs[name]
	if !ok {
		l = &log{s: s, err: store.CheckName(name), positions: make(map[string]uint64)}
		s.logs[name] = l
	}
	return l
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, r store.Record) (uint64, error) {
	if err := store.CheckRecord(r); err != nil {
		return 0, err
	}
	unlock, err := l.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer unlock()
	return l.appendRecord(r), nil
}

func (l *log) appendRecord(r store.Record) uint64 {
	if position, ok := l.positions[r.ID]; ok {
		return position
	}
	l.position++
	r.Position = l.position
	r.Data = bytes.Clone(r.Data)
	l.records = append(l.records, r)
	l.positions[r.ID] = r.Position
	return r.Position
}

// Read implements store.Log.
func (l *log) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	unlock, err := l.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	first := l.index(from)
	var out []store.Record
	for _, r := range l.records[first:min(len(l.records), first+limit)] {
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
	unlock, err := l.enter(ctx)
	if err != nil {
		return store.Record{}, err
	}
	defer unlock()
	position, ok := l.positions[id]
	if !ok {
		return store.Record{}, fmt.Errorf("record %s: %w", id, store.ErrNotFound)
	}
	r := l.records[l.index(position)]
	r.Data = bytes.Clone(r.Data)
	return r, nil
}

// Reduce implements store.Log.
func (l *log) Reduce(ctx context.Context, id string, data []byte) error {
	if err := store.CheckRecord(store.Record{ID: id, Data: data}); err != nil {
		return err
	}
	unlock, err := l.enter(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	l.reduceRecord(id, data)
	return nil
}

func (l *log) reduceRecord(id string, data []byte) {
	if position, ok := l.positions[id]; ok {
		l.records[l.index(position)].Data = bytes.Clone(data)
	}
}

// Trim implements store.Log.
func (l *log) Trim(ctx context.Context, before time.Time) (int, error) {
	unlock, err := l.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer unlock()
	past := order.Past(len(l.records), func(i int) (time.Time, bool) { return l.records[i].At, true }, before)
	var kept []store.Record
	for i, r := range l.records {
		if !r.At.Before(before) && i > past {
			kept = append(kept, r)
			continue
		}
		delete(l.positions, r.ID)
	}
	gone := len(l.records) - len(kept)
	l.records = kept
	return gone, nil
}

func (l *log) enter(ctx context.Context) (unlock func(), err error) {
	if l.err != nil {
		return nil, l.err
	}
	return l.s.lockOpen(ctx)
}

// index returns the place of the first record at or behind a position.
func (l *log) index(position uint64) int {
	return sort.Search(len(l.records), func(i int) bool { return l.records[i].Position >= position })
}
