package telegram

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
)

// acks answers callback queries behind the scenes: every one must be, whether
// or not a reply follows, or the reader's button spins. A worker starts with
// the first and ends with the last that waits. Failures are counted only: a
// query that has become too old is no harm.
type acks struct {
	send func(context.Context, string) error

	mu      sync.Mutex
	waiting []string
	workers int
	closed  bool
	stop    []context.CancelFunc
	group   sync.WaitGroup

	done   atomic.Uint64
	failed atomic.Uint64
}

const (
	ackWorkers = 4
	ackQueue   = 1024
	ackTimeout = 5 * time.Second
)

func (a *acks) add(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.waiting) >= ackQueue {
		a.failed.Add(1)
		return
	}
	a.waiting = append(a.waiting, id)
	if a.workers == ackWorkers {
		return
	}
	a.workers++
	ctx, cancel := context.WithCancel(context.Background())
	a.stop = append(a.stop, cancel)
	a.group.Go(func() {
		defer cancel()
		a.work(ctx)
	})
}

func (a *acks) work(ctx context.Context) {
	for {
		id, ok := a.next()
		if !ok {
			return
		}
		bounded, cancel := context.WithTimeout(ctx, ackTimeout)
		err := a.sent(bounded, id)
		cancel()
		if err != nil {
			a.failed.Add(1)
			continue
		}
		a.done.Add(1)
	}
}

func (a *acks) sent(ctx context.Context, id string) (err error) {
	defer pull.Caught("acknowledge a tap", &err)
	return a.send(ctx, id)
}

func (a *acks) next() (string, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) == 0 {
		a.workers--
		if a.workers == 0 {
			a.stop = nil
		}
		return "", false
	}
	id := a.waiting[0]
	a.waiting = a.waiting[1:]
	return id, true
}

// close gives up what waits, ends what is under way and waits for its end.
func (a *acks) close() {
	a.mu.Lock()
	a.closed = true
	a.failed.Add(uint64(len(a.waiting)))
	a.waiting = nil
	for _, cancel := range a.stop {
		cancel()
	}
	a.mu.Unlock()
	a.group.Wait()
}
