package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// Where erasures that are under way are noted, and who said STOP before.
const (
	erasingPrefix = "erasing"
	stoppedPrefix = "stopped"
)

// Erasure takes readers out of everything that is kept. What is left is what
// nobody can link to them: counts, that their asks were accepted, and, of those
// who said STOP, the keyed hash by which they stay stopped.
type Erasure struct {
	Ledger *Ledger
	Demand *Demand
}

// erasing is an erasure under way. It is noted first and removed last, so that
// one that a crash cut short is carried out by Resume. The note is sealed with
// the key that it dooms: nobody but the reader's own key can say which one goes,
// and once that key is gone everything before it has been done.
type erasing struct {
	Publisher string   `json:"publisher"`
	Key       who.Key  `json:"key"`
	Slot      Slot     `json:"slot"`
	Asks      []uint64 `json:"asks,omitempty"`
	// At is there for one who asks nothing any more: a document that was written
	// since is that of a reader who came back, and stays.
	At Revision `json:"at,omitempty"`
	// Stopped is there where the reader wants to be left alone.
	Stopped *stopMark `json:"stopped,omitempty"`
}

// Erase destroys what is held of a reader: the document and the key that sealed
// it, the records of asks but for what is counted of them, the reader's marks in
// demand. pull.Unknown says that nothing is held. The caller sees to it that no
// ask of the reader is settled meanwhile.
func (e Erasure) Erase(ctx context.Context, publisher string, key who.Key) error {
	return e.eraseReader(ctx, publisher, key, 0)
}

// eraseReader is Erase; at is the document's revision where it goes by age.
func (e Erasure) eraseReader(ctx context.Context, publisher string, key who.Key, at Revision) error {
	r, slot, revision, err := e.Ledger.loadReader(ctx, key)
	if errors.Is(err, ErrUnreadable) {
		// Nobody can tell whose key sealed it, so a new one seals the note.
		slot, err = e.Ledger.sealer.NewReader()
	}
	if err != nil {
		return err
	}
	if revision == 0 {
		return e.eraseNew(ctx, key)
	}
	doomed := erasing{Publisher: publisher, Key: key, Slot: slot, At: at, Asks: slices.Concat(r.Settled, r.Unsent)}
	mark, err := e.Ledger.readStopMark(ctx, key)
	switch {
	case err != nil:
		return err
	case r.State == who.Stopped:
		doomed.Stopped = &stopMark{Since: r.Since, Kept: true}
	case mark.overrulesDocument(r):
		doomed.Stopped = &mark
	}
	if err := e.noteErasure(ctx, doomed); err != nil {
		return err
	}
	return e.carryOut(ctx, doomed)
}

// eraseNew destroys the key of a reader of whom there is no document, and with it
// what was accepted, or carries out what was begun.
func (e Erasure) eraseNew(ctx context.Context, key who.Key) error {
	l := e.Ledger
	if err := l.own.adoptKeys(ctx); err != nil {
		return err
	}
	asking := &l.own.stripeOf(key).asking
	asking.Lock()
	there, err := l.own.eraseEarly(key)
	asking.Unlock()
	if err != nil || there {
		return err
	}
	return e.resumeOf(ctx, key)
}

// carryOut does the same however often it is begun.
func (e Erasure) carryOut(ctx context.Context, doomed erasing) error {
	steps := []func(context.Context, erasing) error{
		func(ctx context.Context, d erasing) error { return e.Demand.Forget(ctx, d.Publisher, d.Key) },
		e.Ledger.markStopped, e.Ledger.eraseTalk, e.Ledger.eraseDead, e.Ledger.eraseRecords, e.Ledger.eraseDocument,
	}
	if doomed.At != 0 {
		steps = []func(context.Context, erasing) error{e.Ledger.markStopped, e.Ledger.eraseDocument}
	}
	for _, step := range steps {
		if err := step(ctx, doomed); err != nil {
			return err
		}
	}
	return backendError("end the erasure", e.Ledger.backend.Delete(ctx, erasingKey(doomed.Key), Any))
}

// markStopped keeps STOP, and drops the mark of who has come back since.
func (l *Ledger) markStopped(ctx context.Context, d erasing) error {
	const op = "keep a STOP"
	if d.At != 0 {
		return l.keepStopOfRetired(ctx, d)
	}
	if d.Stopped != nil {
		_, err := writeDocument(ctx, l.backend, stoppedKey(d.Key), op, d.Stopped, uint64(Any))
		return err
	}
	return backendError(op, l.backend.Delete(ctx, stoppedKey(d.Key), Any))
}

// eraseDead removes the reader's dead letters.
func (l *Ledger) eraseDead(ctx context.Context, d erasing) error {
	_, err := NewDead(l.backend, l.sealer, l).Forget(ctx, d.Publisher, d.Key)
	return err
}

// eraseRecords leaves of a reader's records what may be counted of anybody.
func (l *Ledger) eraseRecords(ctx context.Context, d erasing) error {
	return l.recordsOf(ctx, d.Key, d.Asks, func(r Record, of pipeline.Record) error {
		plain, err := json.Marshal(foldedAsk{settledAsk: settledAsk{Publisher: d.Publisher, Trace: of.Trace.Bare()}, Erased: true})
		if err != nil {
			return fmt.Errorf("encode count: %w", err)
		}
		data, err := sealDay(l.sealer, r.At, LogPlace(asksLog, r.ID), plain)
		if err != nil {
			return fmt.Errorf("seal count: %w", err)
		}
		if of.Reader == "" {
			// Its note counts it.
			data = nil
		}
		return backendError("erase record", l.log.Reduce(ctx, r.ID, data))
	})
}

// eraseDocument removes the document that the key sealed, and the key.
func (l *Ledger) eraseDocument(ctx context.Context, d erasing) error {
	asking := &l.own.stripeOf(d.Key).asking
	asking.Lock()
	defer asking.Unlock()
	if some, err := hasWaiting(ctx, l.backend, d); err != nil || some {
		return err
	}
	l.erasing.Lock()
	defer l.erasing.Unlock()
	defer l.kept.Drop(string(d.Key)) // not before: what was written until then may be kept after
	slot, err := l.dropReaderDocument(ctx, d)
	if err != nil || slot == 0 {
		return err
	}
	if _, err := l.own.eraseEarly(d.Key); err != nil {
		return err
	}
	if err := l.sealer.EraseReaders(slot); err != nil {
		return fmt.Errorf("destroy the reader's key: %w", err)
	}
	return nil
}

// hasWaiting says of a reader who is to go by age that an ask has come: what was
// accepted needs the key.
func hasWaiting(ctx context.Context, b Backend, d erasing) (bool, error) {
	if d.At == 0 {
		return false, nil
	}
	waiting, err := waitingAsks(ctx, b, d.Key)
	return len(waiting) > 0, err
}

// waitingAsks returns the asks of a reader that are not finished, where the back end can
// tell.
func waitingAsks(ctx context.Context, b Backend, key who.Key) (map[string]bool, error) {
	queue, ok := b.Queue(asksQueue).(Searcher)
	if !ok {
		return nil, nil
	}
	entries, err := queue.Of(ctx, string(key))
	if err != nil {
		return nil, backendError("look for asks", err)
	}
	ids := make(map[string]bool, len(entries))
	for _, e := range entries {
		ids[recordID(e.Seq)] = true
	}
	return ids, nil
}

// dropReaderDocument removes a doomed document and returns whose key is to go with it.
// A document under another key is that of a reader who came anew.
func (l *Ledger) dropReaderDocument(ctx context.Context, d erasing) (Slot, error) {
	const op = "erase document"
	for {
		pair, err := l.backend.Get(ctx, readerKey(d.Key))
		if errors.Is(err, ErrNotFound) {
			return d.Slot, nil
		}
		if err != nil {
			return 0, backendError(op, err)
		}
		_, slot, err := l.sealer.OpenReader(ValuePlace(readerKey(d.Key), pair.Revision), pair.Value)
		switch {
		case errors.Is(err, ErrUnreadable):
			slot = d.Slot
		case err != nil:
			return 0, fmt.Errorf("%s: %w", op, err)
		case d.Slot == 0:
			d.Slot = slot
		}
		if slot != d.Slot {
			return d.Slot, nil
		}
		if d.At != 0 && pair.Revision != d.At {
			return 0, nil
		}
		if err = l.backend.Delete(ctx, readerKey(d.Key), pair.Revision); !errors.Is(err, ErrConflict) {
			return d.Slot, backendError(op, err)
		}
	}
}

// Records calls f for every record of a reader's asks that is kept, the oldest
// first, and tells what became of the reply, where that is known.
func (l *Ledger) Records(ctx context.Context, key who.Key, f func(r pipeline.Record, fate pipeline.Fate) error) error {
	reader, _, _, err := l.loadReader(ctx, key)
	if err != nil && !errors.Is(err, ErrUnreadable) {
		return err
	}
	waiting, err := waitingAsks(ctx, l.backend, key)
	if err != nil {
		return err
	}
	return l.recordsOf(ctx, key, slices.Concat(reader.Settled, reader.Unsent), func(r Record, of pipeline.Record) error {
		fate, err := l.fateOf(ctx, r.ID, of, waiting)
		if err != nil {
			return err
		}
		return f(of, fate)
	})
}
