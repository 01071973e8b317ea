package pull

import (
	"context"
	"slices"
	"sync"

	"keypull/pull/outside"
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
	places *outside.FairQueue
	mu     sync.Mutex
	inside map[*flight]bool
	// late are flights that gave their place up, the oldest first.
	late []*flight
}

func newGate(places int) *gate {
	if places <= 0 {
		places = DefaultAtOnce
	}
	return &gate{places: outside.NewFairQueue(places), inside: map[*flight]bool{}}
}

// enter waits for a place until ctx ends.
func (g *gate) enter(ctx context.Context, f *flight, asker string) error {
	if !g.places.Take(ctx, outside.Errand{Asker: asker}) {
		return context.Cause(ctx)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside[f] = true
	return nil
}

// leave gives a flight's place back, where it still has one.
func (g *gate) leave(f *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.late = slices.DeleteFunc(g.late, func(o *flight) bool { return o == f })
	g.freePlace(f)
}

// releaseLate takes its place from a flight that is past its deadline. It may go on
// without; of too many of those the oldest is ended.
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
		g.places.Release()
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
