package sealed

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keypull/store"
)

// dayHead names a day's key: the number of the day.
const dayHead = 4

// days knows the slots of the days' keys. A key stands in two, so that one that
// is damaged costs nothing.
type days struct {
	mu    sync.RWMutex
	slots map[uint32][]keySlot // by number of the day
	// lost are days that were damaged and not destroyed: what they sealed is
	// missed.
	lost map[uint32]bool
	// damaged counts the days that lost a copy of their key.
	damaged atomic.Int64
}

func (d *days) addSlots(places ...keySlot) {
	if d.slots == nil {
		d.slots = make(map[uint32][]keySlot)
	}
	for _, p := range places {
		day := p.label &^ dayLabel
		d.slots[day] = append(slices.Clip(d.slots[day]), p) // others read the old one
	}
}

func (d *days) slotsOf(day uint32) []keySlot {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.slots[day]
}

// missingError is why nothing opens what a day without a key has sealed.
func (d *days) missingError(day uint32) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.lost[day] {
		return ErrTampered
	}
	return ErrErased
}

func (d *days) markLost(day uint32) {
	if d.lost == nil {
		d.lost = make(map[uint32]bool)
	}
	d.lost[day] = true
}

// dayOf numbers the days of UTC from 1970 on; earlier times count as the
// first.
func dayOf(at time.Time) uint32 {
	const secondsPerDay = 24 * 60 * 60
	return uint32(min(max(at.Unix()/secondsPerDay, 0), aheadBit-1))
}

// DaysDamaged counts the days, since the file was opened, of whose key a copy
// could not be opened any more: those that went on with the other copy, and
// those that lost their key and, where it was needed, got a new one.
func (r *Ring) DaysDamaged() int { return int(r.days.damaged.Load()) }

// SealDay implements store.Sealer. The key of a day is made, and is on the
// disk, before the first time it is used. A day whose key is damaged for good
// gets a new one.
func (r *Ring) SealDay(at time.Time) (store.Seal, error) {
	day := dayOf(at)
	key, err := r.keyOfDay(day)
	if err != nil {
		return nil, err
	}
	return func(place string, plain []byte) []byte {
		b := make([]byte, boundHead, boundHead+dayHead+nonceBytes+tagBytes+len(plain))
		b[0], b[1] = kindDay|bound, form
		b = binary.BigEndian.AppendUint32(b, day)
		return key.seal(b, plain, aad(b, place))
	}, nil
}

func (r *Ring) keyOfDay(day uint32) (*gcm, error) {
	key, err := r.dayCipher(day)
	if errors.Is(err, ErrErased) {
		return r.newDay(day)
	}
	return key, err
}

// dayCipher returns that of the first of a day's slots that opens.
func (r *Ring) dayCipher(day uint32) (*gcm, error) {
	for _, p := range r.days.slotsOf(day) {
		key, err := r.slots.cipherOf(p)
		if !errors.Is(err, ErrErased) {
			return key, err
		}
	}
	return nil, ErrErased
}

// newDay makes the key of a day that has none, or none that opens.
func (r *Ring) newDay(day uint32) (*gcm, error) {
	r.days.mu.Lock()
	defer r.days.mu.Unlock()
	if err := r.mendDay(day); err != nil {
		return nil, err
	}
	if len(r.days.slots[day]) == 0 {
		made, err := r.slots.createKey(func(uint32) uint32 { return day | dayLabel }, 2)
		if err != nil {
			return nil, err
		}
		r.days.addSlots(made...)
	}
	return r.slots.cipherOf(r.days.slots[day][0])
}

// mendDay gives up the slots of a day that cannot be opened, and sees to it that
// every key that can stands twice. Versions before this one wrote it once. The
// caller holds days.mu, or is alone.
func (r *Ring) mendDay(day uint32) error {
	copies := make(map[[keyBytes]byte][]keySlot)
	var damaged []keySlot
	for _, p := range r.days.slots[day] {
		key, err := r.slots.readKey(p)
		switch {
		case errors.Is(err, ErrErased):
			damaged = append(damaged, p)
		case err != nil:
			return err
		default:
			copies[key] = append(copies[key], p)
		}
	}
	var good []keySlot
	for key, places := range copies {
		if len(places) == 1 {
			twin, err := r.slots.writeKeys(func(uint32) uint32 { return day | dayLabel }, key)
			if err != nil {
				return err
			}
			places = append(places, twin...)
		}
		good = append(good, places...)
	}
	if len(damaged) > 0 {
		if len(good) == 0 {
			r.days.markLost(day)
		}
		if err := r.slots.eraseKeys(damaged); err != nil {
			return err
		}
		r.days.damaged.Add(1)
		r.logger.Warn("a key of a day was damaged", "day", time.Unix(int64(day)*24*60*60, 0).UTC().Format(time.DateOnly),
			"slots", len(damaged), "file", r.slots.name, "lost", len(good) == 0)
	}
	delete(r.days.slots, day)
	r.days.addSlots(good...)
	return nil
}

// mendDays mends every day that the file knows.
func (r *Ring) mendDays() error {
	for day := range r.days.slots {
		if err := r.mendDay(day); err != nil {
			return err
		}
	}
	return nil
}

// OpenDay implements store.Sealer. ErrErased says that the day's key is gone,
// ErrTampered that it was damaged, or that these are not the bytes that were sealed for the place.
func (r *Ring) OpenDay(place string, sealed []byte) ([]byte, error) {
	parts, err := parseSealed(kindDay, dayHead, place, sealed)
	if err != nil {
		return nil, err
	}
	day := binary.BigEndian.Uint32(parts.names)
	err = r.days.missingError(day)
	for _, p := range r.days.slotsOf(day) {
		key, unopened := r.slots.cipherOf(p)
		if errors.Is(unopened, ErrErased) {
			continue
		}
		if unopened != nil {
			return nil, unopened
		}
		var plain []byte
		// A day can have had two keys, where one was damaged.
		if plain, err = parts.decrypt(key); err == nil {
			return plain, nil
		}
	}
	return nil, err
}

// DestroyBefore destroys the keys of all days that ended by the start of the
// day (UTC) of before, and returns how many these were.
func (r *Ring) DestroyBefore(before time.Time) (int, error) {
	r.days.mu.Lock()
	defer r.days.mu.Unlock()
	var old []keySlot
	var over []uint32
	for day, places := range r.days.slots {
		if day < dayOf(before) {
			old, over = append(old, places...), append(over, day)
		}
	}
	if err := r.slots.eraseKeys(old); err != nil {
		return 0, err
	}
	for _, day := range over {
		delete(r.days.slots, day)
	}
	return len(over), nil
}
