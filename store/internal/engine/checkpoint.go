package engine

import (
	"bytes"
	"errors"
	"log/slog"
	"time"

	"go.etcd.io/bbolt"

	"keypull/store"
	"keypull/store/internal/wal"
)

const (
	// A checkpoint is due when as much stands in the log as a part of what the file
	// has, within bounds: while it is written it takes as much of the file once
	// more. What is written again by then, or acknowledged, never gets there, and
	// what lies at random places in a large file costs a page each time.
	checkpointPart  = 6
	leastCheckpoint = 6 << 20
	mostCheckpoint  = 32 << 20

	// pieceBytes is how much goes into the file at once, so that no flush of all of it
	// stands in front of the log's.
	pieceBytes = 512 << 10
)

// checkpoint brings what the memtables held at one moment into the file, while others
// write on.
type checkpoint struct {
	file    *file
	log     *wal.Log
	lineage *lineage
	logger  *slog.Logger
	closing <-chan struct{}

	frozen  memtables
	applied uint64        // the last sequence of the log that is in the file then
	first   wal.SegmentID // the segment with which the log goes on then
	parts   []Part
	old     []string // segments that are not needed any more then
	copies  []*copyRequest
	resting bool // nobody writes: nothing of the log is needed then
	err     error
}

// copyRequest is somebody who waits for the file to hold everything, to copy it.
type copyRequest struct {
	done chan struct{}
	tx   *bbolt.Tx
	err  error
}

// endTransaction ends the transaction that was to be copied, lest the file keeps its pages for
// ever.
func (r *copyRequest) endTransaction() {
	if r.tx != nil {
		_ = r.tx.Rollback() // it only reads
		r.tx = nil
	}
}

func (r *copyRequest) answer(err error) {
	r.err = err
	close(r.done)
}

// tendCheckpoint begins a checkpoint when one is due, and finishes one that has ended.
func (w *writer) tendCheckpoint() {
	select {
	case c := <-w.ended:
		w.finishCheckpoint(c)
	default:
	}
	if time.Since(w.looked) >= lookTime {
		w.checkLog()
	}
	if w.file.failure.cause() != nil || w.frozen != nil {
		return
	}
	if w.log.Size() >= leastCheckpoint/2 {
		w.log.Ahead()
	}
	due := min(max(w.filled/checkpointPart, leastCheckpoint), mostCheckpoint)
	if requests := w.queue.copyRequests(); len(requests) > 0 || w.log.Size() >= due {
		w.beginCheckpoint(requests)
	}
}

// awaitCheckpoint waits for the checkpoint that is under way. One that failed as the store
// ended is over, and leaves its memtables frozen.
func (w *writer) awaitCheckpoint() {
	if w.checkpointing {
		w.finishCheckpoint(<-w.ended)
	}
}

// checkpointAll brings everything into the file and goes on in the segment that is
// there: nobody writes on.
func (w *writer) checkpointAll() {
	if w.awaitCheckpoint(); w.file.failure.cause() == nil && w.frozen == nil && len(w.active) > 0 {
		w.freezeMemtables(&checkpoint{})
		w.awaitCheckpoint()
	}
}

// allFiled says that all that was written is in the file.
func (w *writer) allFiled() bool {
	return w.file.failure.cause() == nil && w.frozen == nil && len(w.active) == 0
}

// shutDown ends the writer. Nothing of the log is left where all of it is in the file.
func (w *writer) shutDown() {
	w.checkpointAll()
	for _, r := range w.queue.copyRequests() {
		r.answer(store.ErrClosed)
	}
	filed := w.allFiled() && w.unnameLog() == nil
	if err := w.log.Close(filed); err != nil {
		w.logger.Warn("the log of the store could not be closed", "store", w.file.path, "error", err)
	}
}

// beginCheckpoint freezes the memtables and has them brought into the file, while
// others write on in a new segment of the log.
func (w *writer) beginCheckpoint(requests []*copyRequest) {
	w.checkLog()
	if err := w.rotateLog(); err != nil {
		for _, r := range requests {
			r.answer(err)
		}
		return
	}
	w.freezeMemtables(&checkpoint{copies: requests, old: w.log.Old()})
}

// freezeMemtables starts a checkpoint of everything that was written.
func (w *writer) freezeMemtables(c *checkpoint) {
	c.file, c.log, c.lineage, c.logger, c.closing = w.file, w.log, &w.lineage, w.logger, w.closing
	c.applied, c.parts = w.log.Next()-1, w.layout.Checkpoint()
	if w.named { // else nothing was written but what is in the file
		c.first = w.log.Segment()
	}
	if c.frozen = w.shown.Load().active; c.frozen == nil {
		c.frozen = memtables{}
	}
	w.tables = tables{frozen: c.frozen}
	w.freezes++
	w.checkpointing = true
	w.shown.Store(&tables{frozen: c.frozen})
	go func() {
		defer func() { w.ended <- c }()
		c.writeUntilDone()
	}()
}

// finishCheckpoint takes the frozen memtables away: what they hold is in the file.
func (w *writer) finishCheckpoint(c *checkpoint) {
	w.checkpointing = false
	if c.err != nil {
		for _, r := range c.copies {
			r.answer(c.err)
		}
		return
	}
	for _, p := range c.parts {
		p.Done()
	}
	w.frozen = nil
	w.shown.Store(&tables{active: w.shown.Load().active})
	w.filled = w.file.bytesInUse()
	drop := func() error { return w.log.Drop(c.old) }
	if c.resting && len(w.active) == 0 {
		drop = w.clearLog
	}
	if err := drop(); err != nil {
		w.logger.Warn("a part of the log that is not needed any more could not be removed", "store", w.file.path, "error", err)
	}
	if len(c.copies) == 0 {
		return
	}
	// The copy is one only when the log says that it goes on from another file.
	err := w.rotateLog()
	for _, r := range c.copies {
		if err != nil {
			r.endTransaction()
		}
		r.answer(errors.Join(r.err, err))
	}
}

// writeUntilDone tries until it succeeds or the store ends.
func (c *checkpoint) writeUntilDone() {
	for tell := true; ; tell = false {
		if c.err = c.file.guardRead(c.writeAll); c.err == nil || c.file.failure.cause() != nil {
			return
		}
		if tell {
			c.logger.Error("what stands in the log could not be brought into the store; it is tried again", "store", c.file.path, "error", c.err)
		}
		select {
		case <-c.closing:
			return
		case <-time.After(retryDelay):
		}
	}
}

// writeAll writes one piece after the other, and begins the copies that were asked for.
func (c *checkpoint) writeAll() error {
	for at := (progress{}); at.memtable <= len(c.frozen); {
		began, next := time.Now(), at
		if err := c.file.updateFile(func(t *Tx) error { return c.writePiece(t, &next) }); err != nil {
			return err
		}
		at = next
		c.yieldToOthers(at, time.Since(began))
	}
	for _, r := range c.copies {
		r.tx, r.err = c.file.bolt.Begin(false)
	}
	if len(c.copies) == 0 {
		return nil
	}
	// From here on the file is another one than that which is copied.
	before := *c.lineage
	c.lineage.setCopied()
	c.lineage.first = c.first
	err := c.file.updateFile(c.lineage.writeLineage)
	if err != nil { // it is tried again, copies and all
		*c.lineage = before
		for _, r := range c.copies {
			r.endTransaction()
		}
	}
	return err
}

// progress is how far a checkpoint has come: beyond the last memtable it is over.
type progress struct {
	memtable int
	after    []byte // the last key of the memtable that is in the file
}

// yieldToOthers leaves processor and disk to those who ask, for as long as a piece took; not
// where so much comes that the next checkpoint would be due before.
func (c *checkpoint) yieldToOthers(at progress, took time.Duration) {
	if at.memtable > len(c.frozen) || c.log.Size() > leastCheckpoint/2 {
		return
	}
	select {
	case <-c.closing:
	case <-time.After(took):
	}
}

// writePiece writes the next piece, and behind the last what the file then says of the
// log. Until that the file holds what the log would bring once more.
func (c *checkpoint) writePiece(t *Tx, at *progress) error {
	for size := 0; at.memtable < len(c.frozen) && size < pieceBytes; at.memtable++ {
		n, err := writeMemtable(t, c.frozen[at.memtable], &at.after, pieceBytes-size)
		if err != nil {
			return err
		}
		if size += n; at.after != nil {
			return nil
		}
	}
	if at.memtable < len(c.frozen) {
		return nil
	}
	at.memtable++
	return c.writeLogPosition(t)
}

// writeMemtable writes about so many bytes of a memtable, from behind the key after on.
// after is the last key then, nil where all is written.
func writeMemtable(t *Tx, m *memtable, after *[]byte, most int) (size int, err error) {
	b, err := t.Bucket(m.name)
	if err != nil {
		return 0, err
	}
	w := t.keyWriter(b)
	from := *after
	*after = nil
	m.tree.Ascend(cell{key: from}, func(at cell) bool {
		if from != nil && bytes.Equal(at.key, from) {
			return true
		}
		if size >= most {
			return false
		}
		err = w.Write(at.key, at.value)
		*after, size = at.key, size+len(at.key)+len(at.value)
		return err == nil
	})
	if last, ok := m.tree.Max(); ok && bytes.Equal(*after, last.key) {
		*after = nil
	}
	if err == nil {
		err = w.Flush()
	}
	if err == nil && *after == nil {
		err = b.raiseSequence(m.sequence)
	}
	return size, err
}

// writeLogPosition writes what the file says of the log once all is in it.
func (c *checkpoint) writeLogPosition(t *Tx) error {
	for _, p := range c.parts {
		if err := p.Write(t); err != nil {
			return err
		}
	}
	c.lineage.applied, c.lineage.first = c.applied, c.first
	if len(c.copies) > 0 { // a copy needs no log
		c.lineage.first = wal.SegmentID{}
	}
	return c.lineage.writeLineage(t)
}
