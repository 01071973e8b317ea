package bolt

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"keypull/pull/words"
	"keypull/store"
)

// ending is why a store can't go on, once it can't.
type ending struct {
	once  sync.Once
	cause atomic.Pointer[error]
	begun chan struct{}
}

// Broken is closed when the store can't go on: its file is damaged, gone or
// replaced, or nobody knows whether a write is in it. The process then has to
// end with Err; every call fails with it from there on.
func (db *DB) Broken() <-chan struct{} { return db.ending.begun }

// Err is why the store is broken, nil while it is not.
func (db *DB) Err() error {
	if cause := db.ending.cause.Load(); cause != nil {
		return *cause
	}
	return nil
}

// fail ends the store, and returns why it ended, which may have been before.
func (db *DB) fail(err error) error {
	db.ending.once.Do(func() {
		db.ending.cause.Store(&err)
		close(db.ending.begun)
		db.logger.Error("the store can't go on", "error", err)
	})
	return db.Err()
}

// guarded runs what reads the map of the file. bbolt panics at a page that it
// does not understand, and the system faults where the file has become shorter
// than its map: both are damage.
func (db *DB) guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			db.logger.Debug("reading the store failed", "with", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = db.fail(damagedFile(db.path, why(p)))
		}
	}()
	return f()
}

// why tells what a panic is about.
func why(p any) words.Text {
	if fault, ok := p.(interface{ Addr() uintptr }); ok && fault.Addr() != 0 {
		return words.Text{Key: "store.part_gone"}
	}
	if _, ok := p.(runtime.Error); ok {
		return words.Text{Key: "store.no_page"}
	}
	return words.Quoted(fmt.Sprint(p))
}

// fresh says that a transaction sees everything that was committed before it
// began. One of the two pages that say where the data is may have been damaged
// in between, and then bbolt takes the older one without a word.
func (db *DB) fresh(tx *bbolt.Tx, want uint64) error {
	if seen := uint64(tx.ID()); !tx.Writable() && seen < want || tx.Writable() && seen != want+1 { //nolint:gosec // ids are positive
		return db.fail(damagedFile(db.path, words.Text{Key: "store.head_changed"}))
	}
	return nil
}

// there says that the file at the store's path is the one that is written. What
// is written into another one is gone with this process.
func (db *DB) there() error {
	at, err := os.Stat(db.path)
	if err == nil && os.SameFile(at, db.identity) {
		if err := db.beside(); err != nil {
			return db.fail(err)
		}
		return nil
	}
	return db.fail(words.Fail(store.ErrDamaged, "store.moved", words.Args{"store": db.path}))
}
