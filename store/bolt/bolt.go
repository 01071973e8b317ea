// Package bolt keeps a store in one file: the default and the reference back end. It
// lays keys with revisions, queues with the ids of what they accepted, and logs into
// the buckets of store/internal/engine.
//
// The package leaves alone what the bytes mean; encryption is store/sealed's.
// DESIGN.md beside this file explains the layout and what was measured.
package bolt

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"keypull/store"
	"keypull/store/internal/engine"
)

// DB is one open file. It is safe for use by many goroutines.
type DB struct {
	engine *engine.Engine
	clock  func() time.Time
	kv     kv
	ids    idRules
	once   sync.Once

	mu     sync.Mutex
	queues map[string]*queue
	logs   map[string]*log
}

var (
	_ store.Backend  = (*DB)(nil)
	_ store.Backuper = (*DB)(nil)
)

// Open opens the file at path and makes it, with mode 0600, when there is
// none. It fails with store.ErrInUse when another process holds the file for
// longer than a second. Without Options.HashKey a key kept in the file is
// used.
func Open(path string, o store.Options) (*DB, error) {
	if n := len(o.HashKey); n != 0 && n != hashKeyBytes {
		return nil, fmt.Errorf("store: the hash key has %d bytes, must have %d", n, hashKeyBytes)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	db := &DB{
		clock:  o.Clock,
		ids:    idRules{clock: o.Clock, aging: o.Aging, horizon: o.Horizon, most: usualIDs},
		queues: make(map[string]*queue),
		logs:   make(map[string]*log),
	}
	if db.ids.aging == nil {
		db.ids.aging = o.Clock
	}
	if db.ids.horizon == 0 {
		db.ids.horizon = store.DefaultHorizon
	}
	var err error
	if db.engine, err = engine.Open(path, o, newLayout(db, o)); err != nil {
		return nil, err
	}
	db.kv.engine = db.engine
	// What can't be read ends the store, and later calls say so.
	_ = db.engine.View(context.Background(), func(s *engine.Snapshot) error {
		db.kv.revision = s.Bucket(kvBucket).Sequence()
		return nil
	})
	db.engine.Start()
	return db, nil
}

// Queue implements store.Backend. A name that breaks the rules gives a queue
// whose every call fails with store.ErrKey.
func (db *DB) Queue(name string) store.Queue { return db.openQueue(name) }

// Log implements store.Backend. A name that breaks the rules gives a log whose
// every call fails with store.ErrKey.
func (db *DB) Log(name string) store.Log { return db.openLog(name) }

// Close writes what waits, ends every Claim, Watch and Backup, and closes the
// file. A second call does nothing.
func (db *DB) Close() (err error) {
	db.once.Do(func() {
		err = db.engine.Close()
		db.kv.hub.Close()
		db.mu.Lock()
		defer db.mu.Unlock()
		for _, q := range db.queues {
			q.ready.Close()
		}
	})
	return err
}

// Broken is closed when the store can't go on: its file is damaged, gone or
// replaced, or nobody knows whether a write is in it. The process then has to
// end with Err; every call fails with it from there on.
func (db *DB) Broken() <-chan struct{} { return db.engine.Broken() }

// Err returns why the store is broken, or nil.
func (db *DB) Err() error { return db.engine.Err() }

// Check walks through the whole file and says what is broken in it. It reads
// every page, beside the work of others.
func (db *DB) Check(ctx context.Context) error { return db.engine.Check(ctx) }

// Damaged returns how many records and values stand aside since they could not
// be read any more.
func (db *DB) Damaged() int { return db.engine.Damaged() }

// Room returns store.ErrFull when entries are refused, since too little of the
// disk is left.
func (db *DB) Room() error { return db.engine.Room() }

// DiskFree returns what the disk of the store has left; not where the system does not tell.
func (db *DB) DiskFree() (bytes int64, ok bool) { return db.engine.DiskFree() }

// Release takes what of the file stands in memory out of this process: the
// machine may keep it in its cache, and what is read next comes from there.
func (db *DB) Release() { db.engine.Release() }

// Backup implements store.Backuper.
func (db *DB) Backup(ctx context.Context, w io.Writer) (int64, error) {
	return db.engine.Backup(ctx, w)
}

// BackupFile writes a copy to a file of mode 0600, complete or not at all: it
// appears under its name only when it is on the disk. A file that is there is
// kept, and the error is fs.ErrExist, unless replace is set.
func (db *DB) BackupFile(ctx context.Context, path string, replace bool) (int64, error) {
	return db.engine.BackupFile(ctx, path, replace)
}
