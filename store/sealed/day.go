package sealed

import (
	"encoding/binary"
	"sync"
	"time"
)

// dayHead stands before what a day's key sealed: kind, number of the day.
const dayHead = 1 + 4

// days knows the slots of the days' keys.
type days struct {
	mu    sync.RWMutex
	slots map[uint32]place // by number of the day
}

func (d *days) found(p place) {
	if d.slots == nil {
		d.slots = make(map[uint32]place)
	}
	d.slots[p.label&^dayLabel] = p
}

func (d *days) find(day uint32) (place, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	p, ok := d.slots[day]
	return p, ok
}

// make returns the slot of a day and makes a key for it where there is none.
func (d *days) make(s *slots, day uint32) (place, error) {
	if p, ok := d.find(day); ok {
		return p, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.slots[day]; ok {
		return p, nil
	}
	p, err := s.create(func(uint32) uint32 { return day | dayLabel })
	if err == nil {
		d.found(p)
	}
	return p, err
}

// dayOf numbers the days of UTC from 1970 on; earlier times count as the
// first.
func dayOf(at time.Time) uint32 {
	const secondsPerDay = 24 * 60 * 60
	return uint32(min(max(at.Unix()/secondsPerDay, 0), dayLabel-1))
}

// SealDay implements store.Sealer. The key of a day is made, and is on the
// disk, before the first time it is used.
func (r *Ring) SealDay(at time.Time, plain []byte) ([]byte, error) {
	day := dayOf(at)
	p, err := r.days.make(r.slots, day)
	if err != nil {
		return nil, err
	}
	aead, err := r.slots.aead(p)
	if err != nil {
		return nil, err
	}
	b := make([]byte, dayHead, dayHead+aead.Overhead()+len(plain))
	b[0] = kindDay
	binary.BigEndian.PutUint32(b[1:], day)
	return seal(aead, b, plain, b[:dayHead:dayHead]), nil
}

// OpenDay implements store.Sealer. ErrErased says that the day's key is gone,
// ErrTampered that these are not the bytes that SealDay returned.
func (r *Ring) OpenDay(sealed []byte) ([]byte, error) {
	if len(sealed) < dayHead || sealed[0] != kindDay {
		return nil, ErrTampered
	}
	p, ok := r.days.find(binary.BigEndian.Uint32(sealed[1:]))
	if !ok {
		return nil, ErrErased
	}
	aead, err := r.slots.aead(p)
	if err != nil {
		return nil, err
	}
	return open(aead, sealed[dayHead:], sealed[:dayHead])
}

// DestroyBefore destroys the keys of all days that ended by the start of the
// day (UTC) of before, and returns how many these were.
func (r *Ring) DestroyBefore(before time.Time) (int, error) {
	r.days.mu.Lock()
	defer r.days.mu.Unlock()
	var old []place
	for day, p := range r.days.slots {
		if day < dayOf(before) {
			old = append(old, p)
		}
	}
	if err := r.slots.erase(old); err != nil {
		return 0, err
	}
	for _, p := range old {
		delete(r.days.slots, p.label&^dayLabel)
	}
	return len(old), nil
}
