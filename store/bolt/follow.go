package bolt

import (
	"context"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
	"keypull/store/internal/wal"
)

// What a store and its followers tell each other of the log.
type (
	// LogPosition is a place in a store's log.
	LogPosition = engine.LogPosition
	// LogRun is records of the log in a row.
	LogRun = wal.Run
)

// ErrGone says that what follows a position is not there any more, or that the position is of another life of the store.
var ErrGone = wal.ErrGone

// Flushed returns the last record of the log that is durable, and a channel that is closed once
// there is a later one. It and what follows need store.Options.Keep.
func (db *DB) Flushed() (sequence uint64, changed <-chan struct{}) { return db.engine.Flushed() }

// Held says that the log has what follows a position; else the error is ErrGone.
func (db *DB) Held(at LogPosition) error { return db.engine.Held(at) }

// ReadLog returns durable records behind a sequence and up to another, of about so many bytes;
// ErrGone where the next one is not there any more.
func (db *DB) ReadLog(ctx context.Context, after, upTo uint64, most int) (LogRun, error) {
	return db.engine.ReadLog(ctx, after, upTo, most)
}

// DropLog says that who follows has all up to a sequence.
func (db *DB) DropLog(taken uint64) error { return db.engine.DropLog(taken) }

// Follower is a copy of a store that is told what the store appends to its log. It is for one
// caller at a time.
type Follower struct{ follower *engine.Follower }

// Follow opens a copy that Backup made.
func Follow(path string, o store.Options) (*Follower, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	db := &DB{clock: o.Clock, ids: idRules{clock: o.Clock, aging: o.Clock, horizon: store.DefaultHorizon}}
	f, err := engine.Follow(path, o, newLayout(db, o))
	if err != nil {
		return nil, err
	}
	return &Follower{f}, nil
}

// Position returns the last record that it has.
func (f *Follower) Position() LogPosition { return f.follower.Position() }

// Apply brings records into the file, all or none, and returns when they are durable. ErrGone: they
// don't follow the last one.
func (f *Follower) Apply(runs []LogRun) error { return f.follower.Apply(runs) }

// Close closes the file, which opens as any store then.
func (f *Follower) Close() error { return f.follower.Close() }
