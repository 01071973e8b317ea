package pull

import (
	"context"
	"slices"
	"sync"

	"keypull/pull/words"
)

// Limits of a gate.
const (
	// DefaultAtOnce is how many fetches of one source run at a time.
	DefaultAtOnce = 32
	// maxTardy is how many more may go on without a place after their deadline.
	maxTardy = 8
)

// gate lets so many fetches of one source run at a time. Who waits is let in
// asker by asker, so that nobody who asks for much stands before the others.
type gate struct {
	mu    sync.Mutex
	free  int
	lines map[string][]*waiter
	// askers are those with a line, the next first.
	askers []string
	inside map[*flight]bool
	// late are flights that gave their place up, the oldest first.
	late []*flight
}

// waiter is one flight that waits at a gate; let is closed when it may go.
type waiter struct {
	flight *flight
	let    chan struct{}
}

func newGate(places int) *gate {
	if places <= 0 {
		places = DefaultAtOnce
	}
	return &gate{free: places, lines: map[string][]*waiter{}, inside: map[*flight]bool{}}
}

// enter waits for a place until ctx ends.
func (g *gate) enter(ctx context.Context, f *flight, asker string) error {
	t := &waiter{flight: f, let: make(chan struct{})}
	g.mu.Lock()
	if len(g.lines[asker]) == 0 {
		g.askers = append(g.askers, asker)
	}
	g.lines[asker] = append(g.lines[asker], t)
	g.admitNext()
	g.mu.Unlock()
	select {
	case <-t.let:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-t.let:
		return nil // it was let in at the last moment
	default:
	}
	g.lines[asker] = slices.DeleteFunc(g.lines[asker], func(o *waiter) bool { return o == t })
	if len(g.lines[asker]) == 0 {
		delete(g.lines, asker)
		g.askers = slices.DeleteFunc(g.askers, func(a string) bool { return a == asker })
	}
	return context.Cause(ctx)
}

// admitNext lets in whoever is next, for as long as there are places.
func (g *gate) admitNext() {
	for g.free > 0 && len(g.askers) > 0 {
		asker := g.askers[0]
		line := g.lines[asker]
		g.askers = g.askers[1:]
		if len(line) > 1 {
			g.lines[asker] = line[1:]
			g.askers = append(g.askers, asker)
		} else {
			delete(g.lines, asker)
		}
		g.free--
		g.inside[line[0].flight] = true
		close(line[0].let)
	}
}

// leave gives a flight's place back, where it still has one.
func (g *gate) leave(f *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.late = slices.DeleteFunc(g.late, func(o *flight) bool { return o == f })
	g.freePlace(f)
}

// releaseLate takes the place of a flight that is past its deadline. It may go on
// beside the others; of too many of those the oldest is ended.
func (g *gate) releaseLate(f *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.inside[f] {
		return
	}
	g.late = append(g.late, f)
	if len(g.late) > maxTardy {
		g.late[0].cancel()
		g.late = g.late[1:]
	}
	g.freePlace(f)
}

func (g *gate) freePlace(f *flight) {
	if g.inside[f] {
		delete(g.inside, f)
		g.free++
		g.admitNext()
	}
}

// enterGate waits for a place at the source's gate; done gives it back.
func (k *flights) enterGate(f *flight, w Want) (done func(), err error) {
	queue, leave := context.WithTimeout(k.life, flightTimeout)
	defer leave()
	k.mu.Lock()
	f.leave = leave
	g := k.gateOf(w.ID)
	k.mu.Unlock()
	if err := g.enter(queue, f, w.Asker); err != nil {
		return nil, &Error{Kind: Crowded, Op: "fetch " + w.ID.Source, Err: err,
			Hint: words.Text{Key: "fetch.crowded"}}
	}
	return func() { g.leave(f) }, nil
}

// gateOf returns the gate of a place's source; k.mu is held.
func (k *flights) gateOf(p SnapshotID) *gate {
	name := p.Publisher + "/" + p.Source
	if k.gates[name] == nil {
		k.gates[name] = newGate(k.options.AtOnce)
	}
	return k.gates[name]
}
