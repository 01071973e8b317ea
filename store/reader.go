package store

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store/internal/readercache"
)

// defaultKept is how many bytes of readers are remembered where nobody says so.
const defaultKept = 16 << 20

// Ledger holds the readers' documents, each sealed with a key of its own, and
// the records of settled asks, sealed with that and with the key of their day.
type Ledger struct {
	backend Backend
	log     Log
	sends   Log
	sealer  Sealer
	clock   func() time.Time
	logger  *slog.Logger
	// kept is what is known of readers, so that neither asking nor settling need read
	// and open the document.
	kept *readercache.Cache
	// erasing is held while a document goes with its key, so that nobody keeps
	// the slot of a key that is gone.
	erasing sync.RWMutex
	anew    atomic.Int64
	// bound: no document is of a version that bound none to its place.
	bound atomic.Bool
	own   readerKeys
	walks recordWalks
	// hand, where set, is what demand has at hand of what was settled.
	hand *recentAsks
}

var (
	_ pipeline.Ledger    = (*Ledger)(nil)
	_ pipeline.Documents = (*Ledger)(nil)
)

// NewLedger returns the ledger of a back end.
func NewLedger(b Backend, s Sealer, clock func() time.Time, logger *slog.Logger) *Ledger {
	l := &Ledger{
		backend: b, log: b.Log(asksLog), sends: b.Log(sendsLog), sealer: s, clock: clock, logger: logger,
		kept: readercache.New(defaultKept),
	}
	l.own.ledger, l.own.seed = l, maphash.MakeSeed()
	return l
}

// Bound sets about how many bytes may go into remembering readers' documents.
func (l *Ledger) Bound(bytes int) { l.kept.Bound(bytes) }

// DropCachedReaders drops the documents of readers from memory; they are read again when
// their reader asks.
func (l *Ledger) DropCachedReaders() { l.kept.Clear() }

// readerPrefix is where the readers' documents lie.
const readerPrefix = "reader"

func readerKey(key who.Key) string { return readerPrefix + "." + string(key) }

// Reader returns the document and its revision, or zero values if there is none.
// Of a document that cannot be opened any more nothing is left but its revision and a
// STOP, which also outlives an erasure.
func (l *Ledger) Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error) {
	if known, ok := l.kept.Read(string(key)); ok {
		r, err := who.Decode(known.Document)
		return r, known.Revision, err
	}
	r, _, revision, err := l.loadReader(ctx, key)
	switch {
	case errors.Is(err, ErrUnreadable):
		l.kept.Drop(string(key))
	case err != nil || revision != 0:
		return r, uint64(revision), err
	}
	mark, err := l.readStopMark(ctx, key)
	return mark.stoppedReader(), uint64(revision), err
}

// Leaving reports whether a reader's document says that all is to go.
func (l *Ledger) Leaving(ctx context.Context, key who.Key) (bool, error) {
	if known, ok := l.kept.Read(string(key)); ok {
		return who.Leaving(known.Document)
	}
	r, _, err := l.Reader(ctx, key)
	return !r.Leaves.IsZero(), err
}

// loadReader reads a document; its revision is 0 if there is none. One that cannot
// be opened, now or ever, is ErrUnreadable, with its revision.
func (l *Ledger) loadReader(ctx context.Context, key who.Key) (who.Reader, Slot, Revision, error) {
	l.erasing.RLock()
	defer l.erasing.RUnlock()
	since := l.kept.Now(string(key))
	plain, slot, at, err := l.unsealReader(ctx, key)
	if err != nil || at == 0 {
		return who.Reader{}, 0, at, err
	}
	r, err := who.Decode(plain)
	if err != nil {
		return who.Reader{}, 0, 0, err
	}
	mark, err := l.readStopMark(ctx, key)
	if err != nil {
		return who.Reader{}, 0, 0, err
	}
	if mark.overrulesDocument(r) {
		return who.Reader{}, 0, at, fmt.Errorf("open reader: the document is older than the reader's STOP: %w", ErrUnreadable)
	}
	l.own.cacheDocument(since, key, heldKey{slot: slot, marked: mark.there}, at, plain)
	return r, slot, at, nil
}

// unsealReader is openReader without looking at what the document says.
func (l *Ledger) unsealReader(ctx context.Context, key who.Key) (plain []byte, slot Slot, at Revision, err error) {
	pair, err := l.backend.Get(ctx, readerKey(key))
	if errors.Is(err, ErrNotFound) {
		return nil, 0, 0, nil
	}
	if err != nil {
		return nil, 0, 0, backendError("read reader", err)
	}
	if l.bound.Load() && !l.sealer.Bound(pair.Value) {
		return nil, 0, pair.Revision, fmt.Errorf("open reader: the document is one of before all were bound: %w", ErrUnreadable)
	}
	if plain, slot, err = l.sealer.OpenReader(ValuePlace(readerKey(key), pair.Revision), pair.Value); err != nil {
		return nil, 0, pair.Revision, fmt.Errorf("open reader: %w", err)
	}
	return plain, slot, pair.Revision, nil
}

// ReadersNamed returns the keys of a publisher's readers that begin so behind the
// publisher's id, no more than so many.
func (l *Ledger) ReadersNamed(ctx context.Context, publisher, begins string, most int) (keys []who.Key, err error) {
	below := readerPrefix + "." + publisher
	pairs, err := l.backend.Scan(ctx, below, below+"."+begins, most)
	if err != nil {
		return nil, backendError("look for a reader", err)
	}
	for _, p := range pairs {
		if strings.HasPrefix(p.Key, below+"."+begins) {
			keys = append(keys, who.Key(strings.TrimPrefix(p.Key, readerPrefix+".")))
		}
	}
	return keys, nil
}

// Put writes a document alone.
func (l *Ledger) Put(ctx context.Context, key who.Key, r who.Reader, revision uint64) (uint64, error) {
	b, h, err := l.readerBatch(ctx, key, r, revision)
	if err != nil {
		return 0, err
	}
	revisions, err := l.own.commitDocument(ctx, key, h, b)
	if err != nil {
		return 0, backendError("write reader", err)
	}
	return uint64(revisions[0]), nil
}

// readerBatch returns what writing a document takes: the document, sealed, is its first
// put; beside it stands the mark of a STOP.
func (l *Ledger) readerBatch(ctx context.Context, key who.Key, r who.Reader, revision uint64) (Batch, heldKey, error) {
	plain, err := r.Encode()
	if err != nil {
		return Batch{}, heldKey{}, err
	}
	seal, h, err := l.readerSeal(ctx, key, revision)
	if err != nil {
		return Batch{}, h, err
	}
	b := Batch{Puts: []Pair{{Key: readerKey(key), Value: plain, Revision: Revision(revision), Bind: func(plain []byte, at Revision) []byte {
		return seal(ValuePlace(readerKey(key), at), plain)
	}}}}
	if err := l.addStopMark(ctx, &b, key, &h, r); err != nil {
		l.own.releaseKey(key, h, 0, false)
		return Batch{}, h, err
	}
	return b, h, nil
}

// readerSeal returns what seals a reader's document, and with which key; write is
// told of that. A key that is damaged for good is replaced.
func (l *Ledger) readerSeal(ctx context.Context, key who.Key, revision uint64) (Seal, heldKey, error) {
	for {
		h, err := l.readerKey(ctx, key, revision)
		if err != nil {
			return nil, h, err
		}
		seal, err := l.sealer.SealReader(h.slot)
		if err == nil {
			return seal, h, nil
		}
		if !errors.Is(err, ErrUnreadable) {
			l.own.releaseKey(key, h, 0, false)
			return nil, h, fmt.Errorf("seal reader: %w", err)
		}
		l.own.dropDamagedKey(key, h)
	}
}

// readerKey returns whose key seals the document: that of what was accepted of a new
// reader, and a new one where there is none, or where the document cannot be
// opened any more.
func (l *Ledger) readerKey(ctx context.Context, key who.Key, revision uint64) (heldKey, error) {
	if h, ok := l.own.cachedKey(key); ok {
		return h, nil
	}
	var lost error
	if revision != 0 {
		_, slot, at, err := l.loadReader(ctx, key)
		switch {
		case errors.Is(err, ErrUnreadable):
			lost = err
		case err != nil:
			return heldKey{}, err
		case at != 0:
			if h, ok := l.own.cachedKey(key); ok {
				return h, nil
			}
			return heldKey{slot: slot, marked: true}, nil
		}
	}
	mark, err := l.readStopMark(ctx, key)
	if err != nil {
		return heldKey{}, err
	}
	h, err := l.own.reserveKey(ctx, key, false)
	if err != nil {
		return h, err
	}
	if h.marked = mark.there; lost != nil {
		l.reportReset(key, lost)
	}
	return h, nil
}

// Settle writes the record first and the document second, or both at once
// where the back end can: a record that no document names is a leftover and is
// never sent.
func (l *Ledger) Settle(ctx context.Context, s pipeline.Settlement) (uint64, error) {
	b, h, err := l.readerBatch(ctx, s.Ask.Reader, s.Reader, s.Revision)
	if err != nil {
		return 0, err
	}
	record, err := l.sealRecordOf(&s, h.slot)
	if err != nil {
		l.own.releaseKey(s.Ask.Reader, h, 0, false)
		return 0, err
	}
	b.Appends = []Append{{Log: asksLog, Record: record}}
	if s.Finished {
		b.Acks = append(b.Acks, Acked{Queue: asksQueue, Seqs: []uint64{s.Ask.ID}})
	}
	if len(s.Ended) > 0 {
		b.Acks = append(b.Acks, Acked{Queue: asksQueue, Seqs: s.Ended})
	}
	for _, f := range s.Folded {
		l.addFinish(ctx, &b, f)
	}
	revisions, err := l.own.commitDocument(ctx, s.Ask.Reader, h, b)
	if err != nil {
		return 0, backendError("settle", err)
	}
	if l.hand != nil {
		l.hand.addAsk(record, &s.Record)
	}
	return uint64(revisions[0]), nil
}

func (l *Ledger) sealRecordOf(s *pipeline.Settlement, slot Slot) (Record, error) {
	s.Record.Publisher = s.Ask.Publisher
	id := recordID(s.Ask.ID)
	r := Record{ID: id, At: s.Ask.At}
	var err error
	s.Record.Use(func(kept []byte) { r.Data, err = sealRecord(l.sealer, slot, s.Ask.At, LogPlace(asksLog, id), kept) })
	if err != nil {
		return Record{}, fmt.Errorf("seal record: %w", err)
	}
	return r, nil
}

// recordID returns the ask's id in a width that sorts.
func recordID(ask uint64) string {
	var number, id [16]byte // room, so that nothing but the text is made
	return string(hex.AppendEncode(id[:0], binary.BigEndian.AppendUint64(number[:0], ask)))
}

// Record returns what Settle wrote of an ask, or false if there is nothing, or
// nothing that can be read any more: it is told to the log once it is asked for.
func (l *Ledger) Record(ctx context.Context, ask uint64) (pipeline.Record, bool, error) {
	found, err := l.log.Find(ctx, recordID(ask))
	if errors.Is(err, ErrNotFound) {
		return pipeline.Record{}, false, nil
	}
	if err != nil {
		return pipeline.Record{}, false, backendError("read record", err)
	}
	if found.ID == recordID(ask) && len(found.Data) == 0 {
		return pipeline.Record{Reduced: true}, true, nil
	}
	r, err := l.openRecordOf(found, ask)
	if errors.Is(err, ErrUnreadable) {
		l.logger.Error("the record of an ask cannot be read any more", "ask", ask, "error", err)
		return pipeline.Record{}, false, nil
	}
	return r, err == nil, err
}

// openRecordOf reads the record of an ask, and no other's.
func (l *Ledger) openRecordOf(found Record, ask uint64) (r pipeline.Record, err error) {
	id := recordID(ask)
	if found.ID != id {
		return r, fmt.Errorf("open record %s: %s was found in its place: %w", id, found.ID, ErrUnreadable)
	}
	plain, err := OpenRecord(l.sealer, LogPlace(asksLog, id), found.Data)
	if err != nil {
		return r, fmt.Errorf("open record: %w", err)
	}
	if r, err = pipeline.DecodeRecord(plain); err != nil {
		return r, fmt.Errorf("open record %s: %w", id, err)
	}
	// What was sealed before places were bound tells its ask all the same.
	if r.Trace.Ask != 0 && r.Trace.Ask != ask {
		return pipeline.Record{}, fmt.Errorf("open record %s: it is that of ask %d: %w", id, r.Trace.Ask, ErrUnreadable)
	}
	return r, nil
}

// Trim drops the records and the marks of sending that are older than before,
// and returns how many.
func (l *Ledger) Trim(ctx context.Context, before time.Time) (int, error) {
	total := 0
	for _, log := range []Log{l.log, l.sends} {
		n, err := log.Trim(ctx, before)
		if err != nil {
			return total, backendError("trim", err)
		}
		total += n
	}
	return total, nil
}
