package engine

import (
	"context"
	"sync"

	"keypull/store/internal/wal"
)

// tailBytes is how much of what was appended last stands in memory for who follows.
const tailBytes = 4 << 20

// feed is what the log appends, for who follows it: what is flushed for sure, in its order. A nil
// feed is nobody's.
type feed struct {
	reads sync.Mutex // of kept's records
	kept  wal.Kept

	mu      sync.Mutex
	tail    []wal.Run // flushed, without a gap, the last is flushed's
	bytes   int       // of tail
	loose   []wal.Run // appended, not flushed
	flushed uint64
	changed chan struct{} // closed once flushed grows
}

func newFeed(kept wal.Kept) *feed { return &feed{kept: kept, changed: make(chan struct{})} }

// begin says what the file holds.
func (f *feed) begin(applied uint64) {
	if f != nil {
		f.flushed = applied
	}
}

// append takes what was appended, and all before it where it is flushed.
func (f *feed) append(run wal.Run, flushed bool) {
	if f == nil {
		return
	}
	f.loose = append(f.loose, run) // the writer's own
	if flushed {
		f.flush()
	}
}

// flush says that all that was appended is flushed.
func (f *feed) flush() {
	if f == nil || len(f.loose) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, run := range f.loose {
		f.tail, f.bytes = append(f.tail, run), f.bytes+sizeOfRun(run)
	}
	for len(f.tail) > 0 && f.bytes > tailBytes {
		f.bytes -= sizeOfRun(f.tail[0])
		f.tail[0] = wal.Run{} // lest the slice keeps it
		f.tail = f.tail[1:]
	}
	f.flushed = f.loose[len(f.loose)-1].Last()
	f.loose = nil
	close(f.changed)
	f.changed = make(chan struct{})
}

func sizeOfRun(run wal.Run) (n int) {
	for _, r := range run.Records {
		n += len(r) + recordOverhead
	}
	return n
}

// now returns what is flushed, and what is closed once more is.
func (f *feed) now() (flushed uint64, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.flushed, f.changed
}

// inMemory returns what stands in memory behind a sequence; none where that is not there.
func (f *feed) inMemory(after, upTo uint64, most int) (run wal.Run, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.tail {
		if r.First > after+1 || r.Last() <= after {
			continue
		}
		if !ok {
			run, ok = wal.Run{Salt: r.Salt, First: after + 1}, true
		} else if r.Salt != run.Salt {
			break
		}
		for seq := max(r.First, after+1); seq <= r.Last(); seq++ {
			if most <= 0 || seq > upTo {
				return run, ok
			}
			record := r.Records[seq-r.First]
			run.Records, most = append(run.Records, record), most-len(record)
		}
	}
	return run, ok
}

// LogPosition is a place in the log of a store: the last record that was taken, and the segment that
// it was in, which no other log has.
type LogPosition struct {
	Sequence uint64 `json:"sequence"`
	Salt     uint32 `json:"salt"`
}

// Flushed returns the last sequence of the log that is durable, and a channel that is closed once
// there is a later one.
func (e *Engine) Flushed() (sequence uint64, changed <-chan struct{}) { return e.feed.now() }

// Held says that the log has what follows a position; wal.ErrGone where it is of another life, or
// what follows is not there any more.
func (e *Engine) Held(at LogPosition) error {
	flushed, _ := e.feed.now()
	if at.Sequence > flushed || at.Sequence == 0 {
		return wal.ErrGone
	}
	if run, ok := e.feed.inMemory(at.Sequence-1, flushed, 1); ok {
		if run.Salt != at.Salt {
			return wal.ErrGone
		}
		return nil
	}
	e.feed.reads.Lock()
	defer e.feed.reads.Unlock()
	salt, err := e.feed.kept.SaltOf(at.Sequence)
	if err == nil && salt != at.Salt {
		err = wal.ErrGone
	}
	return err //nolint:wrapcheck // the caller tells them apart
}

// ReadLog returns durable records behind a sequence, of one segment and about so many bytes.
// wal.ErrGone where the next one is not there any more.
func (e *Engine) ReadLog(ctx context.Context, after, upTo uint64, most int) (wal.Run, error) {
	if err := e.serves(ctx); err != nil {
		return wal.Run{}, err
	}
	if run, ok := e.feed.inMemory(after, upTo, most); ok {
		return run, nil
	}
	e.feed.reads.Lock()
	defer e.feed.reads.Unlock()
	return e.feed.kept.ReadAfter(after, upTo, most) //nolint:wrapcheck // the caller tells them apart
}

// DropLog says that who follows has all up to a sequence. The record itself stays: by it the
// position is known.
func (e *Engine) DropLog(taken uint64) error {
	return e.feed.kept.Drop(taken) //nolint:wrapcheck // it names the file
}
