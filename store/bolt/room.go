package bolt

import (
	"fmt"
	"path/filepath"

	"go.etcd.io/bbolt"

	"keypull/pull/words"
	"keypull/store"
)

// freeShare is the part of a disk below which it counts as full, whatever
// Options.MinFree says: on a small disk that may be most of it.
const freeShare = 20

// fits says with store.ErrFull that a work would take the store beyond its cap.
func (db writer) fits(w work) error {
	if db.maxBytes <= 0 || w.about().shrinks || db.used()+int64(w.size()) <= db.maxBytes {
		return nil
	}
	return fmt.Errorf("the store may have %d bytes: %w", db.maxBytes, store.ErrFull)
}

// used is about what everything takes in the file once it is there.
func (db writer) used() int64 { return db.filled + db.wal.Size() }

// measure looks how much of the file is in use: where there is no cap, with what
// is free in it.
func (db writer) measure() {
	_ = db.bolt.View(func(tx *bbolt.Tx) error {
		stats := db.bolt.Stats()
		db.filled = tx.Size() - int64(stats.FreePageN+stats.PendingPageN)*int64(db.bolt.Info().PageSize)
		return nil
	})
}

// makeRoom brings the log into the file where a turn would not fit otherwise:
// what it removes takes no room any more then.
func (db writer) makeRoom(t *turn) {
	if db.maxBytes <= 0 || db.used()+int64(t.bytes) <= db.maxBytes || db.wal.Size() == 0 {
		return
	}
	if db.await(); db.frozen == nil && db.Err() == nil {
		db.begin(nil)
		db.await()
	}
}

// Room says with store.ErrFull that entries are refused, since too little of the
// disk is left.
func (db *DB) Room() error {
	if db.minFree < 0 {
		return nil
	}
	free, whole, ok := db.disk(filepath.Dir(db.path))
	least := min(uint64(db.minFree), whole/freeShare)
	if !ok || free >= least {
		return nil
	}
	return words.Fail(store.ErrFull, "store.no_room", words.Args{"free": free >> 20, "store": db.path, "least": (least + 1<<20 - 1) >> 20})
}
