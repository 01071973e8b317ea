package outside

import (
	"context"
	"slices"
	"sync"
)

type askerMark struct{}

// For names on whose behalf the requests of a context are made: a source of a
// publisher, say. Where many wait for places at one host, the names take turns,
// so that one with hundreds of requests holds up none with a single one.
func For(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, askerMark{}, name)
}

func asker(ctx context.Context) string {
	name, _ := ctx.Value(askerMark{}).(string)
	return name
}

type queuedMark struct{}

// Queued has a function told when a request of the context begins to wait for a
// place at its host, and when it has got it: that time is none of upstream's.
// So it is of what waits for us once upstream has answered: see Waits. It is not
// told of requests that nobody waits for; calls may overlap where the context's
// requests do.
func Queued(ctx context.Context, tell func(waiting, answered bool)) context.Context {
	return context.WithValue(ctx, queuedMark{}, tell)
}

// Waits says that what upstream has answered waits for something of ours, such
// as a place in a pool, and by over that it waits no longer: see Queued.
func Waits(ctx context.Context) (over func()) {
	queued(ctx, true, true)
	return func() { queued(ctx, false, true) }
}

// queued tells whoever listens whether a request waits.
func queued(ctx context.Context, waiting, answered bool) {
	if tell, ok := ctx.Value(queuedMark{}).(func(bool, bool)); ok && !behind(ctx) {
		tell(waiting, answered)
	}
}

// fairQueue hands out a number of places: to each name in turn, within a name
// first come, first served.
type fairQueue struct {
	mu   sync.Mutex
	free int
	// lines are who waits, by name; turns are those names, the next one first.
	lines map[string][]chan struct{}
	turns []string
}

// take waits for a place, which release gives back. It is false where ctx ended first.
func (l *fairQueue) take(ctx context.Context, name string) bool {
	l.mu.Lock()
	if l.free > 0 {
		l.free--
		l.mu.Unlock()
		return true
	}
	called := make(chan struct{})
	l.join(name, called)
	l.mu.Unlock()
	queued(ctx, true, false)
	select {
	case <-called:
		queued(ctx, false, false)
		return true
	case <-ctx.Done():
	}
	l.mu.Lock()
	left := l.leave(name, called)
	l.mu.Unlock()
	if !left {
		// It was called at the same moment.
		l.release()
	}
	return false
}

func (l *fairQueue) join(name string, called chan struct{}) {
	if l.lines == nil {
		l.lines = map[string][]chan struct{}{}
	}
	if len(l.lines[name]) == 0 {
		l.turns = append(l.turns, name)
	}
	l.lines[name] = append(l.lines[name], called)
}

// leave takes one who waits out of line; false if it waits no more.
func (l *fairQueue) leave(name string, called chan struct{}) bool {
	i := slices.Index(l.lines[name], called)
	if i < 0 {
		return false
	}
	l.keep(name, slices.Delete(l.lines[name], i, i+1))
	if len(l.lines[name]) == 0 {
		l.turns = slices.DeleteFunc(l.turns, func(n string) bool { return n == name })
	}
	return true
}

// release passes a place on, or lays it down.
func (l *fairQueue) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.turns) == 0 {
		l.free++
		return
	}
	name := l.turns[0]
	l.turns = l.turns[1:]
	called := l.lines[name][0]
	l.keep(name, l.lines[name][1:])
	if len(l.lines[name]) > 0 {
		l.turns = append(l.turns, name)
	}
	close(called)
}

func (l *fairQueue) keep(name string, line []chan struct{}) {
	if len(line) == 0 {
		delete(l.lines, name)
		return
	}
	l.lines[name] = line
}
