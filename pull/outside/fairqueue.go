package outside

import (
	"context"
	"slices"
	"sync"
)

// FairQueue hands out a number of places: to each name in turn, within a name
// first come, first served.
type FairQueue struct {
	mu   sync.Mutex
	free int
	// lines are who waits, by name; turns are those names, the next one first.
	lines map[string][]chan struct{}
	turns []string
}

// NewFairQueue returns one of so many places.
func NewFairQueue(places int) *FairQueue { return &FairQueue{free: places} }

// Take waits for a place, which Release gives back; false if ctx ended first.
func (l *FairQueue) Take(ctx context.Context, e Errand) bool {
	l.mu.Lock()
	if l.free > 0 {
		l.free--
		l.mu.Unlock()
		return true
	}
	called := make(chan struct{})
	l.joinLine(e.Asker, called)
	l.mu.Unlock()
	e.tellWaiting(true, false)
	select {
	case <-called:
		e.tellWaiting(false, false)
		return true
	case <-ctx.Done():
	}
	l.mu.Lock()
	left := l.leaveLine(e.Asker, called)
	l.mu.Unlock()
	if !left {
		// It was called at the same moment.
		l.Release()
	}
	return false
}

func (l *FairQueue) joinLine(name string, called chan struct{}) {
	if l.lines == nil {
		l.lines = map[string][]chan struct{}{}
	}
	if len(l.lines[name]) == 0 {
		l.turns = append(l.turns, name)
	}
	l.lines[name] = append(l.lines[name], called)
}

// leaveLine takes one who waits out of line; false if it waits no more.
func (l *FairQueue) leaveLine(name string, called chan struct{}) bool {
	i := slices.Index(l.lines[name], called)
	if i < 0 {
		return false
	}
	l.keepLine(name, slices.Delete(l.lines[name], i, i+1))
	if len(l.lines[name]) == 0 {
		l.turns = slices.DeleteFunc(l.turns, func(n string) bool { return n == name })
	}
	return true
}

// Release passes a place on, or lays it down.
func (l *FairQueue) Release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.turns) == 0 {
		l.free++
		return
	}
	name := l.turns[0]
	l.turns = l.turns[1:]
	called := l.lines[name][0]
	l.keepLine(name, l.lines[name][1:])
	if len(l.lines[name]) > 0 {
		l.turns = append(l.turns, name)
	}
	close(called)
}

func (l *FairQueue) keepLine(name string, line []chan struct{}) {
	if len(line) == 0 {
		delete(l.lines, name)
		return
	}
	l.lines[name] = line
}
