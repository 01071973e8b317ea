package sealed

import (
	"crypto/cipher"
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
// gone is never taken for something of the slot's next owner.
const dayLabel = 1 << 31

// mark begins a slot file.
const mark = "keypull slots 1\n"

// place is a slot with the label it has.
type place struct {
	number uint32
	label  uint32
}

// slots is the file of keys.
type slots struct {
	file  *os.File
	wrap  cipher.AEAD
	cache cache

	mu      sync.Mutex
	count   uint32 // slots in the file, slot 0 included
	free    []place
	filling *group

	writing sync.Mutex // held by whoever writes a group
	erasing sync.Mutex // a slot erased twice at once would be free twice
}

// openSlots opens or makes the file; found is called with every slot of a day.
func openSlots(path string, key []byte, found func(place)) (*slots, error) {
	wrap, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // beside the operator's key file
	if err != nil {
		return nil, fmt.Errorf("open the key slots: %w", err)
	}
	s := &slots{file: f, wrap: wrap}
	if err := s.load(found); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

func (s *slots) load(found func(place)) error {
	if err := checkMode(s.file); err != nil {
		return err
	}
	var first [slotBytes]byte
	if _, err := s.file.ReadAt(first[:], 0); errors.Is(err, io.EOF) {
		return s.begin()
	} else if err != nil {
		return fmt.Errorf("read the key slots: %w", err)
	}
	if _, err := s.wrap.Open(nil, nil, first[len(mark):], []byte(mark)); err != nil || string(first[:len(mark)]) != mark {
		return fmt.Errorf("%s does not belong to this key file: put the right one back, or move it away to start without the old readers", s.file.Name())
	}
	return s.survey(found)
}

// begin writes slot 0. Two processes that start at once write one each, and
// either will do.
func (s *slots) begin() error {
	s.count = 1
	const check = slotBytes - len(mark) - 12 - 16 // what nonce and tag leave
	b := seal(s.wrap, []byte(mark), make([]byte, check), []byte(mark))
	if _, err := s.file.WriteAt(b, 0); err != nil {
		return fmt.Errorf("begin the key slots: %w", err)
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("begin the key slots: %w", err)
	}
	return syncFolderOf(s.file.Name())
}

// survey looks for free slots and for days. What stands behind the last whole
// slot was being written when the power went, and nobody was told of it.
func (s *slots) survey(found func(place)) error {
	info, err := s.file.Stat()
	if err != nil {
		return fmt.Errorf("look at the key slots: %w", err)
	}
	s.count = uint32(min(info.Size()/slotBytes, maxSlots)) //nolint:gosec // bounded
	r := io.NewSectionReader(s.file, slotBytes, (int64(s.count)-1)*slotBytes)
	page := make([]byte, 1024*slotBytes)
	for number := uint32(1); number < s.count; {
		n, err := io.ReadFull(r, page)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read the key slots: %w", err)
		}
		for b := page[:n]; len(b) >= slotBytes; b, number = b[slotBytes:], number+1 {
			p := place{number, binary.BigEndian.Uint32(b)}
			if isFree(b[:slotBytes]) {
				s.free = append(s.free, p)
			} else if p.label&dayLabel != 0 {
				found(p)
			}
		}
	}
	return nil
}

func isFree(b []byte) bool {
	return [slotBytes - labelBytes]byte(b[labelBytes:]) == [slotBytes - labelBytes]byte{}
}

// create writes a new key under the label that label makes of the slot's last
// one, and returns when it is durable.
func (s *slots) create(label func(last uint32) uint32) (place, error) {
	p, err := s.take()
	if err != nil {
		return place{}, err
	}
	last := p
	p.label = label(p.label)
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // never fails
	aead, err := newAEAD(key)
	if err != nil {
		return place{}, err
	}
	if err := s.write(change{p.number, s.wrapped(p, key)}); err != nil {
		s.release(last)
		return place{}, fmt.Errorf("write a key: %w", err)
	}
	s.cache.add(p, aead)
	return p, nil
}

// take reserves a free slot, or one behind the last.
func (s *slots) take() (place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		p := s.free[n-1]
		s.free = s.free[:n-1]
		return p, nil
	}
	if s.count >= maxSlots {
		return place{}, errors.New("sealed: no slot is left")
	}
	s.count++
	return place{number: s.count - 1}, nil
}

func (s *slots) release(places ...place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, places...)
}

// erase overwrites the keys and returns when that is durable. A slot that has
// another label by now is left alone.
func (s *slots) erase(places []place) error {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	var changes []change
	var erased []place
	for _, p := range places {
		b, err := s.read(p)
		if errors.Is(err, ErrErased) || slices.Contains(erased, p) {
			continue
		}
		if err != nil {
			return err
		}
		clear(b[labelBytes:])
		changes = append(changes, change{p.number, b})
		erased = append(erased, p)
	}
	if len(changes) == 0 {
		return nil
	}
	if err := s.write(changes...); err != nil {
		return fmt.Errorf("erase a key: %w", err)
	}
	s.cache.remove(erased)
	s.release(erased...)
	return nil
}

// aead is the cipher of a slot, from the cache or the file.
func (s *slots) aead(p place) (cipher.AEAD, error) {
	return s.cache.find(p, func() (cipher.AEAD, error) {
		b, err := s.read(p)
		if err != nil {
			return nil, err
		}
		key, err := s.wrap.Open(nil, nil, b[labelBytes:], s.context(p))
		if err != nil {
			return nil, fmt.Errorf("slot %d of %s is damaged: %w", p.number, s.file.Name(), ErrErased)
		}
		return newAEAD(key)
	})
}

// read returns the bytes of a slot, or ErrErased when it is free, has another
// label, or is not there.
func (s *slots) read(p place) (b [slotBytes]byte, err error) {
	if p.number == 0 {
		return b, ErrErased
	}
	_, err = s.file.ReadAt(b[:], int64(p.number)*slotBytes)
	switch {
	case errors.Is(err, io.EOF):
		return b, ErrErased
	case err != nil:
		return b, fmt.Errorf("read a key: %w", err)
	case isFree(b[:]) || binary.BigEndian.Uint32(b[:]) != p.label:
		return b, ErrErased
	}
	return b, nil
}

// wrapped is a slot as it stands in the file: 4 bytes of label, then nonce,
// key and tag, which are 12 + 32 + 16.
func (s *slots) wrapped(p place, key []byte) (b [slotBytes]byte) {
	binary.BigEndian.PutUint32(b[:], p.label)
	seal(s.wrap, b[:labelBytes], key, s.context(p)) // has room in b
	return b
}

// context binds a wrapped key to its slot and label.
func (*slots) context(p place) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, p.number), p.label)
}
