package bolt

import (
	"bytes"
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
	applied uint64    // the last sequence in it
	first   wal.Place // the segment with which the log goes on then
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
	if db.wal.Size() >= leastCheckpoint/2 {
		db.wal.Ahead()
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
		c.first = db.wal.Place()
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
	for at := (&mark{}); !at.over; {
		began := time.Now()
		if err := db.update(func() error { return db.bring(c, frozen, at) }); err != nil {
			return err
		}
		db.yield(at, time.Since(began))
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

// pieceBytes is how much goes into the file at once, so that no flush of all of it
// stands in front of the log's.
const pieceBytes = 512 << 10

// mark is how far a checkpoint has come.
type mark struct {
	sheet int
	after []byte // the last key of the sheet that is in the file
	over  bool
}

// yield leaves processor and disk to those who ask, for as long as a piece took;
// not where so much comes that the next checkpoint would be due before.
func (db writer) yield(at *mark, took time.Duration) {
	if at.over || db.wal.Size() > leastCheckpoint/2 {
		return
	}
	select {
	case <-db.closing:
	case <-time.After(took):
	}
}

// bring writes the next piece of what is frozen into the transaction under way, and
// behind the last one what the file then says of the log. Until that it holds what
// the log would bring once more.
func (db writer) bring(c *checkpoint, frozen layer, at *mark) error {
	next, size := *at, 0
	for ; next.sheet < len(frozen) && size < pieceBytes; next.sheet++ {
		n, err := db.bringSheet(frozen[next.sheet], &next.after, pieceBytes-size)
		if err != nil {
			return err
		}
		if size += n; next.after != nil {
			break
		}
	}
	if next.over = next.sheet == len(frozen); next.over {
		if err := db.conclude(c); err != nil {
			return err
		}
	}
	*at = next
	return nil
}

// bringSheet writes about so many bytes of a sheet, from behind a key on. after is
// the last key then, nil where all is written.
func (db writer) bringSheet(s *sheet, after *[]byte, most int) (size int, err error) {
	b, err := db.sums.bucket(s.name)
	if err != nil {
		return 0, err
	}
	write := b.write
	index := &indexing{filed: b, db: db.DB}
	if isIndex(s.name) {
		write = index.write
	}
	from := *after
	*after = nil
	s.tree.Ascend(cell{key: from}, func(at cell) bool {
		if from != nil && bytes.Equal(at.key, from) {
			return true
		}
		if size >= most {
			return false
		}
		err = write(at.key, at.value)
		*after, size = at.key, size+len(at.key)+len(at.value)
		return err == nil
	})
	if last, ok := s.tree.Max(); ok && bytes.Equal(*after, last.key) {
		*after = nil
	}
	if err == nil {
		err = index.end()
	}
	if err == nil && *after == nil && s.sequence > b.Sequence() {
		err = b.SetSequence(s.sequence)
	}
	return size, err
}

// conclude writes what the file says of the log once all is in it.
func (db writer) conclude(c *checkpoint) error {
	for q, f := range c.ids {
		if err := q.ids.file(&db.sums, f, db.aging().Add(-db.horizon)); err != nil {
			return err
		}
	}
	db.lineage.applied, db.lineage.first = c.applied, c.first
	if len(c.copies) > 0 { // a copy needs no log
		db.lineage.first = wal.Place{}
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
