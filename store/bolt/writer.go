package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/wal"
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

	view    *view
	opened  []*bucket
	record  []byte   // of all works, one behind the other
	ends    []int    // where the records of works end in it
	queues  []*queue // with something fresh or acknowledged
	changes []store.Change
	scratch [8]byte
	settled []*setting // damaged things that were looked at
	aside   int64      // and how many were moved
	looked  bool       // at the disk, and this is what was found
	room    error
}

// writer is the one that writes the log.
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
			db.end()
			return
		case t == nil:
			db.tend()
			db.rest()
			// Whoever is ready to run leaves his work first: without it a
			// crowd that was woken by one commit is split over two.
			runtime.Gosched()
			continue
		}
		db.turn(t)
		close(t.done)
		db.tend()
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
	defer db.keepLater(t.works)
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
		err = db.commit(t, shrink)
	}
	if err != nil {
		fail(shrink, err)
	}
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

// commit makes works durable and publishes what came of it.
func (db writer) commit(t *turn, works []work) error {
	defer t.forget()
	if err := db.guarded(func() error { return db.durable(t, works) }); err != nil {
		return err
	}
	db.asides.settle(t)
	if len(t.ends) == 0 {
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

// durable appends works to the log, each as a record of its own; they are on the
// disk when there is no error, and readers see them. Work that nobody waits for is
// left to the system for a while: the end of the process does not lose it.
func (db writer) durable(t *turn, works []work) error {
	db.makeRoom(t)
	err := db.apply(t, works)
	if err == nil && len(t.ends) > 0 {
		err = db.startLog()
	}
	if err == nil && len(t.ends) > 0 {
		err = db.wal.Append(t.records(), t.urgent)
	}
	if err != nil {
		db.takeBack(t)
		if errors.Is(err, wal.ErrDoubtful) {
			return db.doubt(err)
		}
		return full(err)
	}
	if len(t.ends) == 0 {
		return nil
	}
	db.publish(t)
	return db.there()
}

// forget drops what the turn collected, so that a second try starts anew.
func (t *turn) forget() {
	for _, q := range t.queues {
		q.forget()
	}
	t.queues, t.changes = nil, nil
	t.settled, t.aside = nil, 0
	t.view, t.opened, t.record, t.ends = nil, nil, nil, nil
}

// aroundWork is about what the record of a work takes beside what it brings; usually
// it is two thirds of that.
const aroundWork = 96

// apply runs the works one after the other; each sees what the former wrote.
func (db writer) apply(t *turn, works []work) error {
	tx, err := db.bolt.Begin(false)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	if err := db.fresh(tx, db.committed.Load()); err != nil {
		return err
	}
	t.view = &view{tx: tx, active: db.active, frozen: db.frozen}
	t.record = make([]byte, 0, t.bytes+aroundWork*(1+len(works)))
	defer func() { db.active = t.view.active }()
	for _, w := range works {
		o := w.about()
		if o.err = db.fits(w); o.err == nil {
			o.err = w.check(t)
		}
		if o.err != nil {
			continue
		}
		from := len(t.record)
		if err := w.write(t); err != nil {
			return err
		}
		if len(t.record) > from {
			t.ends = append(t.ends, len(t.record))
		}
	}
	return nil
}

// records are what the works of the turn wrote, apart.
func (t *turn) records() [][]byte {
	out := make([][]byte, len(t.ends))
	from := 0
	for i, end := range t.ends {
		out[i], from = t.record[from:end], end
	}
	return out
}

// publish shows readers what the turn wrote.
func (db writer) publish(t *turn) {
	next := &state{frozen: db.frozen, active: make(layer, len(db.active))}
	copy(next.active, db.state.Load().active)
	for _, b := range t.opened {
		i := slices.Index(db.active, b.sheets[0])
		shown := *db.active[i]
		shown.tree = shown.tree.Copy()
		next.active[i] = &shown
	}
	for i, s := range next.active {
		if s == nil { // begun by a turn that failed
			next.active[i] = &sheet{name: db.active[i].name, tree: newTree(), floor: db.active[i].floor}
		}
	}
	db.state.Store(next)
}

// takeBack forgets what a turn wrote that failed.
func (db writer) takeBack(t *turn) {
	shown := db.state.Load().active
	for _, b := range t.opened {
		s := b.sheets[0]
		if was := shown.of(s.name); was != nil {
			s.tree, s.sequence = was.tree.Copy(), was.sequence
			continue
		}
		s.tree, s.sequence = newTree(), 0
	}
}

// doubt ends the store: after a flush that failed the kernel may show what the
// disk does not hold, and asking it to flush again proves nothing. Only a restart,
// which reads what is there, is safe.
func (db *DB) doubt(err error) error {
	return db.fail(words.Fail(errors.Join(err, store.ErrDamaged), "store.doubtful", words.Args{"store": db.path, "reason": words.Said(err)}))
}

// full marks the errors of a disk or a quota that is used up. bbolt keeps the
// cause of some of them in words only.
func full(err error) error {
	if err == nil {
		return nil
	}
	for _, cause := range diskFull() {
		if errors.Is(err, cause) || strings.Contains(err.Error(), cause.Error()) {
			return fmt.Errorf("%w: %w", store.ErrFull, err)
		}
	}
	return fmt.Errorf("store: %w", err)
}

// key is key8 in the turn's own room, for who does not keep it.
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
