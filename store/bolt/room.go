package bolt

import (
	"path/filepath"

	"keypull/pull/words"
	"keypull/store"
)

// freeShare is the part of a disk below which it counts as full, whatever
// Options.MinFree says: on a small disk that may be most of it.
const freeShare = 20

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
