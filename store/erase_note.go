package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"keypull/pull/who"
)

func erasingKey(key who.Key) string { return erasingPrefix + "." + string(key) }

func stoppedKey(key who.Key) string { return stoppedPrefix + "." + string(key) }

// noteErasure writes down what is to be erased.
func (e Erasure) noteErasure(ctx context.Context, doomed erasing) error {
	plain, err := json.Marshal(doomed)
	if err != nil {
		return fmt.Errorf("encode erasure: %w", err)
	}
	seal, err := e.Ledger.sealer.SealReader(doomed.Slot)
	if err != nil {
		return fmt.Errorf("seal erasure: %w", err)
	}
	at := erasingKey(doomed.Key)
	_, err = e.Ledger.backend.Put(ctx, at, seal(at, plain), Any)
	return backendError("note the erasure", err)
}

// Resume carries out what an earlier process began. It comes before anybody is
// answered.
func (e Erasure) Resume(ctx context.Context) error {
	var all error
	for pair, err := range pairsBelow(ctx, e.Ledger.backend, erasingPrefix, "", "go on erasing") {
		if err == nil {
			err = e.resumeNote(ctx, pair)
		}
		all = errors.Join(all, err)
	}
	return all
}

// resumeOf carries out what was begun for a reader and failed half way.
func (e Erasure) resumeOf(ctx context.Context, key who.Key) error {
	const op = "erase reader"
	pair, err := e.Ledger.backend.Get(ctx, erasingKey(key))
	if errors.Is(err, ErrNotFound) {
		return unknownError(op, "hint.no_reader")
	}
	if err != nil {
		return backendError(op, err)
	}
	return e.resumeNote(ctx, pair)
}

// resumeNote carries out what a note says. One that cannot be opened has been carried
// out up to the key, of which only a sync that succeeds makes sure.
func (e Erasure) resumeNote(ctx context.Context, note Pair) error {
	doomed, err := e.Ledger.decodeErasure(note)
	if !errors.Is(err, ErrUnreadable) {
		if err != nil {
			return err
		}
		return e.carryOut(ctx, doomed)
	}
	if err := e.Ledger.sealer.EraseAgain(); err != nil {
		return fmt.Errorf("destroy the reader's key: %w", err)
	}
	return backendError("end the erasure", e.Ledger.backend.Delete(ctx, note.Key, Any))
}

// decodeErasure reads a note. One of an earlier version, which anybody who can write to
// the store can have written, dooms no key but that which opens the document.
func (l *Ledger) decodeErasure(note Pair) (d erasing, err error) {
	key := who.Key(strings.TrimPrefix(note.Key, erasingPrefix+"."))
	plain, slot := note.Value, Slot(0)
	if !bytes.HasPrefix(note.Value, []byte("{")) {
		if plain, slot, err = l.sealer.OpenReader(note.Key, note.Value); err != nil {
			return d, fmt.Errorf("open erasure: %w", err)
		}
	}
	if err := json.Unmarshal(plain, &d); err != nil {
		l.logger.Warn("the note of an erasure is damaged; what it names beside the reader is left out", "note", note.Key, "error", err)
	}
	d.Key, d.Slot = key, slot
	d.Publisher, _, _ = strings.Cut(string(key), ".")
	return d, nil
}
