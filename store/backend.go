// Package store holds the three contracts that every back end keeps — KV,
// Queue and Log — and the resources built on top of them: readers, the inbox, the
// journal, snapshots.
//
// The package
// knows nothing of how bytes reach a disk; store/storetest is the suite that
// says whether a back end keeps its word.
package store

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// Backend is a store of all three contracts under one roof, with batches across them.
// Queue and Log
// return the same instance for the same name ([a-z0-9-], at most 32 bytes).
type Backend interface {
	KV
	Committer
	Queue(name string) Queue
	Log(name string) Log
	// Close waits for what is under way. Later calls fail with ErrClosed.
	Close() error
}

// awaited is a back end whose writes are waited for although the caller's context ends: who
// changes what it read under a lock would leave to the next one a value that is about to change.
type awaited struct{ Backend }

// Put writes unless the context has ended before it begins.
func (a awaited) Put(ctx context.Context, key string, value []byte, when Revision) (Revision, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return a.Backend.Put(context.WithoutCancel(ctx), key, value, when)
}

// Delete removes as Put writes.
func (a awaited) Delete(ctx context.Context, key string, when Revision) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return a.Backend.Delete(context.WithoutCancel(ctx), key, when)
}

// Commit writes as Put does.
func (a awaited) Commit(ctx context.Context, b Batch) ([]Revision, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return a.Backend.Commit(context.WithoutCancel(ctx), b)
}

// Batch is a set of writes that belong together. A key may stand in Puts and
// Deletes once only.
type Batch struct {
	// Puts are compared and set; one conflict fails the batch with ErrConflict.
	Puts    []Pair // Revision is the expected one
	Appends []Append
	// Reduces do what Log.Reduce does, after the appends: of each record only
	// ID and Data count.
	Reduces []Append
	// Deletes are keys to be removed, whatever they hold; what is not there is
	// no error.
	Deletes []string
	Acks    []Acked
}

// Append is one record for the log of that name.
type Append struct {
	Log    string
	Record Record
}

// Acked are entries of the queue of that name.
type Acked struct {
	Queue string
	Seqs  []uint64
}

// Committer writes batches.
type Committer interface {
	// Commit writes a batch as one: all of it is durable when it returns the new
	// revisions of the puts; where it returns an error, nothing is written.
	Commit(ctx context.Context, b Batch) ([]Revision, error)
	// CommitLater takes what nobody waits for, such as the mark that a reply was sent,
	// and returns at once, unless very much waits already. The batch is written as one
	// within about ten milliseconds, and at the latest by Close. The end of the process
	// before that loses it whole, and so does the end of the machine within a second of
	// it. While the store is full it is kept and tried again. Its puts are Any, since
	// nobody would hear of a conflict. The error tells of a batch that is not taken.
	CommitLater(ctx context.Context, b Batch) error
}

// Backuper is the option of a back end that can be copied while it works.
type Backuper interface {
	// Backup writes a consistent copy that Open understands.
	Backup(ctx context.Context, w io.Writer) (int64, error)
}

// Damages is the option of a back end that sets aside what it can't read any
// more and serves the rest: whatever was there is as if it had been deleted.
type Damages interface {
	// Damaged is how many things stand aside.
	Damaged() int
}

// Options are common to the back ends that keep files or streams.
type Options struct {
	// Horizon is how long ids of accepted entries stay known; zero means
	// DefaultHorizon.
	Horizon time.Duration
	// MaxBytes caps the store's size; zero leaves it to the disk.
	MaxBytes int64
	// MinFree is how many bytes of the disk are left free: below it, or below a
	// twentieth of the disk where that is less, entries are refused with ErrFull,
	// while what was accepted is finished. Zero means DefaultMinFree, less than
	// zero nothing.
	MinFree int64
	// HashKey keys the hashes by which ids are known; 32 bytes.
	HashKey []byte
	// Keys, where set, is called once the store is this process's own, and gives
	// the HashKey; fresh: no value was ever written. What belongs to the store is
	// looked at then, and not before: its last owner may have changed it.
	Keys func(fresh bool) ([]byte, error)
	// Beside, where set, is asked before anything is told to be durable, whether
	// what belongs to the store is still there; its error ends the store.
	Beside func() error
	// Anew: what was written last and does not continue the store is set aside,
	// whatever it holds; else the store is refused.
	Anew bool
	// Former, where set, is called before a store of a former version is made one of this, from
	// which no former version comes back, with the file that a copy of what it was is in.
	Former func(copied string)
	// Keep is how many bytes of the log are kept for who follows it, beyond what the store
	// itself needs; zero where nobody may.
	Keep int64
	// Sync, where set, is called for each flush of the store's file that a commit
	// takes, before anybody is told: by it measurements count flushes, and make
	// them slow.
	Sync  func()
	Clock func() time.Time
	// Logger is told of what is damaged; nil tells nobody.
	Logger *slog.Logger
	// Aging tells by when ids are old; Clock where nil. A clock that was set is
	// none to forget them by: what came before it may come again.
	Aging func() time.Time
}

// DefaultMinFree is what is enough to finish whatever was accepted.
const DefaultMinFree = 64 << 20

// DefaultHorizon is longer than the longest retry of any known platform.
const DefaultHorizon = 7 * 24 * time.Hour
