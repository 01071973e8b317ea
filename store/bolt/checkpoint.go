package bolt

import (
	"errors"
	"fmt"
	"os"
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
	// restTime without a write has what stands in the log brought into the file,
	// and its memory given free.
	restTime = time.Minute
	// soonTime is enough where what stands beside the file is worth it.
	soonTime, worthIt = 5 * time.Second, 1 << 20
	// lookTime is how often it is looked whether the log is still there.
	lookTime = 5 * time.Second
	// flushTime is how long what nobody waits for is left to the system.
	flushTime = time.Second
)

// checkpoint is what stands beside the file at one moment, on its way into it.
type checkpoint struct {
	applied uint64 // the last sequence in it
	first   uint64 // the segment with which the log goes on then
	ids     map[*queue]*filing
	segs    []string // of the log, which are not needed any more then
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

// tend begins a checkpoint when one is due, and takes in one that has ended.
func (db writer) tend() {
	select {
	case c := <-db.ended:
		db.taken(c)
	default:
	}
	if time.Since(db.looked) >= lookTime {
		db.look()
	}
	if db.Err() != nil || db.frozen != nil {
		return
	}
	if requests := db.inbox.copies(); len(requests) > 0 || db.wal.Size() >= db.enough() {
		db.begin(requests)
	}
}

// enough is how much of the log makes a checkpoint due.
func (db writer) enough() int64 {
	return min(max(db.filled/checkpointPart, leastCheckpoint), mostCheckpoint)
}

// await waits for the checkpoint that is under way.
func (db writer) await() {
	if db.frozen != nil {
		db.taken(<-db.ended)
	}
}

// settle brings everything into the file, from the segment that is there: nobody
// writes on.
func (db writer) settle() {
	if db.await(); db.Err() == nil && db.frozen == nil && len(db.active) > 0 {
		db.freeze(&checkpoint{})
		db.await()
	}
}

// end is the end of the writer. Nothing of the log is left where all of it is in
// the file.
func (db writer) end() {
	db.settle()
	for _, r := range db.inbox.copies() {
		r.end(store.ErrClosed)
	}
	filed := db.filedAll() && db.endLog() == nil
	if err := db.wal.Close(filed); err != nil {
		db.logger.Warn("the log of the store could not be closed", "store", db.path, "error", err)
	}
}

// drop gives up what was to be copied, lest the file keeps it for ever.
func (r *copyRequest) drop() {
	if r.tx != nil {
		_ = r.tx.Rollback() // it only reads
		r.tx = nil
	}
}

func (r *copyRequest) end(err error) {
	r.err = err
	close(r.done)
}

// begin freezes what stands beside the file and has it brought there, while others
// write on in a new segment of the log.
func (db writer) begin(requests []*copyRequest) {
	db.look()
	if err := db.rotate(); err != nil {
		for _, r := range requests {
			r.end(err)
		}
		return
	}
	db.freeze(&checkpoint{copies: requests, segs: db.wal.Old()})
}

// freeze has everything that was written brought into the file.
func (db writer) freeze(c *checkpoint) {
	c.ids, c.applied = make(map[*queue]*filing), db.wal.Next()-1
	if db.named { // else nothing was written but what is in the file
		c.first = db.wal.Number()
	}
	db.mu.Lock()
	for _, q := range db.queues {
		if f := q.ids.begin(); f != nil {
			c.ids[q] = f
		}
	}
	db.mu.Unlock()
	frozen := db.state.Load().active
	if frozen == nil {
		frozen = layer{}
	}
	db.frozen, db.active = frozen, nil
	db.layers++
	db.state.Store(&state{frozen: frozen})
	go db.file(c, frozen)
}

// file is the checkpoint: one transaction, tried until it succeeds or the store
// ends.
func (db writer) file(c *checkpoint, frozen layer) {
	defer func() { db.ended <- c }()
	for tell := true; ; tell = false {
		if c.err = db.guarded(func() error { return db.fileOnce(c, frozen) }); c.err == nil || db.Err() != nil {
			return
		}
		if tell {
			db.logger.Error("what stands in the log could not be brought into the store; it is tried again", "store", db.path, "error", c.err)
		}
		select {
		case <-db.closing:
			return
		case <-time.After(fullDelay):
		}
	}
}

func (db writer) fileOnce(c *checkpoint, frozen layer) error {
	if err := db.update(func() error { return db.bring(c, frozen) }); err != nil {
		return err
	}
	for _, r := range c.copies {
		r.tx, r.err = db.bolt.Begin(false)
	}
	if len(c.copies) == 0 {
		return nil
	}
	// From here on the file is another one than that which is copied.
	before := db.lineage
	db.lineage.copied()
	db.lineage.first = c.first
	err := db.update(db.writeLineage)
	if err != nil { // it is tried again, copies and all
		db.lineage = before
		for _, r := range c.copies {
			r.drop()
		}
	}
	return err
}

// bring writes what is frozen into the transaction under way.
func (db writer) bring(c *checkpoint, frozen layer) error {
	for _, s := range frozen {
		b, err := db.sums.bucket(s.name)
		if err != nil {
			return err
		}
		write := b.write
		index := &indexing{filed: b, db: db.DB}
		if isIndex(s.name) {
			write = index.write
		}
		s.tree.Scan(func(at cell) bool {
			err = write(at.key, at.value)
			return err == nil
		})
		if err == nil {
			err = index.end()
		}
		if err == nil && s.sequence > b.Sequence() {
			err = b.SetSequence(s.sequence)
		}
		if err != nil {
			return err
		}
	}
	for q, f := range c.ids {
		if err := q.ids.file(&db.sums, f, db.aging().Add(-db.horizon)); err != nil {
			return err
		}
	}
	db.lineage.applied, db.lineage.first = c.applied, c.first
	if len(c.copies) > 0 { // a copy needs no log
		db.lineage.first = 0
	}
	return db.writeLineage()
}

// flushes is how often bbolt flushes the file in a commit: its pages, then its
// head.
const flushes = 2

// flushLog flushes a segment of the log.
func (db opening) flushLog(f *os.File) error {
	defer db.flushed()
	return wal.Flush(f)
}

// update makes one transaction of the file.
func (db writer) update(f func() error) error {
	tx, err := db.bolt.Begin(true)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	committed := false
	db.sums.begin(tx)
	defer func() { db.sums.end(committed) }()
	id := uint64(tx.ID()) //nolint:gosec // positive
	if err = db.fresh(tx, db.committed.Load()); err == nil {
		if err = f(); err == nil {
			err = db.sums.write()
		}
	}
	if err != nil {
		_ = tx.Rollback()
		return full(err)
	}
	if err := tx.Commit(); err != nil {
		return db.uncommitted(id, full(err))
	}
	for range flushes {
		db.flushed()
	}
	committed = true
	db.committed.Store(id)
	return nil
}

// uncommitted tells a commit that surely is not in the file from one that may be:
// only the flush of the last page can have failed then.
func (db writer) uncommitted(id uint64, err error) error {
	visible := uint64(0)
	_ = db.bolt.View(func(tx *bbolt.Tx) error {
		visible = uint64(tx.ID()) //nolint:gosec // positive
		return nil
	})
	if visible < id {
		return err
	}
	return db.doubt(err)
}

// taken ends a checkpoint: what is in the file need not stand beside it.
func (db writer) taken(c *checkpoint) {
	if c.err != nil {
		for _, r := range c.copies {
			r.end(c.err)
		}
		return
	}
	for q, f := range c.ids {
		q.ids.end(f)
	}
	db.frozen = nil
	db.state.Store(&state{active: db.state.Load().active})
	db.measure()
	drop := func() error { return db.wal.Drop(c.segs) }
	if c.resting && len(db.active) == 0 {
		drop = db.clearLog
	}
	if err := drop(); err != nil {
		db.logger.Warn("a part of the log that is not needed any more could not be removed", "store", db.path, "error", err)
	}
	if len(c.copies) == 0 {
		return
	}
	// The copy is one only when the log says that it goes on from another file.
	err := db.rotate()
	for _, r := range c.copies {
		if err != nil {
			r.drop()
		}
		r.end(errors.Join(r.err, err))
	}
}
