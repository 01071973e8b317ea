package mem

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"keypull/store"
)

var _ store.Movable = (*Store)(nil)

// Export implements store.Movable.
func (s *Store) Export(ctx context.Context) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		unlock, err := s.lockOpen(ctx)
		if err != nil {
			yield(store.Row{}, err)
			return
		}
		rows := s.rowsOf()
		unlock()
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// rowsOf copies everything that is kept.
func (k *kept) rowsOf() (rows []store.Row) {
	for _, key := range k.keys {
		p := own(k.values[key])
		rows = append(rows, store.Row{Kind: store.RowValue, Number: uint64(p.Revision), ID: key, Data: p.Value})
	}
	entries := func(kind store.RowKind, of func(*line) map[uint64]store.Entry) {
		for _, name := range slices.Sorted(maps.Keys(k.lines)) {
			all := of(k.lines[name])
			for _, seq := range slices.Sorted(maps.Keys(all)) {
				e := all[seq]
				rows = append(rows, store.Row{Kind: kind, Of: name, Number: seq, ID: e.ID, Partition: e.Partition, Due: e.Due, At: e.At, Data: bytes.Clone(e.Payload)})
			}
		}
	}
	entries(store.RowEntry, func(l *line) map[uint64]store.Entry { return l.unread })
	entries(store.RowAside, func(l *line) map[uint64]store.Entry { return l.aside })
	for _, name := range slices.Sorted(maps.Keys(k.lines)) {
		rows = append(rows, k.lines[name].idRows()...)
	}
	counters := []store.Row{{Kind: store.RowCounter, Of: store.CounterKV, Number: uint64(k.revision)}}
	for _, name := range slices.Sorted(maps.Keys(k.lines)) {
		counters = append(counters, store.Row{Kind: store.RowCounter, Of: store.CounterQueue + name, Number: k.lines[name].seq})
	}
	for _, name := range slices.Sorted(maps.Keys(k.records)) {
		for _, r := range k.records[name].all {
			rows = append(rows, store.Row{Kind: store.RowRecord, Of: name, Number: r.Position, ID: r.ID, At: r.At, Data: bytes.Clone(r.Data)})
		}
		counters = append(counters, store.Row{Kind: store.RowCounter, Of: store.CounterLog + name, Number: k.records[name].position})
	}
	return append(rows, slices.DeleteFunc(counters, func(r store.Row) bool { return r.Number == 0 })...)
}

func (l *line) idRows() (rows []store.Row) {
	for _, all := range l.known {
		for _, s := range all {
			rows = append(rows, store.Row{Kind: store.RowID, Of: l.name, Number: s.seq, Hash: s.hash, At: s.at})
		}
	}
	slices.SortFunc(rows, func(a, b store.Row) int { return cmp.Compare(a.Number, b.Number) })
	return rows
}

// Import implements store.Movable.
func (s *Store) Import(ctx context.Context, rows iter.Seq2[store.Row, error]) (there int64, err error) {
	unlock, err := s.lockWrite(ctx)
	if err != nil {
		return 0, err
	}
	defer unlock()
	if s.moving == nil && len(s.rowsOf()) > 0 {
		return 0, store.ErrHolds
	}
	if s.moving == nil {
		s.moving = new(store.MoveMark)
	}
	anew := func() error {
		s.revision, s.keys = 0, nil
		clear(s.values)
		clear(s.lines)
		clear(s.records)
		clear(s.queues)
		return nil
	}
	return store.WriteParts(rows, *s.moving, anew, func(part []store.Row, to store.MoveMark) error {
		for i := range part {
			if err := s.writeRow(&part[i]); err != nil {
				return err
			}
		}
		s.moving = &to
		return nil
	})
}

// EndImport implements store.Movable.
func (s *Store) EndImport(ctx context.Context) error {
	unlock, err := s.lockWrite(ctx)
	if err == nil {
		s.moving = nil
		unlock()
	}
	return err
}

func (s *Store) writeRow(r *store.Row) error {
	switch r.Kind {
	case store.RowValue:
		s.revision = store.Revision(r.Number) - 1
		s.setKey(store.Pair{Key: r.ID, Value: r.Data})
	case store.RowEntry:
		e := entryOf(r)
		s.openLine(r.Of).addEntry(e, s).openQueue(r.Of).ready.Add(readyItem(e))
	case store.RowAside:
		s.openLine(r.Of).aside[r.Number] = entryOf(r)
	case store.RowID:
		s.openLine(r.Of).addID(seen{r.Number, r.Hash, r.At})
	case store.RowRecord:
		s.openLog(r.Of).position = r.Number - 1
		s.openLog(r.Of).appendRecord(store.Record{ID: r.ID, At: r.At, Data: r.Data})
	case store.RowCounter:
		return s.setCounter(r)
	default:
		return fmt.Errorf("move: there are no rows of kind %q here", r.Kind)
	}
	return nil
}

func entryOf(r *store.Row) store.Entry {
	return store.Entry{Seq: r.Number, ID: r.ID, Partition: r.Partition, Due: r.Due, At: r.At, Payload: bytes.Clone(r.Data)}
}

func (s *Store) setCounter(r *store.Row) error {
	if name, ok := strings.CutPrefix(r.Of, store.CounterQueue); ok {
		s.openLine(name).seq = r.Number
	} else if name, ok := strings.CutPrefix(r.Of, store.CounterLog); ok {
		s.openLog(name).position = r.Number
	} else if r.Of == store.CounterKV {
		s.revision = store.Revision(r.Number)
	} else {
		return fmt.Errorf("move: there is no counter %q here", r.Of)
	}
	return nil
}
