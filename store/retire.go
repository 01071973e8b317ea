package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// Idle says of which readers nothing is held any longer, by the revision at
// which their documents were last written.
type Idle struct {
	// Guests are anonymous readers, Others all; 0 is nobody.
	Guests, Others Revision
	// Looked is how far guests have been looked for before.
	Looked Revision
	// There reports whether a publisher is there: of one that is not, STOPs go
	// with the readers.
	There func(publisher string) bool
	// Rest is called after each erasure with the time that it took, so that
	// readers who ask meanwhile do not wait; nil does not rest.
	Rest func(ctx context.Context, took time.Duration)
	// Stays is told of each reader who stays and can be read; nil where nobody wants to
	// know.
	Stays func(key who.Key, r who.Reader)
}

// restEvery is after how many readers who stay there is a rest.
const restEvery = 500

// Retire takes out what is held of readers who ask nothing any more: as Erase
// does, but for records, dead letters and demand, which have ended by then. A reader who asks
// meanwhile stays. It returns how many went; what could not be taken out is
// told, and stays for the next time.
func (e Erasure) Retire(ctx context.Context, idle Idle) (int, error) {
	const op = "look for idle readers"
	gone, stayed := 0, 0
	var failed error
	opening := time.Now()
	for pair, err := range pairsBelow(ctx, e.Ledger.backend, readerPrefix, "", op) {
		if err != nil {
			return gone, errors.Join(failed, err)
		}
		began := time.Now()
		retired, err := e.retireReader(ctx, pair, idle)
		if failed == nil {
			failed = err
		}
		if retired {
			gone++
		}
		if retired && idle.Rest != nil {
			idle.Rest(ctx, time.Since(began))
		}
		if retired || idle.Stays == nil {
			continue
		}
		e.Ledger.tellReader(pair, idle.Stays)
		if stayed++; stayed%restEvery == 0 && idle.Rest != nil {
			idle.Rest(ctx, time.Since(opening))
			opening = time.Now()
		}
	}
	if err := e.dropStops(ctx, idle); err != nil && failed == nil {
		failed = err
	}
	return gone, failed
}

// tellReader hands a document to f, if it can be read; it is not remembered.
func (l *Ledger) tellReader(pair Pair, f func(key who.Key, r who.Reader)) {
	plain, _, err := l.sealer.OpenReader(ValuePlace(pair.Key, pair.Revision), pair.Value)
	if err != nil {
		return
	}
	r, err := who.Decode(plain)
	if err != nil {
		return
	}
	f(who.Key(strings.TrimPrefix(pair.Key, readerPrefix+".")), r)
}

// retireReader takes one reader out who is idle.
func (e Erasure) retireReader(ctx context.Context, pair Pair, idle Idle) (bool, error) {
	perhaps := pair.Revision <= idle.Guests && pair.Revision > idle.Looked
	if pair.Revision > idle.Others && !perhaps {
		return false, nil
	}
	key := who.Key(strings.TrimPrefix(pair.Key, readerPrefix+"."))
	if pair.Revision > idle.Others {
		r, _, at, err := e.Ledger.loadReader(ctx, key)
		if err != nil || at != pair.Revision || !r.Anonymous() {
			// Who can't be read has until the end of all.
			return false, nil //nolint:nilerr // see above
		}
	}
	publisher, _, _ := strings.Cut(string(key), ".")
	return true, e.eraseReader(ctx, publisher, key, pair.Revision)
}

// keepStopOfRetired keeps the STOP of a reader who goes by age, where an earlier keypull
// left none beside the document. It overrules nothing, since the reader may have
// come back by now.
func (l *Ledger) keepStopOfRetired(ctx context.Context, d erasing) error {
	if d.Stopped == nil {
		return nil
	}
	_, err := writeDocument(ctx, l.backend, stoppedKey(d.Key), "keep a STOP", stopMark{Since: d.Stopped.Since}, uint64(Absent))
	if pull.KindOf(err) == pull.Conflict {
		return nil
	}
	return err
}

// dropStops drops the STOPs of publishers that are gone.
func (e Erasure) dropStops(ctx context.Context, idle Idle) error {
	const op = "drop STOPs of publishers that are gone"
	var doomed []Pair
	for pair, err := range pairsBelow(ctx, e.Ledger.backend, stoppedPrefix, "", op) {
		if err != nil {
			return err
		}
		publisher, _, _ := strings.Cut(strings.TrimPrefix(pair.Key, stoppedPrefix+"."), ".")
		if pair.Revision <= idle.Others && !idle.There(publisher) {
			pair.Value = nil
			doomed = append(doomed, pair)
		}
	}
	_, err := removeAll(ctx, e.Ledger.backend, op, doomed)
	return err
}

const retentionKey = "retention"

// Retention is what is remembered of dropping what is past its time.
type Retention struct {
	// Last is when it was done last, Believed when the clock was last believed.
	Last     time.Time `json:"last,omitzero"`
	Believed time.Time `json:"believed,omitzero"`
	// Looked is how far guests have been looked for among the readers.
	Looked Revision `json:"looked,omitempty"`
	// Gone is since when publishers, and sources as publisher/source, have been
	// missing.
	Gone map[string]time.Time `json:"gone,omitempty"`
}

// LoadRetention reads it; nothing is remembered before the first time.
func LoadRetention(ctx context.Context, kv KV) (Retention, error) {
	d, err := findDocument[Retention](ctx, kv, retentionKey, "read what is known of retention")
	return d.value, err
}

// SaveRetention writes it down.
func SaveRetention(ctx context.Context, kv KV, r Retention) error {
	_, err := writeDocument(ctx, kv, retentionKey, "note what is known of retention", r, uint64(Any))
	return err
}
