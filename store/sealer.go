package store

import "time"

// Sealer is what the nouns need of encryption at rest; store/sealed is it.
type Sealer interface {
	// SealDay seals with the key of the day of at, which is destroyed when the
	// retention of what is sealed with it ends.
	SealDay(at time.Time, plain []byte) ([]byte, error)
	OpenDay(sealed []byte) ([]byte, error)
	// NewReader makes a key of a reader's own, durable when it returns.
	NewReader() (Slot, error)
	// SealReader seals with a reader's own key, which is destroyed when the
	// reader is forgotten.
	SealReader(slot Slot, plain []byte) ([]byte, error)
	// OpenReader opens what SealReader wrote and says whose key it was.
	OpenReader(sealed []byte) ([]byte, Slot, error)
	// EraseReaders destroys keys and returns when they are gone from the disk:
	// nothing that was sealed with them can be opened any more, wherever it is
	// kept. What has been erased already is no error.
	EraseReaders(readers ...Slot) error
}

// Slot names a reader's key in the file of keys.
type Slot uint64
