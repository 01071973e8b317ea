package store

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/store/internal/readercache"
)

// ownStripes is how many parts the readers are divided into, each under locks
// of its own.
const ownStripes = 256

// readerKeys knows the keys of readers of whom there is no document yet: what was
// accepted of them is sealed with the key that their document will have.
type readerKeys struct {
	ledger  *Ledger
	seed    maphash.Seed
	stripes [ownStripes]ownStripe

	adopting sync.Mutex
	adopted  atomic.Bool
	// waiting are keys of before this process that entries name.
	waiting map[Slot]bool
}

type ownStripe struct {
	// asking is held while entries are accepted, and alone while a key goes: so
	// nothing is sealed with a key that is gone.
	asking sync.RWMutex
	// mu is held while a reader gets a key, so that nobody gets two.
	mu    sync.Mutex
	early map[who.Key]*earlyReader
}

// earlyReader is somebody of whom there is no document.
type earlyReader struct {
	slot Slot
	// asks are entries that nobody has finished, users how many write something
	// with the key at this moment.
	asks  map[uint64]struct{}
	users int
	// doubtful: something may have been written after all. Then the key stays
	// until the next process looks whose it is.
	doubtful bool
}

func (o *readerKeys) stripeIndex(key who.Key) int {
	return int(maphash.String(o.seed, string(key)) % ownStripes)
}

func (o *readerKeys) stripeOf(key who.Key) *ownStripe { return &o.stripes[o.stripeIndex(key)] }

// lockReaders keeps the keys of those who ask from going until release is called.
func (o *readerKeys) lockReaders(entries []pull.Entry) (release func()) {
	if len(entries) == 1 {
		s := o.stripeOf(entries[0].Reader)
		s.asking.RLock()
		return s.asking.RUnlock
	}
	at := make([]int, 0, len(entries))
	for i := range entries {
		at = append(at, o.stripeIndex(entries[i].Reader))
	}
	slices.Sort(at) // in one order, so that nobody waits for each other
	at = slices.Compact(at)
	for _, i := range at {
		o.stripes[i].asking.RLock()
	}
	return func() {
		for _, i := range at {
			o.stripes[i].asking.RUnlock()
		}
	}
}

// acquireSeal returns what seals an entry of a reader, and the key; the caller holds the
// reader, and says by releaseKey what became of the entry.
func (o *readerKeys) acquireSeal(ctx context.Context, key who.Key, at time.Time) (Seal, heldKey, error) {
	for {
		h, known := o.cachedKey(key)
		if !known {
			var err error
			if h, err = o.reserveKey(ctx, key, true); err != nil {
				return nil, h, err
			}
		}
		seal, err := o.ledger.sealer.SealBoth(h.slot, at)
		if err == nil {
			return seal, h, nil
		}
		o.releaseKey(key, h, 0, false)
		if h.early || !errors.Is(err, ErrUnreadable) {
			return nil, h, err //nolint:wrapcheck // the caller says what it is
		}
		o.ledger.kept.Drop(string(key))
	}
}

// cachedKey returns what is remembered of whose key seals a reader's document.
func (o *readerKeys) cachedKey(key who.Key) (heldKey, bool) {
	r, ok := o.ledger.kept.Find(string(key))
	return heldKey{slot: Slot(r.Slot), marked: r.Marked}, ok
}

// cacheDocument keeps a document that was read or written since a moment.
func (o *readerKeys) cacheDocument(since readercache.Moment, key who.Key, h heldKey, at Revision, plain []byte) {
	o.ledger.kept.Keep(since, string(key), readercache.Reader{Slot: uint64(h.slot), Revision: uint64(at), Marked: h.marked, Document: plain})
}

// documentKey returns whose key seals a reader's document, or zero.
func (o *readerKeys) documentKey(ctx context.Context, key who.Key) (heldKey, error) {
	o.ledger.erasing.RLock()
	since := o.ledger.kept.Now(string(key))
	plain, slot, at, err := o.ledger.unsealReader(ctx, key)
	mark := stopMark{}
	if err == nil && at != 0 {
		mark, err = o.ledger.readStopMark(ctx, key)
	}
	if h := (heldKey{slot: slot, marked: mark.there}); err != nil || at == 0 || !mark.Kept {
		if err == nil && at != 0 {
			o.cacheDocument(since, key, h, at, plain)
		}
		o.ledger.erasing.RUnlock()
		return h, err
	}
	o.ledger.erasing.RUnlock()
	// What the document says counts.
	_, slot, _, err = o.ledger.loadReader(ctx, key)
	return heldKey{slot: slot, marked: true}, err
}

// dropDamagedKey gives up a key that cannot be used any more.
func (o *readerKeys) dropDamagedKey(key who.Key, h heldKey) {
	o.ledger.kept.Drop(string(key))
	s := o.stripeOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.early[key]; e != nil && e.slot == h.slot {
		delete(s.early, key)
		o.ledger.sealer.Release(e.slot)
	}
}

// reserveKey returns a reader's key: that of the document, if it is to be looked for,
// else the one that it will have, which is in use until releaseKey or commitDocument is called.
func (o *readerKeys) reserveKey(ctx context.Context, key who.Key, look bool) (heldKey, error) {
	if err := o.adoptKeys(ctx); err != nil {
		return heldKey{}, err
	}
	s := o.stripeOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.early[key]; e != nil {
		e.users++
		return heldKey{slot: e.slot, early: true}, nil
	}
	if look {
		h, err := o.documentKey(ctx, key)
		if err == nil && h.slot != 0 || err != nil && !errors.Is(err, ErrUnreadable) {
			return h, err
		}
	}
	slot, err := o.ledger.sealer.NewReader()
	if err != nil {
		return heldKey{}, fmt.Errorf("make the reader's key: %w", err)
	}
	s.addEarly(key, &earlyReader{slot: slot, asks: make(map[uint64]struct{}), users: 1})
	return heldKey{slot: slot, early: true}, nil
}

// addEarly notes a reader without a document, under mu.
func (s *ownStripe) addEarly(key who.Key, e *earlyReader) {
	if s.early == nil {
		s.early = make(map[who.Key]*earlyReader)
	}
	s.early[key] = e
}

// releaseKey notes what became of an entry; seq is 0 if there is none.
func (o *readerKeys) releaseKey(key who.Key, h heldKey, seq uint64, doubtful bool) {
	if !h.early {
		return
	}
	o.updateEarly(key, func(e *earlyReader) {
		if e.slot != h.slot {
			return // another one by now
		}
		e.users--
		e.doubtful = e.doubtful || doubtful
		if seq != 0 {
			e.asks[seq] = struct{}{}
		}
	})
}

// forgetEntries notes entries of a reader that are no more. A key of which nothing is
// left goes as well.
func (o *readerKeys) forgetEntries(key who.Key, seqs ...uint64) {
	o.updateEarly(key, func(e *earlyReader) {
		for _, seq := range seqs {
			delete(e.asks, seq)
		}
	})
}

// updateEarly changes what is known of a reader without a document.
func (o *readerKeys) updateEarly(key who.Key, change func(*earlyReader)) {
	s := o.stripeOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.early[key]
	if e == nil {
		return
	}
	if change(e); len(e.asks) == 0 && e.users == 0 && !e.doubtful {
		delete(s.early, key)
		o.ledger.sealer.Release(e.slot)
	}
}

// commitDocument commits a batch with a reader's document in it, by which the reader's key
// has an owner.
func (o *readerKeys) commitDocument(ctx context.Context, key who.Key, h heldKey, b Batch) ([]Revision, error) {
	since := o.ledger.kept.Now(string(key))
	revisions, err := o.ledger.backend.Commit(ctx, b)
	if err != nil {
		o.ledger.kept.Drop(string(key)) // nobody knows, or what is known is an earlier one
	}
	if !h.early {
		if err == nil {
			o.cacheDocument(since, key, h, revisions[0], b.Puts[0].Value)
		}
		return revisions, err
	}
	s := o.stripeOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.early[key]
	switch {
	case e == nil || e.slot != h.slot:
	case err == nil:
		delete(s.early, key)
		o.ledger.sealer.Keep(h.slot)
		o.cacheDocument(since, key, h, revisions[0], b.Puts[0].Value)
	default:
		e.users--
		e.doubtful = e.doubtful || !errors.Is(err, ErrConflict)
	}
	return revisions, err
}

// eraseEarly destroys the key of a reader of whom there is no document; false
// where there is none. The caller holds asking.
func (o *readerKeys) eraseEarly(key who.Key) (bool, error) {
	s := o.stripeOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.early[key]
	if e == nil {
		return false, nil
	}
	if err := o.ledger.sealer.EraseReaders(e.slot); err != nil {
		return true, fmt.Errorf("destroy the reader's key: %w", err)
	}
	delete(s.early, key)
	return true, nil
}

// adoptKeys takes up, once, the keys of readers whose first asks an earlier process
// has accepted and not settled.
func (o *readerKeys) adoptKeys(ctx context.Context) error {
	if o.adopted.Load() {
		return nil
	}
	o.adopting.Lock()
	defer o.adopting.Unlock()
	if o.adopted.Load() {
		return nil
	}
	adrift := map[Slot]bool{}
	for _, slot := range o.ledger.sealer.Adrift() {
		adrift[slot] = true
	}
	o.waiting = map[Slot]bool{}
	if queue, ok := o.ledger.backend.Queue(asksQueue).(Searcher); ok && len(adrift) > 0 {
		found := map[who.Key]*earlyReader{}
		err := queue.Each(ctx, func(e Entry) {
			slot, named := o.ledger.sealer.Owner(e.Payload)
			if !named || !adrift[slot] {
				return
			}
			o.waiting[slot] = true
			key := who.Key(e.Partition)
			if found[key] == nil {
				found[key] = &earlyReader{slot: slot, asks: map[uint64]struct{}{}}
			}
			found[key].asks[e.Seq] = struct{}{}
		})
		if err != nil {
			return backendError("look for whose keys wait", err)
		}
		if err := o.adoptReaders(ctx, found); err != nil {
			return err
		}
	}
	o.adopted.Store(true)
	return nil
}

// adoptReaders takes up those who have no document.
func (o *readerKeys) adoptReaders(ctx context.Context, found map[who.Key]*earlyReader) error {
	for key, e := range found {
		pair, err := o.ledger.backend.Get(ctx, readerKey(key))
		if err == nil {
			if slot, ok := o.ledger.sealer.Owner(pair.Value); ok && slot == e.slot {
				o.ledger.sealer.Keep(slot)
			}
			continue
		}
		if !errors.Is(err, ErrNotFound) {
			return backendError("look for whose keys wait", err)
		}
		s := o.stripeOf(key)
		s.mu.Lock()
		s.addEarly(key, e)
		s.mu.Unlock()
	}
	return nil
}

// Survey finds whose the keys are that an earlier process handed out and did not
// see kept, and destroys those that are nobody's. It may run while readers are
// answered; until it is done, nobody gets such a slot.
func (l *Ledger) Survey(ctx context.Context) error {
	if err := l.own.adoptKeys(ctx); err != nil {
		return err
	}
	orphans := map[Slot]bool{}
	for _, slot := range l.sealer.Adrift() {
		if !l.own.waiting[slot] {
			orphans[slot] = true
		}
	}
	if len(orphans) == 0 {
		return nil
	}
	var owned []Slot
	for _, prefix := range []string{readerPrefix, erasingPrefix} {
		for pair, err := range pairsBelow(ctx, l.backend, prefix, "", "look whose keys there are") {
			if err != nil {
				return err
			}
			if slot, ok := l.sealer.Owner(pair.Value); ok && orphans[slot] {
				owned = append(owned, slot)
				delete(orphans, slot)
			}
		}
	}
	l.sealer.Keep(owned...)
	doomed := make([]Slot, 0, len(orphans))
	for slot := range orphans {
		doomed = append(doomed, slot)
	}
	if err := l.sealer.EraseReaders(doomed...); err != nil {
		return fmt.Errorf("destroy keys that are nobody's: %w", err)
	}
	return nil
}
