package telegram

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
)

// acks answers callback queries behind the scenes, a few at a time: every one must be,
// whether or not a reply follows, or the reader's button spins. Failures are counted
// only: a query that has become too old is no harm.
type acks struct {
	send  func(context.Context, string) error
	turns chan struct{}

	mu    sync.Mutex
	ctx   context.Context
	end   context.CancelFunc
	group sync.WaitGroup

	waiting, done, failed atomic.Int64
}

const (
	acksAtOnce = 4
	ackQueue   = 1024
	ackTimeout = 5 * time.Second
)

func newAcks(send func(context.Context, string) error) *acks {
	a := &acks{send: send, turns: make(chan struct{}, acksAtOnce)}
	a.ctx, a.end = context.WithCancel(context.Background())
	return a
}

// add answers a query soon, unless too many wait.
func (a *acks) add(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ctx.Err() != nil || a.waiting.Load() >= ackQueue {
		a.failed.Add(1)
		return
	}
	a.waiting.Add(1)
	a.group.Go(func() {
		defer a.waiting.Add(-1)
		if a.answer(id) != nil {
			a.failed.Add(1)
			return
		}
		a.done.Add(1)
	})
}

func (a *acks) answer(id string) (err error) {
	defer pull.Caught("acknowledge a tap", &err)
	select {
	case a.turns <- struct{}{}:
		defer func() { <-a.turns }()
	case <-a.ctx.Done():
		return a.ctx.Err()
	}
	ctx, cancel := context.WithTimeout(a.ctx, ackTimeout)
	defer cancel()
	return a.send(ctx, id)
}

// close gives up what waits, ends what is under way and waits for its end.
func (a *acks) close() {
	a.mu.Lock()
	a.end()
	a.mu.Unlock()
	a.group.Wait()
}
