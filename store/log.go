package store

import (
	"context"
	"time"
)

// Record is one line of a log.
type Record struct {
	// ID is at most 64 bytes of [A-Za-z0-9_-.] and names the record for good.
	ID string
	// At orders records only roughly: position does so exactly.
	At       time.Time
	Data     []byte
	Position uint64
}

// LogDisorder is how far At may run against the order of positions while the
// clock is right.
const LogDisorder = 24 * time.Hour

// Log keeps records in the order in which they were appended.
type Log interface {
	// Append writes durably and returns the position. An id that is there
	// already is not written again: the position is that of the first.
	Append(ctx context.Context, r Record) (uint64, error)
	// Read returns up to limit (1 to MaxPage) records from position from on,
	// in order.
	Read(ctx context.Context, from uint64, limit int) ([]Record, error)
	// Find returns the record of that id, or ErrNotFound.
	Find(ctx context.Context, id string) (Record, error)
	// Reduce replaces the data of a record, keeping id and position. What is
	// not there is no error.
	Reduce(ctx context.Context, id string, data []byte) error
	// Trim removes the records that are older than before, and those of a later
	// date that were written before older ones, by more than LogDisorder: there
	// a clock ran ahead. A few may be left for the next time. Their ids may be
	// used again.
	Trim(ctx context.Context, before time.Time) (int, error)
}
