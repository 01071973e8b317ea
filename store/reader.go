package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull/life"
	"keypull/pull/who"
)

// keptSlots is how many readers' slots are remembered, so that settling need
// not read the document that it replaces.
const keptSlots = 100000

// Ledger holds the readers' documents, each sealed with a key of its own, and
// the records of settled asks, sealed with the key of their day.
type Ledger struct {
	backend Backend
	log     Log
	sends   Log
	sealer  Sealer
	clock   func() time.Time
	logger  *slog.Logger
	slots   *otter.Cache[who.Key, Slot]
	// erasing is held while a document goes with its key, so that nobody keeps
	// the slot of a key that is gone.
	erasing sync.RWMutex
}

var _ life.Ledger = (*Ledger)(nil)

// NewLedger returns the ledger of a back end.
func NewLedger(b Backend, s Sealer, clock func() time.Time, logger *slog.Logger) *Ledger {
	return &Ledger{
		backend: b, log: b.Log(asksLog), sends: b.Log(sendsLog), sealer: s, clock: clock, logger: logger,
		slots: otter.Must(&otter.Options[who.Key, Slot]{MaximumSize: keptSlots}),
	}
}

func readerKey(key who.Key) string { return "reader." + string(key) }

// Reader returns the document and its revision; a zero document with revision
// 0 where there is none, stopped where the reader was erased after STOP.
func (l *Ledger) Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error) {
	r, _, revision, err := l.open(ctx, key)
	if err == nil && revision == 0 {
		return l.stopped(ctx, key)
	}
	return r, uint64(revision), err
}

// open reads a document; its revision is 0 where there is none.
func (l *Ledger) open(ctx context.Context, key who.Key) (who.Reader, Slot, Revision, error) {
	l.erasing.RLock()
	defer l.erasing.RUnlock()
	pair, err := l.backend.Get(ctx, readerKey(key))
	if errors.Is(err, ErrNotFound) {
		return who.Reader{}, 0, 0, nil
	}
	if err != nil {
		return who.Reader{}, 0, 0, understood("read reader", err)
	}
	plain, slot, err := l.sealer.OpenReader(pair.Value)
	if err != nil {
		return who.Reader{}, 0, 0, fmt.Errorf("open reader: %w", err)
	}
	r, err := who.Decode(plain)
	if err != nil {
		return who.Reader{}, 0, 0, err
	}
	l.slots.Set(key, slot)
	return r, slot, pair.Revision, nil
}

// Put writes a document alone.
func (l *Ledger) Put(ctx context.Context, key who.Key, r who.Reader, revision uint64) (uint64, error) {
	pair, err := l.pair(ctx, key, r, revision)
	if err != nil {
		return 0, err
	}
	written, err := l.backend.Put(ctx, pair.Key, pair.Value, pair.Revision)
	if err != nil {
		return 0, understood("write reader", err)
	}
	return uint64(written), nil
}

// pair seals a document for writing.
func (l *Ledger) pair(ctx context.Context, key who.Key, r who.Reader, revision uint64) (Pair, error) {
	plain, err := r.Encode()
	if err != nil {
		return Pair{}, err
	}
	slot, err := l.slot(ctx, key, revision)
	if err != nil {
		return Pair{}, err
	}
	value, err := l.sealer.SealReader(slot, plain)
	if err != nil {
		return Pair{}, fmt.Errorf("seal reader: %w", err)
	}
	return Pair{Key: readerKey(key), Value: value, Revision: Revision(revision)}, nil
}

// slot returns whose key seals the document: a new one for a new reader.
func (l *Ledger) slot(ctx context.Context, key who.Key, revision uint64) (Slot, error) {
	if slot, ok := l.slots.GetIfPresent(key); ok {
		return slot, nil
	}
	if revision != 0 {
		if _, _, err := l.Reader(ctx, key); err != nil {
			return 0, err
		}
		if slot, ok := l.slots.GetIfPresent(key); ok {
			return slot, nil
		}
	}
	slot, err := l.sealer.NewReader()
	if err != nil {
		return 0, fmt.Errorf("make the reader's key: %w", err)
	}
	l.slots.Set(key, slot)
	return slot, nil
}

// Settle writes the record first and the document second, or both at once
// where the back end can: a record that no document names is a leftover and is
// never sent.
func (l *Ledger) Settle(ctx context.Context, s life.Settlement) (uint64, error) {
	pair, err := l.pair(ctx, s.Ask.Reader, s.Reader, s.Revision)
	if err != nil {
		return 0, err
	}
	record, err := l.record(s)
	if err != nil {
		return 0, err
	}
	b := Batch{Puts: []Pair{pair}, Appends: []Append{{Log: asksLog, Record: record}}}
	if s.Finished {
		b.Acks = append(b.Acks, Acked{Queue: asksQueue, Seqs: []uint64{s.Ask.ID}})
	}
	if len(s.Ended) > 0 {
		b.Acks = append(b.Acks, Acked{Queue: asksQueue, Seqs: s.Ended})
	}
	for _, f := range s.Folded {
		l.end(&b, f)
	}
	revisions, err := commit(ctx, l.backend, b)
	if err != nil {
		return 0, understood("settle", err)
	}
	return uint64(revisions[0]), nil
}

func (l *Ledger) record(s life.Settlement) (Record, error) {
	s.Record.Publisher = s.Ask.Publisher
	plain, err := json.Marshal(s.Record)
	if err != nil {
		return Record{}, fmt.Errorf("encode record: %w", err)
	}
	data, err := l.sealer.SealDay(s.Ask.At, plain)
	if err != nil {
		return Record{}, fmt.Errorf("seal record: %w", err)
	}
	return Record{ID: recordID(s.Ask.ID), At: s.Ask.At, Data: data}, nil
}

// recordID is the ask's id in a width that sorts.
func recordID(ask uint64) string {
	const width = 16
	digits := strconv.FormatUint(ask, 16)
	return "0000000000000000"[:width-len(digits)] + digits
}

// Record returns what Settle wrote of an ask.
func (l *Ledger) Record(ctx context.Context, ask uint64) (life.Record, bool, error) {
	var r life.Record
	found, err := l.log.Find(ctx, recordID(ask))
	if errors.Is(err, ErrNotFound) {
		return r, false, nil
	}
	if err != nil {
		return r, false, understood("read record", err)
	}
	if len(found.Data) == 0 {
		r.Reduced = true
		return r, true, nil
	}
	plain, err := l.sealer.OpenDay(found.Data)
	if err != nil {
		return r, false, fmt.Errorf("open record: %w", err)
	}
	if err := json.Unmarshal(plain, &r); err != nil {
		return r, false, fmt.Errorf("decode record: %w", err)
	}
	return r, true, nil
}

// Trim drops the records and the marks of sending that are older than before,
// and returns how many.
func (l *Ledger) Trim(ctx context.Context, before time.Time) (int, error) {
	total := 0
	for _, log := range []Log{l.log, l.sends} {
		n, err := log.Trim(ctx, before)
		if err != nil {
			return total, understood("trim", err)
		}
		total += n
	}
	return total, nil
}
