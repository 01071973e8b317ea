package sealed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"keypull/pull/private"
	"keypull/pull/words"
)

// A rotation begins by a key file with a new master key before the old one, in one step: from
// then on both open, and what is sealed, the new one seals. Slot 0 stays wrapped by the old one
// until no other slot is, so that whoever opens the files knows whether there is something to do.

// PlaceNext puts a key file in the place of the one that it goes on from, whole or not at all,
// and for the same user.
func PlaceNext(path string, next []byte) error {
	if err := placeNext(path, next); err != nil {
		return fmt.Errorf("put a new master key into %s: %w", path, err)
	}
	return nil
}

func placeNext(path string, next []byte) error {
	key, err := readKeyFile(path)
	if err != nil {
		return err
	}
	if len(next) <= len(key) || !bytes.HasSuffix(next, key) || len(next) > maxMasters*masterBytes {
		return words.Fail(nil, "keys.no_next", words.Args{"file": path})
	}
	part, err := writePart(path, next)
	if err == nil {
		err = private.KeepOwner(part, path)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return private.SyncOf(path)
}

// TakeNext takes up the key file where it has a new master key since it was read, and says
// whether it does.
func (r *Ring) TakeNext() (bool, error) {
	key, err := readKeyFile(r.path)
	if err != nil {
		return false, err
	}
	next, err := deriveMasters(key)
	if err != nil {
		return false, err
	}
	// Nobody has a key in hand that was wrapped and is not written yet.
	r.masters.wrapping.Lock()
	defer r.masters.wrapping.Unlock()
	now := r.masters.now.Load()
	further := len(next.all) - len(now.all)
	if further < 0 || next.all[further].id != now.all[0].id {
		return false, newLostError(r.path, words.Text{Key: "keys.changed", Args: words.Args{"file": r.path}})
	}
	if further == 0 {
		return false, nil
	}
	next.head = further + now.head
	r.masters.now.Store(next)
	return true, nil
}

// Renewed says that there were master keys before the latest.
func (r *Ring) Renewed() bool { return len(r.masters.now.Load().all) > 1 }

// Rotating says that slots may be wrapped by a master key of before.
func (r *Ring) Rotating() bool { return r.masters.now.Load().head > 0 }

// slotsAtOnce are wrapped anew before others who write get their turn.
const slotsAtOnce = 1024

// WrapAnew wraps every key by the latest master key, and then slot 0: from there on no other
// master key opens anything in the file. It is done again where it was broken off. Told is
// called with how many slots it has come past.
func (r *Ring) WrapAnew(ctx context.Context, told func(done, of int)) error {
	for r.Rotating() {
		now, s := r.masters.now.Load(), r.slots
		for from := uint32(1); from < s.size(); from += slotsAtOnce {
			if err := ctx.Err(); err != nil {
				return err //nolint:wrapcheck // the caller's own
			}
			if err := s.wrapRange(from, min(from+slotsAtOnce, s.size())); err != nil {
				return fmt.Errorf("wrap the keys anew: %w", err)
			}
			told(int(min(from+slotsAtOnce, s.size())), int(s.size()))
		}
		if err := r.endRotation(now); err != nil {
			return fmt.Errorf("wrap the keys anew: %w", err)
		}
	}
	return nil
}

// size returns how many slots there are.
func (s *slots) size() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// wrapRange wraps the keys in some slots. Nobody erases one or writes meanwhile: a key that was
// erased must not come back.
func (s *slots) wrapRange(from, to uint32) error {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.writeOwed(); err != nil {
		return err
	}
	page := make([]byte, int(to-from)*slotBytes)
	n, err := s.file.ReadAt(page, int64(from)*slotBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var changes []slotChange
	for i := range uint32(n / slotBytes) { //nolint:gosec // some thousands
		number, b := from+i, page[i*slotBytes:(i+1)*slotBytes]
		if _, owed := s.owed[number]; owed || isFree(b) {
			continue
		}
		if c, ok := s.wrapAnew(number, b); ok {
			changes = append(changes, c)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	if err := errors.Join(s.writeRuns(changes), s.syncChanges(changes)); err != nil {
		s.owe(changes)
		return err
	}
	return nil
}

// wrapAnew returns a slot as the latest master key wraps it; false where that one opens it, or
// none does.
func (s *slots) wrapAnew(number uint32, b []byte) (slotChange, bool) {
	now, label := s.masters.now.Load(), labelOf(b)
	place := keySlot{number, label}
	for i, m := range now.all[:now.head+1] {
		plain, err := m.wrap.open(b[labelBytes:], s.wrapContext(place))
		if err != nil || len(plain) != keyBytes {
			continue
		}
		if i == 0 {
			return slotChange{}, false
		}
		return s.wrapKey(place, [keyBytes]byte(plain)), true
	}
	return slotChange{}, false
}

// endRotation wraps slot 0 by the latest master key, where no later one came meanwhile.
func (r *Ring) endRotation(of *masters) error {
	r.masters.wrapping.Lock()
	defer r.masters.wrapping.Unlock()
	if r.masters.now.Load() != of {
		return nil
	}
	if err := r.slots.writeChanges(headSlot(of.all[0], r.paired)); err != nil {
		return err
	}
	r.masters.now.Store(&masters{all: of.all})
	return private.SyncOf(r.slots.name)
}

// SealAnew returns a secret of a purpose as the latest master key seals it; false where that one
// has sealed it, or none that there is.
func (r *Ring) SealAnew(purpose string, sealed []byte) ([]byte, bool) {
	m, err := r.sealedBy(sealed)
	if err != nil || m == r.masters.latest() {
		return nil, false
	}
	plain, err := r.Unseal(purpose, sealed)
	if err != nil {
		return nil, false
	}
	return r.Seal(purpose, plain), true
}
