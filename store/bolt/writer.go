package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"keypull/pull/words"
	"keypull/store"
)

// fullDelay is how long work that nobody waits for rests when a commit failed.
const fullDelay = time.Second

// work is what one caller wants written. check refuses it alone, before
// anything of it is written; an error of write fails the whole turn.
type work interface {
	check(t *turn) error
	write(t *turn) error
	size() int
	about() *outcome
}

// outcome is embedded in every work. Err is the caller's once the turn is done.
type outcome struct {
	err     error
	later   bool // nobody waits: try again when the turn fails
	shrinks bool // frees more than it takes: tried also when the store is full
}

func (o *outcome) about() *outcome { return o }

// turn is the work that shares one commit, and what that commit changes
// besides the file.
type turn struct {
	works []work
	bytes int
	done  chan struct{}
	// urgent: somebody waits for it. by: when it has to be taken where nobody
	// does; it has one of the two, or both.
	urgent bool
	by     time.Time

	tx      *bbolt.Tx
	sums    *sums
	queues  []*queue // with something fresh or acknowledged
	changes []store.Change
	scratch [8]byte
	settled []*setting // damaged things that were looked at
	aside   int64      // and how many were moved
	looked  bool       // at the disk, and this is what was found
	room    error
	dirty   bool // something was written: else there is nothing to commit
}

// writer is the one that changes the file.
type writer struct{ *DB }

// do hands over work and waits until it is durable or refused.
func (db *DB) do(ctx context.Context, w work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t, err := db.inbox.add(w, false)
	if err != nil {
		return err
	}
	select {
	case <-t.done:
		return w.about().err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run is the writer: it ends when the inbox is closed and empty.
func (db writer) run() {
	defer close(db.stopped)
	for {
		t, over := db.inbox.next()
		switch {
		case over:
			return
		case t == nil:
			<-db.inbox.wake
			// Whoever is ready to run leaves his work first: without it a
			// crowd that was woken by one commit is split over two.
			runtime.Gosched()
			continue
		}
		db.turn(t)
		close(t.done)
		gather()
	}
}

// yields is how often the writer lets others run first between two commits.
const yields = 3

// gather lets those who were just woken leave what they have to write next:
// one commit for all of them costs no more than one for the first. It waits
// for nobody who is not ready to run.
func gather() {
	for range yields {
		runtime.Gosched()
	}
}

// turn writes all works of t. Refusals and failures are left in their outcomes.
func (db writer) turn(t *turn) {
	err := db.Err()
	if err == nil {
		err = db.commit(t, t.works)
	}
	if err == nil {
		return
	}
	var grow, shrink []work
	for _, w := range t.works {
		if w.about().shrinks {
			shrink = append(shrink, w)
			continue
		}
		grow = append(grow, w)
	}
	fail(grow, err)
	if len(shrink) > 0 && errors.Is(err, store.ErrFull) {
		err = db.makeRoom(t, shrink)
	}
	if err != nil {
		fail(shrink, err)
	}
	db.keepLater(t.works)
}

// headroom is what a store at its limit may grow by to get smaller: a page that
// changes is written anew before the old one is free.
const headroom = 4 << 20

// makeRoom commits works that free more than they take, in the headroom where
// the pages that are free do not do. On a full disk there is none.
func (db writer) makeRoom(t *turn, shrink []work) error {
	err := db.commit(t, shrink)
	if limit := db.bolt.MaxSize; limit > 0 && errors.Is(err, store.ErrFull) {
		db.bolt.MaxSize = limit + headroom
		defer func() { db.bolt.MaxSize = limit }()
		err = db.commit(t, shrink)
	}
	return err
}

// keepLater puts work that nobody waits for back when its commit has failed.
func (db writer) keepLater(works []work) {
	var again []work
	for _, w := range works {
		if o := w.about(); o.later && o.err != nil {
			o.err = nil
			again = append(again, w)
		}
	}
	select {
	case <-db.closing:
		return // once more would be for ever
	default:
	}
	if len(again) > 0 && db.Err() == nil {
		db.inbox.back(again, fullDelay)
	}
}

func fail(works []work, err error) {
	for _, w := range works {
		w.about().err = err
	}
}

// commit makes one transaction of works and publishes what came of it.
func (db writer) commit(t *turn, works []work) error {
	t.dirty = false
	defer t.forget()
	if err := db.guarded(func() error { return db.durable(t, works) }); err != nil {
		return err
	}
	db.asides.settle(t)
	if !t.dirty {
		return nil
	}
	for _, q := range t.queues {
		q.publish()
	}
	// Who begins to watch from here on began behind what is durable already.
	if !db.hub.Idle() {
		for _, c := range t.changes {
			db.hub.Tell(c)
		}
	}
	return nil
}

// flushes is how often bbolt flushes the file in a commit: its pages, then its
// head.
const flushes = 2

// durable makes one transaction of works; it is on the disk, in the file that is
// at the store's path, when there is no error.
func (db writer) durable(t *turn, works []work) (err error) {
	if t.tx, err = db.bolt.Begin(true); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	t.sums = &db.sums
	db.sums.begin(t.tx)
	committed := false
	defer func() { db.sums.end(committed) }()
	if err := db.fresh(t.tx, db.committed.Load()); err != nil {
		return err
	}
	id := t.tx.ID()
	if err := db.apply(t, works); err != nil {
		return full(errors.Join(err, t.tx.Rollback()))
	}
	if !t.dirty {
		return t.tx.Rollback()
	}
	if err := t.tx.Commit(); err != nil {
		return db.settleFailure(id, full(err))
	}
	for range flushes {
		db.flushed()
	}
	committed = true
	db.committed.Store(uint64(id)) //nolint:gosec // positive
	return db.there()
}

// forget drops what the turn collected, so that a second try starts anew.
func (t *turn) forget() {
	for _, q := range t.queues {
		q.forget()
	}
	t.queues, t.changes = nil, nil
	t.settled, t.aside = nil, 0
}

// apply runs the works one after the other; each sees what the former wrote.
func (db writer) apply(t *turn, works []work) error {
	for _, w := range works {
		o := w.about()
		if o.err = w.check(t); o.err != nil {
			continue
		}
		if err := w.write(t); err != nil {
			return err
		}
	}
	for _, q := range t.queues {
		if err := q.seal(t); err != nil {
			return err
		}
	}
	return t.sums.write()
}

// settleFailure tells a commit that surely is not in the file from one that
// may be. After a failed sync of the last page the kernel may show what the
// disk does not hold, and asking it to sync again proves nothing: then only a
// restart, which reads what is there, is safe.
func (db writer) settleFailure(id int, err error) error {
	visible := 0
	if viewErr := db.bolt.View(func(tx *bbolt.Tx) error { visible = tx.ID(); return nil }); viewErr != nil {
		err = errors.Join(err, viewErr)
	}
	if visible < id {
		return err
	}
	return db.fail(words.Fail(errors.Join(err, store.ErrDamaged), "store.doubtful", words.Args{"store": db.path, "reason": words.Said(err)}))
}

// full marks the errors of a disk, a quota or a cap that is used up. bbolt
// keeps the cause of some of them in words only.
func full(err error) error {
	if err == nil {
		return nil
	}
	for _, cause := range append(diskFull(), berrors.ErrMaxSizeReached) {
		if errors.Is(err, cause) || strings.Contains(err.Error(), cause.Error()) {
			return fmt.Errorf("%w: %w", store.ErrFull, err)
		}
	}
	return fmt.Errorf("store: %w", err)
}

// bucket opens or makes a bucket in the turn.
func (t *turn) bucket(name []byte, fill float64) (*bucket, error) { return t.sums.bucket(name, fill) }

// key is key8 in the turn's own room: bbolt copies what it keeps.
func (t *turn) key(n uint64) []byte {
	binary.BigEndian.PutUint64(t.scratch[:], n)
	return t.scratch[:]
}

// touch notes that the queue has something to seal and publish in this turn.
func (t *turn) touch(q *queue) {
	if !q.touched {
		q.touched = true
		t.queues = append(t.queues, q)
	}
}
