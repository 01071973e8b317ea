package sealed

import (
	"encoding/binary"
	"errors"
	"time"

	"keypull/store"
)

// bothHead names a reader's key and a day: slot, generation, number of the day.
const bothHead = readerHead + dayHead

// SealBoth implements store.Sealer: what a reader's key encrypts is what the
// day's has encrypted, so that either's end is the end of it. Both use one
// nonce, which neither has used before.
func (r *Ring) SealBoth(reader store.Slot, at time.Time) (store.Seal, error) {
	p, day := placeOf(reader), dayOf(at)
	own, err := r.slots.cipherOf(p)
	if err != nil {
		return nil, err
	}
	days, err := r.keyOfDay(day)
	if err != nil {
		return nil, err
	}
	return func(place string, plain []byte) []byte {
		b := make([]byte, boundHead, boundHead+bothHead+nonceBytes+2*tagBytes+len(plain))
		b[0], b[1] = kindBoth|bound, form
		b = binary.BigEndian.AppendUint32(b, p.number)
		b = binary.BigEndian.AppendUint32(b, p.label)
		b = binary.BigEndian.AppendUint32(b, day)
		context := aad(b, place)
		head := appendNonce(b)
		nonce := head[len(b):]
		inner := days.aead.Seal(head, nonce, plain, context)[len(head):]
		return own.aead.Seal(head, nonce, inner, nil)
	}, nil
}

// OpenBoth implements store.Sealer.
func (r *Ring) OpenBoth(place string, sealed []byte) ([]byte, store.Slot, error) {
	p, day, ok := parseBoth(sealed)
	if !ok {
		return nil, 0, ErrTampered
	}
	own, err := r.slots.cipherOf(p)
	if err != nil {
		return nil, 0, err
	}
	head, text := sealed[:boundHead+bothHead], sealed[boundHead+bothHead:]
	if len(text) < nonceBytes {
		return nil, 0, ErrTampered
	}
	inner, err := own.aead.Open(nil, text[:nonceBytes], text[nonceBytes:], nil)
	if err != nil {
		return nil, 0, ErrTampered
	}
	err = r.days.missingError(day)
	for _, of := range r.days.slotsOf(day) {
		key, unopened := r.slots.cipherOf(of)
		if errors.Is(unopened, ErrErased) {
			continue
		}
		if unopened != nil {
			return nil, 0, unopened
		}
		if plain, failed := key.aead.Open(nil, text[:nonceBytes], inner, aad(head, place)); failed == nil {
			return plain, p.storeSlot(), nil
		}
		err = ErrTampered
	}
	return nil, 0, err
}

// Owner implements store.Sealer.
func (*Ring) Owner(sealed []byte) (store.Slot, bool) {
	if p, _, ok := parseBoth(sealed); ok {
		return p.storeSlot(), true
	}
	parts, err := parseSealed(kindReader, readerHead, "", sealed)
	if err != nil {
		return 0, false
	}
	return placeIn(parts.names).storeSlot(), true
}

// parseBoth reads the head of what SealBoth's seal made.
func parseBoth(sealed []byte) (p keySlot, day uint32, ok bool) {
	if len(sealed) < boundHead+bothHead || sealed[0] != kindBoth|bound || sealed[1] != form {
		return p, 0, false
	}
	names := sealed[boundHead:]
	p = placeIn(names)
	return p, binary.BigEndian.Uint32(names[readerHead:]), p.label&dayLabel == 0
}
