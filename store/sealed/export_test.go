package sealed

import (
	"encoding/binary"
	"time"

	"keypull/store"
)

// FailSync has every sync of the slots fail with err; nil ends that.
func (r *Ring) FailSync(err error) {
	if err == nil {
		r.slots.sync = r.slots.file.Sync
		return
	}
	r.slots.sync = func() error { return err }
}

// OldDay seals as versions did that bound nothing to its place.
func (r *Ring) OldDay(at time.Time, plain []byte) ([]byte, error) {
	day := dayOf(at)
	if _, err := r.SealDay(at); err != nil {
		return nil, err
	}
	aead, err := r.dayCipher(day)
	if err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32([]byte{kindDay}, day)
	return seal(aead, head, plain, head[:len(head):len(head)]), nil
}

// OldReader is OldDay for a reader's document.
func (r *Ring) OldReader(slot store.Slot, plain []byte) ([]byte, error) {
	p := placeOf(slot)
	aead, err := r.slots.aead(p)
	if err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32([]byte{kindReader}, p.number)
	head = binary.BigEndian.AppendUint32(head, p.label)
	return seal(aead, head, plain, head[:len(head):len(head)]), nil
}

// OldDays leaves one slot to each day, as versions did that wrote no second.
func (r *Ring) OldDays() error {
	for day, places := range r.days.slots {
		if err := r.slots.erase(places[1:]); err != nil {
			return err
		}
		r.days.slots[day] = places[:1]
	}
	return nil
}

// DropReady forgets the ciphers that are ready.
func (r *Ring) DropReady() {
	r.slots.cache.mu.Lock()
	defer r.slots.cache.mu.Unlock()
	clear(r.slots.cache.ready)
}
