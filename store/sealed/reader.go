package sealed

import (
	"crypto/rand"
	"encoding/binary"
	"errors"

	"keypull/store"
)

// readerHead names a reader's key: slot, generation.
const readerHead = 4 + 4

func (p keySlot) storeSlot() store.Slot { return store.Slot(p.number)<<32 | store.Slot(p.label) }

// nextGeneration follows a slot's last label.
func nextGeneration(last uint32) uint32 {
	if last == 0 || last&dayLabel != 0 {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails
		last = binary.BigEndian.Uint32(b[:])
	}
	return max((last+1)&^aheadLabel, 1)
}

// EraseReaders destroys keys and returns when they are gone from the disk.
// Nothing that was sealed with them can be opened any more, wherever it is
// kept. What has been erased already is no error. Keys that were released go with
// them.
func (r *Ring) EraseReaders(readers ...store.Slot) error {
	places := make([]keySlot, 0, len(readers))
	for _, reader := range readers {
		places = append(places, placeOf(reader))
	}
	return errors.Join(r.slots.eraseKeys(places), r.slots.eraseUnused())
}

// EraseAgain implements store.Sealer.
func (r *Ring) EraseAgain() error { return r.slots.eraseFreeAgain() }

func placeOf(reader store.Slot) keySlot {
	return keySlot{number: uint32(reader >> 32), label: uint32(reader) &^ dayLabel} //nolint:gosec // the two halves
}

// SealReader implements store.Sealer. ErrErased says that the reader's key is
// gone.
func (r *Ring) SealReader(reader store.Slot) (store.Seal, error) {
	p := placeOf(reader)
	key, err := r.slots.cipherOf(p)
	if err != nil {
		return nil, err
	}
	return func(place string, plain []byte) []byte {
		b := make([]byte, boundHead, boundHead+readerHead+nonceBytes+tagBytes+len(plain))
		b[0], b[1] = kindReader|bound, form
		b = binary.BigEndian.AppendUint32(b, p.number)
		b = binary.BigEndian.AppendUint32(b, p.label)
		return key.seal(b, plain, aad(b, place))
	}, nil
}

// OpenReader implements store.Sealer. ErrErased says that the reader's key is
// gone, ErrTampered that these are not the bytes that were sealed for the place.
func (r *Ring) OpenReader(place string, sealed []byte) ([]byte, store.Slot, error) {
	parts, err := parseSealed(kindReader, readerHead, place, sealed)
	if err != nil {
		return nil, 0, err
	}
	p := placeIn(parts.names)
	if p.label&dayLabel != 0 {
		return nil, 0, ErrTampered
	}
	key, err := r.slots.cipherOf(p)
	if err != nil {
		return nil, 0, err
	}
	plain, err := parts.decrypt(key)
	if err != nil {
		return nil, 0, err
	}
	return plain, p.storeSlot(), nil
}

// placeIn reads slot and generation.
func placeIn(b []byte) keySlot {
	return keySlot{number: binary.BigEndian.Uint32(b), label: binary.BigEndian.Uint32(b[4:])}
}

// EraseAllBut destroys the keys of readers that a store which was put back does not know: what
// was sealed with them lies in other copies alone. It returns how many these were.
func (r *Ring) EraseAllBut(owned map[store.Slot]bool) (int, error) {
	var nobodys []keySlot
	err := r.slots.eachSlot(func(p keySlot, b []byte) bool {
		if !isFree(b) && p.label&dayLabel == 0 && !owned[p.storeSlot()] {
			nobodys = append(nobodys, p)
		}
		return true
	})
	if err == nil {
		err = r.slots.eraseKeys(nobodys)
	}
	return len(nobodys), err
}
