package store

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// ErrUnreadable says that what was sealed cannot be opened, now or ever: its key
// is gone or damaged, or these are not the bytes that were sealed for that place.
// Any other error of a Sealer may pass.
var ErrUnreadable = errors.New("store: sealed bytes that cannot be opened any more")

// ErrErased is the ErrUnreadable of what was sealed with a key that was destroyed
// on purpose, or was never there.
var ErrErased = fmt.Errorf("store: the key is destroyed: %w", ErrUnreadable)

// Sealer is encryption at rest for those who keep readers' documents and their keys;
// store/sealed is it.
//
// What is sealed is bound to its place, such as "log/asks/17", and opens there alone.
// What was sealed before places were bound opens anywhere.
type Sealer interface {
	RecordSealer
	ReaderSealer
	ReaderKeys
	KeyEraser
}

// DaySealer seals with keys of days, which are destroyed when the retention of what is
// sealed with them ends.
type DaySealer interface {
	// SealDay seals with the key of the day of at.
	SealDay(at time.Time) (Seal, error)
	OpenDay(place string, sealed []byte) ([]byte, error)
}

// RecordSealer seals what is kept for a while: with the key of a day, and with that of
// the reader as well where there is one. What is sealed ends with either of them.
type RecordSealer interface {
	DaySealer
	SealBoth(slot Slot, at time.Time) (Seal, error)
	// OpenBoth opens what SealBoth's seal made, as OpenReader does.
	OpenBoth(place string, sealed []byte) ([]byte, Slot, error)
	// Owner returns the reader's key that sealed bytes name, or false if they name
	// none. Opening them shows whether that is true.
	Owner(sealed []byte) (Slot, bool)
}

// ReaderSealer seals with readers' own keys, which are destroyed when a reader is
// forgotten.
type ReaderSealer interface {
	SealReader(slot Slot) (Seal, error)
	// OpenReader opens what SealReader's seal made and returns whose key it was.
	OpenReader(place string, sealed []byte) ([]byte, Slot, error)
	// Bound says that these bytes claim to be bound to a place. Opening them shows
	// whether that is true.
	Bound(sealed []byte) bool
}

// ReaderKeys hands out readers' keys.
type ReaderKeys interface {
	// NewReader returns a new key, durable when it returns. After a crash it belongs
	// to nobody unless Keep was told, or a document is found that names it.
	NewReader() (Slot, error)
	// Keep says that the documents that name these keys are durable.
	Keep(readers ...Slot)
	// Release says that nobody needs these keys; they are destroyed soon.
	Release(readers ...Slot)
	// Adrift returns the keys that were handed out before this process, and not kept.
	Adrift() []Slot
}

// KeyEraser destroys readers' keys.
type KeyEraser interface {
	// EraseReaders returns when the keys are gone from the disk: nothing that was
	// sealed with them can be opened any more, wherever it is kept. What has been
	// erased already is no error. Keys that were released go with them.
	EraseReaders(readers ...Slot) error
	// EraseAgain overwrites once more what has been erased, for a process that
	// cannot tell whether the one before it got so far.
	EraseAgain() error
}

// Seal seals for one place. It has its key already, and cannot fail. What it
// returns shares nothing with plain.
type Seal func(place string, plain []byte) []byte

// Slot names a reader's key in the file of keys.
type Slot uint64

// sealDay seals what is written at once.
func sealDay(s DaySealer, at time.Time, place string, plain []byte) ([]byte, error) {
	seal, err := s.SealDay(at)
	if err != nil {
		return nil, err
	}
	return seal(place, plain), nil
}

// sealRecord seals with a reader's own key and with that of the day, or with that
// alone where slot is 0.
func sealRecord(s RecordSealer, slot Slot, at time.Time, place string, plain []byte) ([]byte, error) {
	if slot == 0 {
		return sealDay(s, at, place, plain)
	}
	seal, err := s.SealBoth(slot, at)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what it is
	}
	return seal(place, plain), nil
}

// OpenRecord opens what is sealed with the key of a day, or with a reader's own as
// well.
func OpenRecord(s RecordSealer, place string, sealed []byte) ([]byte, error) {
	if _, ok := s.Owner(sealed); ok {
		plain, _, err := s.OpenBoth(place, sealed)
		return plain, err //nolint:wrapcheck // the caller says what it is
	}
	return s.OpenDay(place, sealed) //nolint:wrapcheck // the caller says what it is
}

// LogPlace returns where a record stands.
func LogPlace(log, id string) string { return "log/" + log + "/" + id }

// ValuePlace returns where a value stands that is bound to its revision, such as a
// reader's document.
func ValuePlace(key string, at Revision) string {
	return placeOf(key, uint64(at))
}

// queuePlace returns where an entry stands.
func queuePlace(queue string, seq uint64) string {
	return placeOf("queue/"+queue, seq)
}

func placeOf(among string, n uint64) string {
	var b [96]byte // enough for most
	return string(strconv.AppendUint(append(append(b[:0], among...), '/'), n, 10))
}
