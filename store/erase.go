package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/life"
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
// one that a crash cut short is carried out by Resume.
type erasing struct {
	Publisher string   `json:"publisher"`
	Key       who.Key  `json:"key"`
	Slot      Slot     `json:"slot"`
	Asks      []uint64 `json:"asks,omitempty"`
	// Stopped is there where the reader wants to be left alone.
	Stopped *stopMark `json:"stopped,omitempty"`
}

// stopMark is what is kept of an erased reader who said STOP.
type stopMark struct {
	Since time.Time `json:"since,omitzero"`
}

// Erase destroys what is held of a reader: the document and the key that sealed
// it, the records of asks but for what is counted of them, the reader's marks in
// demand. pull.Unknown says that nothing is held. The caller sees to it that no
// ask of the reader is settled meanwhile.
func (e Erasure) Erase(ctx context.Context, publisher string, key who.Key) error {
	const op = "erase reader"
	r, slot, revision, err := e.Ledger.open(ctx, key)
	if err != nil {
		return err
	}
	if revision == 0 {
		return notThere(op, "nothing is held of this reader")
	}
	doomed := erasing{Publisher: publisher, Key: key, Slot: slot, Asks: slices.Concat(r.Settled, r.Unsent)}
	if r.State == who.Stopped {
		doomed.Stopped = &stopMark{r.Since}
	}
	if _, err := writeDocument(ctx, e.Ledger.backend, erasingKey(key), op, doomed, uint64(Any)); err != nil {
		return err
	}
	return e.carryOut(ctx, doomed)
}

// Resume carries out what an earlier process began. It comes before anybody is
// answered.
func (e Erasure) Resume(ctx context.Context) error {
	const op = "go on erasing"
	begun, err := collect(ctx, e.Ledger.backend, erasingPrefix, op, func(erasing) bool { return true })
	for _, doomed := range begun {
		err = errors.Join(err, e.carryOut(ctx, doomed))
	}
	return err
}

func erasingKey(key who.Key) string { return erasingPrefix + "." + string(key) }

func stoppedKey(key who.Key) string { return stoppedPrefix + "." + string(key) }

// carryOut does the same however often it is begun.
func (e Erasure) carryOut(ctx context.Context, doomed erasing) error {
	for _, step := range []func(context.Context, erasing) error{
		func(ctx context.Context, d erasing) error { return e.Demand.Forget(ctx, d.Publisher, d.Key) },
		e.Ledger.markStopped, e.Ledger.eraseDead, e.Ledger.eraseRecords, e.Ledger.eraseDocument,
	} {
		if err := step(ctx, doomed); err != nil {
			return err
		}
	}
	if err := e.Ledger.backend.Delete(ctx, erasingKey(doomed.Key), Any); err != nil {
		return understood("end the erasure", err)
	}
	return nil
}

// markStopped keeps STOP, and drops the mark of who has come back since.
func (l *Ledger) markStopped(ctx context.Context, d erasing) error {
	const op = "keep a STOP"
	if d.Stopped != nil {
		_, err := writeDocument(ctx, l.backend, stoppedKey(d.Key), op, d.Stopped, uint64(Any))
		return err
	}
	return understoodIf(op, l.backend.Delete(ctx, stoppedKey(d.Key), Any))
}

// stopped is the context of a reader of whom there is no document.
func (l *Ledger) stopped(ctx context.Context, key who.Key) (who.Reader, uint64, error) {
	mark, err := readDocument[stopMark](ctx, l.backend, stoppedKey(key), "read a STOP", "")
	if pull.KindOf(err) == pull.Unknown {
		return who.Reader{}, 0, nil
	}
	if err != nil {
		return who.Reader{}, 0, err
	}
	return who.Reader{State: who.Stopped, Since: mark.value.Since}, 0, nil
}

// eraseDead removes the reader's dead letters.
func (l *Ledger) eraseDead(ctx context.Context, d erasing) error {
	_, err := NewDead(l.backend, l.sealer, l).Forget(ctx, d.Publisher, d.Key)
	return err
}

// eraseRecords leaves of a reader's records what may be counted of anybody.
func (l *Ledger) eraseRecords(ctx context.Context, d erasing) error {
	return l.recordsOf(ctx, d.Key, d.Asks, func(r Record, of life.Record) error {
		plain, err := json.Marshal(foldedAsk{settledAsk: settledAsk{Publisher: d.Publisher, Trace: of.Trace.Bare()}, Erased: true})
		if err != nil {
			return fmt.Errorf("encode count: %w", err)
		}
		data, err := l.sealer.SealDay(r.At, plain)
		if err != nil {
			return fmt.Errorf("seal count: %w", err)
		}
		if of.Reader == "" {
			// Its note counts it.
			data = nil
		}
		return understoodIf("erase record", l.log.Reduce(ctx, r.ID, data))
	})
}

// eraseDocument removes the document that the key sealed, and the key.
func (l *Ledger) eraseDocument(ctx context.Context, d erasing) error {
	const op = "erase document"
	l.erasing.Lock()
	defer l.erasing.Unlock()
	l.slots.Invalidate(d.Key)
	for {
		pair, err := l.backend.Get(ctx, readerKey(d.Key))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return understood(op, err)
		}
		// A document under another key is that of a reader who came anew.
		if _, slot, opened := l.sealer.OpenReader(pair.Value); err != nil || opened == nil && slot != d.Slot {
			break
		}
		err = l.backend.Delete(ctx, readerKey(d.Key), pair.Revision)
		if err == nil {
			break
		}
		if !errors.Is(err, ErrConflict) {
			return understood(op, err)
		}
	}
	if err := l.sealer.EraseReaders(d.Slot); err != nil {
		return fmt.Errorf("%s: destroy the reader's key: %w", op, err)
	}
	return nil
}

// Records calls f for every record of a reader's asks that is kept, the oldest
// first, and tells what became of the reply, where that is known.
func (l *Ledger) Records(ctx context.Context, key who.Key, f func(r life.Record, fate life.Fate) error) error {
	reader, _, _, err := l.open(ctx, key)
	if err != nil {
		return err
	}
	return l.recordsOf(ctx, key, slices.Concat(reader.Settled, reader.Unsent), func(r Record, of life.Record) error {
		sent, err := l.sends.Find(ctx, r.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return understood("read the end of an ask", err)
		}
		return f(of, life.Fate(sent.Data))
	})
}

// recordsOf goes through the records that name a reader, and through those of
// asks that the reader's document names.
func (l *Ledger) recordsOf(ctx context.Context, key who.Key, asks []uint64, f func(Record, life.Record) error) error {
	ids := map[string]bool{}
	for _, ask := range asks {
		ids[recordID(ask)] = true
	}
	for from := uint64(0); ; {
		page, err := l.log.Read(ctx, from, MaxPage)
		if err != nil {
			return understood("read records", err)
		}
		for _, r := range page {
			of, ok := l.recordOf(r, key, ids[r.ID])
			if !ok {
				continue
			}
			if err := f(r, of); err != nil {
				return err
			}
		}
		if len(page) < MaxPage {
			return nil
		}
		from = page[len(page)-1].Position + 1
	}
}

// recordOf opens a record if it is a reader's; false where it is not, or where
// nothing of it can be read any more.
func (l *Ledger) recordOf(r Record, key who.Key, named bool) (of life.Record, ok bool) {
	if len(r.Data) == 0 {
		return of, false
	}
	plain, err := l.sealer.OpenDay(r.Data)
	// Most records are of others, and need not be decoded for that.
	if err != nil || !named && !bytes.Contains(plain, []byte(key)) {
		return of, false
	}
	if err := json.Unmarshal(plain, &of); err != nil {
		l.logger.Warn("a record could not be read", "record", r.ID, "error", err)
		return of, false
	}
	return of, of.Reader == key || named && of.Reader == ""
}
