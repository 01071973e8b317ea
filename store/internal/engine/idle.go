package engine

import (
	"errors"
	"time"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
)

const (
	// restTime without a write begins a checkpoint, which gives the memtables free.
	restTime = time.Minute
	// soonTime is enough where the log holds as much as worthIt.
	soonTime, worthIt = 5 * time.Second, 1 << 20
	// lookTime is how often it is looked whether the log is still there.
	lookTime = 5 * time.Second
	// flushTime is how long what nobody waits for is left to the system.
	flushTime = time.Second
)

// waitForWork waits until there is work. What nobody waits for is flushed meanwhile,
// and after a long while a checkpoint is made.
func (w *writer) waitForWork() {
	if w.log.Dirty() {
		if !w.idleFor(flushTime) {
			return
		}
		w.flushLog()
	}
	quiet := restTime
	if w.log.Size() >= worthIt {
		quiet = soonTime
	}
	for waited := time.Duration(0); w.log.Started() && w.file.failure.cause() == nil; waited += lookTime {
		if waited >= quiet && len(w.active) > 0 && w.frozen == nil {
			w.freezeMemtables(&checkpoint{resting: true})
		}
		if !w.idleFor(lookTime) {
			return
		}
		w.checkLog()
	}
	select {
	case <-w.queue.wake:
	case c := <-w.ended:
		w.finishCheckpoint(c)
	}
}

// idleFor waits for a while; false if there is work before it is over.
func (w *writer) idleFor(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.queue.wake:
		return false
	case c := <-w.ended:
		w.finishCheckpoint(c)
		return false
	case <-timer.C:
		return true
	}
}

// checkLog looks whether the log is still there, whole. Where it is not, all that it
// held is brought into the file, and that is the end: nothing could be told to be
// durable any more.
func (w *writer) checkLog() {
	w.looked = time.Now()
	missing := w.log.There()
	if missing == "" || w.file.failure.cause() != nil {
		return
	}
	w.checkpointAll()
	if w.allFiled() {
		_ = w.unnameLog() // else the next start asks for it
	}
	_ = w.file.failStore(words.Fail(store.ErrDamaged, "store.log_gone", words.Args{"store": w.file.path, "log": missing}))
}

// startLog begins the log, which the file names before anything in it is told to be
// durable.
func (w *writer) startLog() error {
	if w.named {
		return nil
	}
	if err := w.log.Start(); err != nil {
		return err //nolint:wrapcheck // the caller says what it is
	}
	w.lineage.first = w.log.Segment()
	err := w.file.updateFile(w.lineage.writeLineage)
	w.named = err == nil
	return err
}

// clearLog removes a log of which nothing is needed.
func (w *writer) clearLog() error {
	if err := w.unnameLog(); err != nil {
		return err
	}
	return w.log.Clear(w.lineage.segmentHead()) //nolint:wrapcheck // the caller says what it is
}

// unnameLog has the file say that nothing of the log is needed.
func (w *writer) unnameLog() error {
	if !w.named {
		return nil
	}
	w.lineage.first = wal.SegmentID{}
	err := w.file.updateFile(w.lineage.writeLineage)
	w.named = err != nil
	return err
}

// flushLog makes durable what nobody waits for.
func (w *writer) flushLog() {
	if err := w.log.Append(nil, true); err != nil {
		_ = w.file.failDoubtful(err)
		return
	}
	w.feed.flush()
}

// rotateLog begins a new segment of the log.
func (w *writer) rotateLog() error {
	err := w.file.failure.cause()
	if err == nil && !w.named {
		err = w.startLog()
	} else if err == nil {
		err = w.log.Rotate(w.lineage.segmentHead())
	}
	switch {
	case err == nil:
		w.noRoomForNext = false
		w.feed.flush()
		return nil
	case errors.Is(err, wal.ErrDoubtful):
		return w.file.failDoubtful(err)
	case w.file.failure.cause() == nil && !w.noRoomForNext:
		// Without room for a segment the one that is there goes on.
		w.noRoomForNext = true
		w.logger.Warn("the log of the store could not be continued in another file; it is tried again", "store", w.file.path, "error", err)
	}
	return markFull(err)
}
