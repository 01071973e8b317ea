package bolt

import (
	"errors"
	"time"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

// rest waits until there is work. What nobody waits for is flushed meanwhile, and
// after a long while the log is brought into the file.
func (db writer) rest() {
	if db.wal.Dirty() {
		if !db.still(flushTime) {
			return
		}
		db.flush()
	}
	quiet := restTime
	if db.wal.Size() >= worthIt {
		quiet = soonTime
	}
	for waited := time.Duration(0); db.wal.Started() && db.Err() == nil; waited += lookTime {
		if waited >= quiet && len(db.active) > 0 && db.frozen == nil {
			db.freeze(&checkpoint{resting: true})
		}
		if !db.still(lookTime) {
			return
		}
		db.look()
	}
	select {
	case <-db.inbox.wake:
	case c := <-db.ended:
		db.taken(c)
	}
}

// still waits for a while; false where there is work before it is over.
func (db writer) still(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-db.inbox.wake:
		return false
	case c := <-db.ended:
		db.taken(c)
		return false
	case <-timer.C:
		return true
	}
}

// look looks whether the log is still there, whole. Where it is not, all that it held
// is brought into the file, and that is the end: nothing could be told to be durable
// any more.
func (db writer) look() {
	db.looked = time.Now()
	missing := db.wal.There()
	if missing == "" || db.Err() != nil {
		return
	}
	db.settle()
	if db.filedAll() {
		_ = db.endLog() // else the next start asks for it
	}
	_ = db.fail(words.Fail(store.ErrDamaged, "store.log_gone", words.Args{"store": db.path, "log": missing}))
}

// filedAll says that all that was written is in the file.
func (db writer) filedAll() bool { return db.Err() == nil && db.frozen == nil && len(db.active) == 0 }

// startLog begins the log, which the file names before anything in it is told to be
// durable.
func (db writer) startLog() error {
	if db.named {
		return nil
	}
	if err := db.wal.Start(); err != nil {
		return err //nolint:wrapcheck // the caller says what it is
	}
	db.lineage.first = db.wal.Place()
	err := db.update(db.writeLineage)
	db.named = err == nil
	return err
}

// clearLog removes a log of which nothing is needed.
func (db writer) clearLog() error {
	if err := db.endLog(); err != nil {
		return err
	}
	return db.wal.Clear(db.lineage.head()) //nolint:wrapcheck // the caller says what it is
}

// endLog has the file say that nothing of the log is needed.
func (db writer) endLog() error {
	if !db.named {
		return nil
	}
	db.lineage.first = wal.Place{}
	err := db.update(db.writeLineage)
	db.named = err != nil
	return err
}

// flush makes durable what nobody waits for.
func (db writer) flush() {
	if err := db.wal.Append(nil, true); err != nil {
		_ = db.doubt(err)
	}
}

// rotate begins a new segment of the log.
func (db writer) rotate() error {
	err := db.Err()
	if err == nil && !db.named {
		err = db.startLog()
	} else if err == nil {
		err = db.wal.Rotate(db.lineage.head())
	}
	switch {
	case err == nil:
		db.tight = false
		return nil
	case errors.Is(err, wal.ErrDoubtful):
		return db.doubt(err)
	case db.Err() == nil && !db.tight:
		// Without room for a segment the one that is there goes on.
		db.tight = true
		db.logger.Warn("the log of the store could not be continued in another file; it is tried again", "store", db.path, "error", err)
	}
	return full(err)
}
