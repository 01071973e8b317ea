package sealed

import (
	"crypto/rand"
	"encoding/binary"

	"keypull/store"
)

// readerHead stands before what a reader's key sealed: kind, slot, generation.
const readerHead = 1 + 4 + 4

// NewReader makes a key of a reader's own. It is on the disk when NewReader
// returns; many who call at once share one sync.
func (r *Ring) NewReader() (store.Slot, error) {
	p, err := r.slots.create(nextGeneration)
	if err != nil {
		return 0, err
	}
	return store.Slot(p.number)<<32 | store.Slot(p.label), nil
}

// nextGeneration follows a slot's last label.
func nextGeneration(last uint32) uint32 {
	if last == 0 || last&dayLabel != 0 {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails
		last = binary.BigEndian.Uint32(b[:])
	}
	return max((last+1)&^dayLabel, 1)
}

// EraseReaders destroys keys and returns when they are gone from the disk.
// Nothing that was sealed with them can be opened any more, wherever it is
// kept. What has been erased already is no error.
func (r *Ring) EraseReaders(readers ...store.Slot) error {
	places := make([]place, 0, len(readers))
	for _, reader := range readers {
		places = append(places, placeOf(reader))
	}
	return r.slots.erase(places)
}

func placeOf(reader store.Slot) place {
	return place{number: uint32(reader >> 32), label: uint32(reader) &^ dayLabel} //nolint:gosec // the two halves
}

// SealReader implements store.Sealer. ErrErased says that the reader's key is
// gone.
func (r *Ring) SealReader(reader store.Slot, plain []byte) ([]byte, error) {
	p := placeOf(reader)
	aead, err := r.slots.aead(p)
	if err != nil {
		return nil, err
	}
	b := make([]byte, readerHead, readerHead+aead.Overhead()+len(plain))
	b[0] = kindReader
	binary.BigEndian.PutUint32(b[1:], p.number)
	binary.BigEndian.PutUint32(b[5:], p.label)
	return seal(aead, b, plain, b[:readerHead:readerHead]), nil
}

// OpenReader implements store.Sealer. ErrErased says that the reader's key is
// gone, ErrTampered that these are not the bytes that SealReader returned.
func (r *Ring) OpenReader(sealed []byte) ([]byte, store.Slot, error) {
	if len(sealed) < readerHead || sealed[0] != kindReader {
		return nil, 0, ErrTampered
	}
	p := place{number: binary.BigEndian.Uint32(sealed[1:]), label: binary.BigEndian.Uint32(sealed[5:])}
	if p.label&dayLabel != 0 {
		return nil, 0, ErrTampered
	}
	aead, err := r.slots.aead(p)
	if err != nil {
		return nil, 0, err
	}
	plain, err := open(aead, sealed[readerHead:], sealed[:readerHead])
	if err != nil {
		return nil, 0, err
	}
	return plain, store.Slot(p.number)<<32 | store.Slot(p.label), nil
}
