package sealed

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// A slot file is slots of 64 bytes, so that none crosses a sector. Slot 0 says
// what the file is. Every other one holds a label and a key of 32 bytes
// wrapped by the key file; one whose wrapped key is all zeros is free.
const (
	slotBytes  = 64
	labelBytes = 4
	keyBytes   = 32
	maxSlots   = 1 << 31
)

// A label is the number of a day with dayLabel set, or else the generation of
// a reader's slot: a random one when the slot is used for the first time, and
// one more whenever it is used again. So what was sealed with a key that has
// gone is never taken for something of the slot's next owner. With aheadLabel,
// of which dayLabel is a part, it is a generation whose owner the file does not
// know: the key was made ahead of need. Generations made since these are end
// before ahead's own bit.
const (
	dayLabel   = 1 << 31
	aheadBit   = 1 << 30
	aheadLabel = dayLabel | aheadBit
)

// ownerOf returns a label without what tells that it was made ahead.
func ownerOf(label uint32) uint32 {
	if isAhead(label) {
		return label &^ aheadLabel
	}
	return label
}

func isAhead(label uint32) bool { return label&aheadLabel == aheadLabel }

// keySlot is a slot with the label it has.
type keySlot struct {
	number uint32
	label  uint32
}

// slots is the file of keys.
type slots struct {
	name    string
	file    slotPlace
	sync    func() error // of file
	lock    *os.File     // the file of that name, which may be where they lie
	paged   *pagedSlots  // where they lie outside of it
	masters *mastersInUse
	cache   *cache
	ahead   keyPool

	mu      sync.Mutex
	count   uint32 // slots in the file, slot 0 included
	free    []keySlot
	filling *slotGroup

	writing sync.Mutex            // held while a group is written
	owed    map[uint32]slotChange // what failed to become durable; under writing
	feed    *SlotFeed             // who follows; under writing
	erasing sync.Mutex            // a slot erased twice at once would be free twice
}

// scanSlots looks for free slots, for days and for keys that were made ahead. What stands behind the last whole
// slot was being written when the power went, and nobody was told of it.
func (s *slots) scanSlots(found func(...keySlot)) error {
	size, err := s.bytes()
	if err != nil {
		return err
	}
	s.count = uint32(max(1, min(size/slotBytes, maxSlots)))
	return s.eachSlot(func(p keySlot, b []byte) bool {
		switch {
		case isFree(b):
			s.free = append(s.free, p)
		case isAhead(labelOf(b)):
			s.ahead.adrift = append(s.ahead.adrift, p)
		case p.label&dayLabel != 0:
			found(p)
		}
		return true
	})
}

// bytes returns how long the slots are where they lie.
func (s *slots) bytes() (int64, error) {
	if p := s.paged; p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.size, nil
	}
	info, err := s.lock.Stat()
	if err != nil {
		return 0, fmt.Errorf("look at the key slots: %w", err)
	}
	return info.Size(), nil
}

// eachSlot goes through all slots but the first until f has seen enough.
func (s *slots) eachSlot(f func(p keySlot, b []byte) bool) error {
	const first = 1
	r := io.NewSectionReader(s.file, slotBytes, (int64(s.count)-first)*slotBytes)
	page := make([]byte, 1024*slotBytes)
	for number := uint32(first); number < s.count; {
		n, err := io.ReadFull(r, page)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read the key slots: %w", err)
		}
		for b := page[:n]; len(b) >= slotBytes; b, number = b[slotBytes:], number+1 {
			if !f(keySlot{number, ownerOf(labelOf(b))}, b[:slotBytes]) {
				return nil
			}
		}
	}
	return nil
}

func isFree(b []byte) bool {
	return [slotBytes - labelBytes]byte(b[labelBytes:]) == [slotBytes - labelBytes]byte{}
}

// createKey writes a new key into some slots, each under the label that label
// makes of the slot's last one, and returns when it is durable.
func (s *slots) createKey(label func(last uint32) uint32, copies int) ([]keySlot, error) {
	var key [keyBytes]byte
	_, _ = rand.Read(key[:]) // never fails
	return s.writeKeys(label, slices.Repeat([][keyBytes]byte{key}, copies)...)
}

// writeKeys is create for keys that are there.
func (s *slots) writeKeys(label func(last uint32) uint32, keys ...[keyBytes]byte) ([]keySlot, error) {
	s.masters.wrapping.RLock()
	defer s.masters.wrapping.RUnlock()
	var before, after []keySlot
	var changes []slotChange
	for _, key := range keys {
		p, err := s.takeSlot()
		if err != nil {
			s.releaseSlots(before...)
			return nil, err
		}
		before = append(before, p)
		c := s.wrapKey(keySlot{p.number, label(p.label)}, key)
		p.label = ownerOf(labelOf(c.slot[:]))
		after, changes = append(after, p), append(changes, c)
	}
	if err := s.writeChanges(changes...); err != nil {
		// Some of it may stand there after all.
		s.oweErasure(before)
		s.releaseSlots(before...)
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return after, nil
}

// takeSlot reserves a free slot, or one behind the last.
func (s *slots) takeSlot() (keySlot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		p := s.free[n-1]
		s.free = s.free[:n-1]
		return p, nil
	}
	if s.count >= maxSlots {
		return keySlot{}, errors.New("sealed: no slot is left")
	}
	s.count++
	return keySlot{number: s.count - 1}, nil
}

// reclaimSlot reserves a slot that is free, and false where it is not.
func (s *slots) reclaimSlot(p keySlot) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.free, p)
	if i < 0 {
		return false
	}
	s.free = slices.Delete(s.free, i, i+1)
	return true
}

func (s *slots) releaseSlots(places ...keySlot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, places...)
}

// eraseKeys overwrites the keys and returns when that is durable. A slot that has
// another label by now is left alone. One that reads as erased is written once
// more: that it was may be known to memory alone, where its sync failed.
func (s *slots) eraseKeys(places []keySlot) error {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	var changes []slotChange
	var erased []keySlot
	for _, p := range places {
		if p.number == 0 || slices.Contains(erased, p) {
			continue
		}
		b, err := s.readSlot(p)
		switch {
		case errors.Is(err, io.EOF):
			continue
		case err != nil:
			return fmt.Errorf("read a key: %w", err)
		case ownerOf(labelOf(b[:])) != p.label || isFree(b[:]) && !s.owesErasure(p) && !s.reclaimSlot(p):
			continue
		}
		changes = append(changes, freedSlot(p))
		erased = append(erased, p)
	}
	if len(changes) == 0 {
		return nil
	}
	s.cache.removeKeys(erased)
	if err := s.writeChanges(changes...); err != nil {
		s.oweErasure(erased)
		s.cache.removeKeys(erased)
		return fmt.Errorf("erase a key: %w", err)
	}
	s.cache.removeKeys(erased)
	s.releaseSlots(erased...)
	return nil
}

// eraseFreeAgain overwrites every free slot once more, and what failed before.
func (s *slots) eraseFreeAgain() error {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	s.mu.Lock()
	free := s.free
	s.free = nil
	s.mu.Unlock()
	defer s.releaseSlots(free...)
	changes := make([]slotChange, 0, len(free))
	for _, p := range free {
		changes = append(changes, freedSlot(p))
	}
	if err := s.writeChanges(changes...); err != nil {
		s.oweErasure(free)
		return fmt.Errorf("erase keys: %w", err)
	}
	return nil
}

// freedSlot returns a slot without its key.
func freedSlot(p keySlot) slotChange {
	c := slotChange{number: p.number}
	binary.BigEndian.PutUint32(c.slot[:], p.label)
	return c
}

// cipherOf returns that of a slot, from the cache or the file.
func (s *slots) cipherOf(p keySlot) (*gcm, error) {
	return s.cache.findCipher(p, func() ([keyBytes]byte, error) { return s.readKey(p) })
}

// readKey reads and unwraps the key in a slot. ErrErased: it is not there, or
// damaged.
func (s *slots) readKey(p keySlot) (key [keyBytes]byte, err error) {
	if p.number == 0 {
		return key, ErrErased
	}
	b, err := s.readSlot(p)
	switch {
	case errors.Is(err, io.EOF):
		return key, ErrErased
	case err != nil:
		return key, fmt.Errorf("read a key: %w", err)
	case isFree(b[:]) || ownerOf(labelOf(b[:])) != p.label:
		return key, ErrErased
	}
	now := s.masters.now.Load()
	for _, m := range now.all[:now.head+1] {
		if plain, err := m.wrap.open(b[labelBytes:], s.wrapContext(p)); err == nil && len(plain) == keyBytes {
			return [keyBytes]byte(plain), nil
		}
	}
	return key, fmt.Errorf("slot %d of %s is damaged: %w", p.number, s.name, ErrErased)
}

// readSlot reads a slot; io.EOF where it is not there.
func (s *slots) readSlot(p keySlot) (b [slotBytes]byte, err error) {
	_, err = s.file.ReadAt(b[:], int64(p.number)*slotBytes)
	return b, err
}

func labelOf(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

// wrapKey returns a slot as it stands in the file: 4 bytes of label, then nonce,
// key and tag, which are 12 + 32 + 16.
func (s *slots) wrapKey(p keySlot, key [keyBytes]byte) slotChange {
	c := slotChange{number: p.number}
	binary.BigEndian.PutUint32(c.slot[:], p.label)
	s.masters.latest().wrap.seal(c.slot[:labelBytes], key[:], s.wrapContext(p)) // has room in it
	return c
}

// wrapContext binds a wrapped key to its slot and generation or day.
func (*slots) wrapContext(p keySlot) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, p.number), ownerOf(p.label))
}
