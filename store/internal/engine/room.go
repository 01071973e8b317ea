package engine

import (
	"fmt"
	"math"
	"path/filepath"

	"keypull/pull/words"
	"keypull/store"
)

// minFreeShare is the part of a disk below which it counts as full, whatever
// Options.MinFree says: on a small disk that may be most of it.
const minFreeShare = 20

// diskRoom says whether the disk has room for more.
type diskRoom struct {
	path    string
	minFree int64 // less than 0: do not look
	disk    func(folder string) (free, whole uint64, ok bool)
}

// checkFree returns store.ErrFull where too little of the disk is left.
func (r *diskRoom) checkFree() error {
	if r.minFree < 0 {
		return nil
	}
	free, whole, ok := r.disk(filepath.Dir(r.path))
	least := min(uint64(r.minFree), whole/minFreeShare)
	if !ok || free >= least {
		return nil
	}
	return words.Fail(store.ErrFull, "store.no_room", words.Args{"free": free >> 20, "store": r.path, "least": (least + 1<<20 - 1) >> 20})
}

// checkCap returns store.ErrFull where a work would take the store beyond its cap.
func (w *writer) checkCap(work Work) error {
	if w.maxBytes <= 0 || work.Result().Shrinks || w.bytesUsed()+int64(work.Size()) <= w.maxBytes {
		return nil
	}
	return fmt.Errorf("the store may have %d bytes: %w", w.maxBytes, store.ErrFull)
}

// bytesUsed returns about what everything takes in the file once it is there.
func (w *writer) bytesUsed() int64 { return w.filled + w.log.Size() }

// makeRoom makes a checkpoint where a batch would not fit otherwise: what the log
// removes takes no room any more then.
func (w *writer) makeRoom(t *Batch) {
	if w.maxBytes <= 0 || w.bytesUsed()+int64(t.bytes) <= w.maxBytes || w.log.Size() == 0 {
		return
	}
	if w.awaitCheckpoint(); w.frozen == nil && w.file.failure.cause() == nil {
		w.beginCheckpoint(nil)
		w.awaitCheckpoint()
	}
}

// DiskFree returns what the disk of the store has left; not where the system does not tell.
func (e *Engine) DiskFree() (bytes int64, ok bool) {
	free, _, ok := diskFree(filepath.Dir(e.file.path))
	return int64(min(free, math.MaxInt64)), ok
}
