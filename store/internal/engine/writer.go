package engine

import (
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"keypull/store"
	"keypull/store/internal/wal"
)

// retryDelay is how long work that nobody waits for rests when a batch failed.
const retryDelay = time.Second

// writer is the one goroutine that writes the log and begins checkpoints.
type writer struct {
	file       *file
	log        *wal.Log
	lineage    lineage // of the writer, or of the checkpoint under way
	layout     Layout
	queue      *batchQueue
	room       *diskRoom
	quarantine *quarantine
	shown      *atomic.Pointer[tables]
	logger     *slog.Logger
	clock      func() time.Time
	closing    <-chan struct{}
	stopped    chan struct{} // closed when the writer has ended
	maxBytes   int64
	feed       *feed

	tables        // with what the batch under way has written
	freezes       uint64
	checkpointing bool // ended is about to be sent to
	ended         chan *checkpoint
	filled        int64 // bytes of the file in use
	named         bool  // the file names the segment that is written
	looked        time.Time
	noRoomForNext bool // it was told that there is no room for another segment
}

// run ends when the queue is closed and empty.
func (w *writer) run() {
	defer close(w.stopped)
	for {
		t, over := w.queue.nextBatch()
		switch {
		case over:
			w.shutDown()
			return
		case t == nil:
			w.tendCheckpoint()
			w.waitForWork()
			// Callers who are ready to run add their work first: else a crowd
			// that was woken by one commit is split over two.
			runtime.Gosched()
			continue
		}
		w.writeBatch(t)
		close(t.done)
		w.tendCheckpoint()
		letOthersRun()
	}
}

// letOthersRun lets those who were just woken leave what they have to write next: one
// commit for all of them costs no more than one for the first. It waits for nobody who
// is not ready to run.
func letOthersRun() {
	const yields = 3
	for range yields {
		runtime.Gosched()
	}
}

// writeBatch writes all works of t. Refusals and failures are left in their results.
func (w *writer) writeBatch(t *Batch) {
	defer w.requeue(t.works)
	err := w.file.failure.cause()
	if err == nil {
		err = w.commitWorks(t, t.works)
	}
	if err == nil {
		return
	}
	var grow, shrink []Work
	for _, work := range t.works {
		if work.Result().Shrinks {
			shrink = append(shrink, work)
			continue
		}
		grow = append(grow, work)
	}
	failAll(grow, err)
	if len(shrink) > 0 && errors.Is(err, store.ErrFull) {
		err = w.commitWorks(t, shrink)
	}
	if err != nil {
		failAll(shrink, err)
	}
}

// requeue puts work that nobody waits for back when its batch has failed.
func (w *writer) requeue(works []Work) {
	var again []Work
	for _, work := range works {
		if r := work.Result(); r.later && r.err != nil {
			r.err = nil
			again = append(again, work)
		}
	}
	select {
	case <-w.closing:
		return // once more would be for ever
	default:
	}
	if len(again) > 0 && w.file.failure.cause() == nil {
		w.queue.addAgain(again, retryDelay)
	}
}

func failAll(works []Work, err error) {
	for _, work := range works {
		work.Result().err = err
	}
}

// commitWorks makes works durable and publishes what came of it.
func (w *writer) commitWorks(t *Batch, works []Work) error {
	defer t.resetChanges()
	if err := w.file.guardRead(func() error { return w.appendWorks(t, works) }); err != nil {
		return err
	}
	w.quarantine.settleBatch(t)
	if len(t.ends) > 0 {
		for _, o := range t.observers {
			o.Publish()
		}
	}
	return nil
}

// appendWorks appends works to the log, each as a record of its own; they are on the disk
// when there is no error, and readers see them. Work that nobody waits for is left to
// the system for a while: the end of the process does not lose it.
func (w *writer) appendWorks(t *Batch, works []Work) error {
	w.makeRoom(t)
	err := w.applyWorks(t, works)
	if err == nil && len(t.ends) > 0 {
		err = w.startLog()
	}
	if err == nil && len(t.ends) > 0 {
		first, records := w.log.Next(), t.workRecords()
		if err = w.log.Append(records, t.urgent); err == nil {
			w.feed.append(wal.Run{Salt: w.log.Segment().Salt, First: first, Records: records}, !w.log.Dirty())
		}
	}
	if err != nil {
		w.rollBack(t)
		if errors.Is(err, wal.ErrDoubtful) {
			return w.file.failDoubtful(err)
		}
		return markFull(err)
	}
	if len(t.ends) == 0 {
		return nil
	}
	w.publishTables(t)
	return w.file.checkThere()
}

// recordOverhead is about what the record of a work takes beside what it brings;
// usually it is two thirds of that.
const recordOverhead = 96

// applyWorks runs the works one after the other; each sees what the former wrote.
func (w *writer) applyWorks(t *Batch, works []Work) error {
	tx, err := w.file.beginRead()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	t.layout, t.disk, t.frozen = w.layout, w.room, w.freezes
	t.view = &Snapshot{tx: tx, tables: w.tables}
	t.record = make([]byte, 0, t.bytes+recordOverhead*(1+len(works)))
	defer func() { w.active = t.view.active }()
	for _, work := range works {
		r := work.Result()
		if r.err = w.checkCap(work); r.err == nil {
			r.err = work.Check(t)
		}
		if r.err != nil {
			continue
		}
		from := len(t.record)
		if err := work.Write(t); err != nil {
			return err
		}
		if len(t.record) > from {
			t.ends = append(t.ends, len(t.record))
		}
	}
	return nil
}

// publishTables shows readers what the batch wrote.
func (w *writer) publishTables(t *Batch) {
	next := &tables{frozen: w.frozen, active: make(memtables, len(w.active))}
	copy(next.active, w.shown.Load().active)
	for _, b := range t.opened {
		i := slices.Index(w.active, b.memtables[0])
		shown := *w.active[i]
		shown.tree = shown.tree.Copy()
		next.active[i] = &shown
	}
	for i, m := range next.active {
		if m == nil { // begun by a batch that failed
			next.active[i] = &memtable{name: w.active[i].name, tree: newTree(), floor: w.active[i].floor}
		}
	}
	w.shown.Store(next)
}

// rollBack forgets what a batch wrote that failed.
func (w *writer) rollBack(t *Batch) {
	shown := w.shown.Load().active
	for _, b := range t.opened {
		m := b.memtables[0]
		if was := shown.ofBucket(m.name); was != nil {
			m.tree, m.sequence = was.tree.Copy(), was.sequence
			continue
		}
		m.tree, m.sequence = newTree(), 0
	}
}
