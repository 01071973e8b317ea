// Package readyqueue keeps what waits to be claimed in the order in which it may be:
// entries that are due first in, first out, later ones by their time. Nothing in it is
// durable: back ends rebuild it.
package readyqueue

import (
	"container/heap"
	"context"
	"slices"
	"sync"
	"time"

	"keypull/store"
)

// longestSleep bounds how late an entry comes when the wall clock jumps ahead:
// timers of the runtime do not follow it.
const longestSleep = time.Minute

// Item is one waiting entry. Value is whatever the back end needs to hand
// out the entry.
type Item[T any] struct {
	Seq   uint64
	Due   time.Time
	Value T
}

// Queue is safe for use by many goroutines.
type Queue[T any] struct {
	now    func() time.Time
	wake   chan struct{}
	closed chan struct{}

	mu    sync.Mutex
	in    seqSet    // what has been neither taken nor removed
	ready []Item[T] // due, from head on
	head  int
	later dues[T]
	timer *time.Timer
}

// New makes an empty queue that reads the time from now.
func New[T any](now func() time.Time) *Queue[T] {
	return &Queue[T]{
		now:    now,
		wake:   make(chan struct{}, 1),
		closed: make(chan struct{}),
	}
}

// Add puts items behind those that are due by now, in the order given.
func (q *Queue[T]) Add(items ...Item[T]) {
	if len(items) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	q.moveDue(now)
	for _, it := range items {
		q.in.addSeq(it.Seq)
		if it.Due.After(now) {
			heap.Push(&q.later, it)
			continue
		}
		q.ready = append(q.ready, it)
	}
	q.wakeCaller()
}

// Return puts back what was taken and not handed on: to the front, in the order
// in which it was taken.
func (q *Queue[T]) Return(items ...Item[T]) {
	if len(items) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, it := range items {
		q.in.addSeq(it.Seq)
	}
	q.ready = slices.Concat(items, q.ready[q.head:])
	q.head = 0
	q.wakeCaller()
}

// Remove takes items out; those that are not in the queue are ignored.
func (q *Queue[T]) Remove(seqs ...uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, seq := range seqs {
		q.in.removeSeq(seq)
	}
}

// Take waits until an item is due and returns up to limit of them, each once.
// It ends with the error of ctx, or with store.ErrClosed.
func (q *Queue[T]) Take(ctx context.Context, limit int) ([]Item[T], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for {
		select {
		case <-q.closed:
			return nil, store.ErrClosed
		default:
		}
		if items := q.takeReady(limit); len(items) > 0 {
			return items, nil
		}
		select {
		case <-q.wake:
		case <-q.closed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends every Take.
func (q *Queue[T]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-q.closed:
		return
	default:
	}
	close(q.closed)
	if q.timer != nil {
		q.timer.Stop()
	}
}

func (q *Queue[T]) takeReady(limit int) []Item[T] {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.moveDue(q.now())
	var out []Item[T]
	for len(out) < limit && q.head < len(q.ready) {
		it := q.ready[q.head]
		q.ready[q.head] = Item[T]{} // let go of the value
		q.head++
		if !q.in.removeSeq(it.Seq) {
			continue
		}
		if out == nil {
			out = make([]Item[T], 0, min(limit, len(q.ready)-q.head+1))
		}
		out = append(out, it)
	}
	q.settle()
	return out
}

// settle drops what was taken, and has the next caller woken when there is something.
func (q *Queue[T]) settle() {
	if q.head == len(q.ready) {
		q.ready, q.head = q.ready[:0], 0
	} else if q.head > 1024 && q.head > len(q.ready)/2 {
		n := copy(q.ready, q.ready[q.head:])
		clear(q.ready[n:])
		q.ready, q.head = q.ready[:n], 0
	}
	if q.head < len(q.ready) {
		q.wakeCaller()
		return
	}
	q.setTimer()
}

// moveDue moves what has become due behind what already is.
func (q *Queue[T]) moveDue(now time.Time) {
	for len(q.later) > 0 && !q.later[0].Due.After(now) {
		q.ready = append(q.ready, heap.Pop(&q.later).(Item[T]))
	}
}

// setTimer has a caller look again when the next item is due.
func (q *Queue[T]) setTimer() {
	if len(q.later) == 0 {
		return
	}
	wait := min(max(q.later[0].Due.Sub(q.now()), time.Millisecond), longestSleep)
	if q.timer == nil {
		q.timer = time.AfterFunc(wait, q.wakeCaller)
		return
	}
	q.timer.Reset(wait)
}

func (q *Queue[T]) wakeCaller() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// dues is a heap by time, then by sequence.
type dues[T any] []Item[T]

func (d dues[T]) Len() int      { return len(d) }
func (d dues[T]) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d dues[T]) Less(i, j int) bool {
	if d[i].Due.Equal(d[j].Due) {
		return d[i].Seq < d[j].Seq
	}
	return d[i].Due.Before(d[j].Due)
}

// Push is part of heap.Interface.
func (d *dues[T]) Push(x any) { *d = append(*d, x.(Item[T])) }

// Pop is part of heap.Interface.
func (d *dues[T]) Pop() any {
	old := *d
	last := old[len(old)-1]
	old[len(old)-1] = Item[T]{}
	*d = old[:len(old)-1]
	return last
}
