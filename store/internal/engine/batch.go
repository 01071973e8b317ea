package engine

import (
	"encoding/binary"
	"slices"
	"time"
)

// Work is what one caller wants written. Check refuses it alone, before anything of it
// is written; an error of Write fails the whole batch.
type Work interface {
	Check(t *Batch) error
	Write(t *Batch) error
	Size() int
	Result() *Outcome
}

// Outcome is embedded in every Work.
type Outcome struct {
	// Shrinks says that the work frees more than it takes: it is tried also when the
	// store is full.
	Shrinks bool

	err   error
	later bool // nobody waits: try again when the batch fails
}

// Result implements Work.
func (r *Outcome) Result() *Outcome { return r }

// Observer is told what became of a batch that it was noted in.
type Observer interface {
	// Publish is called once the batch is durable.
	Publish()
	// Forget is called at the end, in any case.
	Forget()
}

// Batch is the work that shares one flush of the log, and what it changes.
type Batch struct {
	works []Work
	bytes int
	done  chan struct{}
	// urgent: somebody waits for it. by: when it has to be written where nobody does. It
	// has one of the two, or both.
	urgent bool
	by     time.Time

	layout    Layout
	frozen    uint64 // how often memtables were frozen
	view      *Snapshot
	opened    []*Bucket
	record    []byte // of all works, one behind the other
	ends      []int  // where the records of works end in it
	observers []Observer
	scratch   [8]byte
	settled   []*quarantineMove // damaged values that were looked at
	moved     int64             // and how many of them were moved

	disk   *diskRoom
	looked bool // at the disk, and room is what was found
	room   error
}

// Snapshot returns the store as the works of the batch see it.
func (t *Batch) Snapshot() *Snapshot { return t.view }

// Frozen returns how often memtables were frozen before the batch: what stood in them
// stands below those that it writes.
func (t *Batch) Frozen() uint64 { return t.frozen }

// Key returns the function Key in the batch's own room, for keys that nobody retains.
func (t *Batch) Key(n uint64) []byte {
	binary.BigEndian.PutUint64(t.scratch[:], n)
	return t.scratch[:]
}

// Room returns store.ErrFull where too little of the disk is left.
func (t *Batch) Room() error {
	if !t.looked {
		t.looked, t.room = true, t.disk.checkFree()
	}
	return t.room
}

// Observe has an observer told what becomes of the batch.
func (t *Batch) Observe(o Observer) {
	if !slices.Contains(t.observers, o) {
		t.observers = append(t.observers, o)
	}
}

// workRecords returns what the works wrote, apart.
func (t *Batch) workRecords() [][]byte {
	out := make([][]byte, len(t.ends))
	from := 0
	for i, end := range t.ends {
		out[i], from = t.record[from:end], end
	}
	return out
}

// resetChanges drops what the batch collected, so that a second try starts anew.
func (t *Batch) resetChanges() {
	for _, o := range t.observers {
		o.Forget()
	}
	t.observers, t.settled, t.moved = nil, nil, 0
	t.view, t.opened, t.record, t.ends = nil, nil, nil, nil
}
