// Package line keeps what waits to be claimed in the order in which it may be:
// entries that are due first in, first out, later ones by their time. It
// leaves durability to the back ends; a line is a view that they rebuild.
package line

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

// Item is one place in the line. Value is whatever the back end needs to hand
// out the entry.
type Item[T any] struct {
	Seq   uint64
	Due   time.Time
	Value T
}

// Line is safe for use by many goroutines.
type Line[T any] struct {
	now    func() time.Time
	wake   chan struct{}
	closed chan struct{}

	mu    sync.Mutex
	in    marks     // what has been neither taken nor removed
	ready []Item[T] // due, from head on
	head  int
	later dues[T]
	timer *time.Timer
}

// New makes an empty line that reads the time from now.
func New[T any](now func() time.Time) *Line[T] {
	return &Line[T]{
		now:    now,
		wake:   make(chan struct{}, 1),
		closed: make(chan struct{}),
	}
}

// Add puts items behind those that are due by now, in the order given.
func (l *Line[T]) Add(items ...Item[T]) {
	if len(items) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.ripen(now)
	for _, it := range items {
		l.in.set(it.Seq)
		if it.Due.After(now) {
			heap.Push(&l.later, it)
			continue
		}
		l.ready = append(l.ready, it)
	}
	l.signal()
}

// Return puts back what was taken and not handed on: to the front, in the order
// in which it was taken.
func (l *Line[T]) Return(items ...Item[T]) {
	if len(items) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range items {
		l.in.set(it.Seq)
	}
	l.ready = slices.Concat(items, l.ready[l.head:])
	l.head = 0
	l.signal()
}

// Remove takes items out of the line; those that are not in it are ignored.
func (l *Line[T]) Remove(seqs ...uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, seq := range seqs {
		l.in.clear(seq)
	}
}

// Take waits until an item is due and returns up to limit of them, each once.
// It ends with the error of ctx, or with store.ErrClosed.
func (l *Line[T]) Take(ctx context.Context, limit int) ([]Item[T], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for {
		select {
		case <-l.closed:
			return nil, store.ErrClosed
		default:
		}
		if items := l.take(limit); len(items) > 0 {
			return items, nil
		}
		select {
		case <-l.wake:
		case <-l.closed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends every Take.
func (l *Line[T]) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.closed:
		return
	default:
	}
	close(l.closed)
	if l.timer != nil {
		l.timer.Stop()
	}
}

func (l *Line[T]) take(limit int) []Item[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ripen(l.now())
	var out []Item[T]
	for len(out) < limit && l.head < len(l.ready) {
		it := l.ready[l.head]
		l.ready[l.head] = Item[T]{} // let go of the value
		l.head++
		if !l.in.clear(it.Seq) {
			continue
		}
		if out == nil {
			out = make([]Item[T], 0, min(limit, len(l.ready)-l.head+1))
		}
		out = append(out, it)
	}
	l.settle()
	return out
}

// settle leaves the line so that the next one who takes is woken when there is
// something for him.
func (l *Line[T]) settle() {
	if l.head == len(l.ready) {
		l.ready, l.head = l.ready[:0], 0
	} else if l.head > 1024 && l.head > len(l.ready)/2 {
		n := copy(l.ready, l.ready[l.head:])
		clear(l.ready[n:])
		l.ready, l.head = l.ready[:n], 0
	}
	if l.head < len(l.ready) {
		l.signal()
		return
	}
	l.arm()
}

// ripen moves what has become due behind what already is.
func (l *Line[T]) ripen(now time.Time) {
	for len(l.later) > 0 && !l.later[0].Due.After(now) {
		l.ready = append(l.ready, heap.Pop(&l.later).(Item[T]))
	}
}

// arm sees to it that someone looks again when the next item is due.
func (l *Line[T]) arm() {
	if len(l.later) == 0 {
		return
	}
	wait := min(max(l.later[0].Due.Sub(l.now()), time.Millisecond), longestSleep)
	if l.timer == nil {
		l.timer = time.AfterFunc(wait, l.signal)
		return
	}
	l.timer.Reset(wait)
}

func (l *Line[T]) signal() {
	select {
	case l.wake <- struct{}{}:
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
