package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keypull/cmd/keypull/demo"
	"keypull/pull"
	"keypull/pull/who"
)

// crowdChannel is the channel of the readers who ask all at once; their
// answers go nowhere.
const crowdChannel = "crowd"

// takeAtOnce is how many of a crowd's asks share one delivery.
const takeAtOnce = 50

// crowd is readers who ask at once.
type crowd struct {
	// name begins the address of each of them.
	name    string
	readers int
	began   time.Time
	// answered counts them; took is how long it was until the last one, in
	// nanoseconds, and 0 before.
	answered, took atomic.Int64
	done           chan struct{}
}

func newCrowd(readers int, began time.Time) *crowd {
	return &crowd{
		name: "reader-" + strconv.FormatInt(began.UnixNano(), 36) + "-", readers: readers, began: began,
		done: make(chan struct{}),
	}
}

// addAnswer counts the answer to one of them; what is for an earlier crowd is not.
func (c *crowd) addAnswer(address string) {
	if !strings.HasPrefix(address, c.name) || c.answered.Add(1) != int64(c.readers) {
		return
	}
	c.took.Store(int64(time.Since(c.began)))
	close(c.done)
}

func (c *crowd) makeAsks(from, to int, text string, reader func(name string) who.Key) []pull.Ask {
	asks := make([]pull.Ask, 0, to-from)
	for i := from; i < to; i++ {
		name := c.name + strconv.Itoa(i)
		asks = append(asks, pull.Ask{
			Publisher: demo.CrowdID, Channel: crowdChannel, Reader: reader(name), At: c.began,
			Incoming: pull.Incoming{ID: name, Address: name, Text: text},
		})
	}
	return asks
}

// Ask has that many readers ask the same words at once, by the real path:
// accepted durably, resolved, settled, delivered.
func (v *demoView) Ask(ctx context.Context, readers int, text string) error {
	c := newCrowd(readers, time.Now())
	v.crowd.Store(c)
	pseudonym := func(name string) who.Key { return v.server.readerKey(demo.CrowdID, crowdChannel, name) }
	var (
		wait   sync.WaitGroup
		failed atomic.Pointer[error]
	)
	for from := 0; from < readers; from += takeAtOnce {
		wait.Go(func() {
			asks := c.makeAsks(from, min(from+takeAtOnce, readers), text, pseudonym)
			if _, err := v.server.pipeline.Take(ctx, asks); err != nil {
				failed.Store(&err)
			}
		})
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		v.crowd.Store(nil)
		return fmt.Errorf("the crowd was turned away: %w", *err)
	}
	select {
	case <-c.done:
	case <-ctx.Done():
	}
	return nil
}

// Asked tells how far the crowd that asked last has come.
func (v *demoView) Asked() demo.CrowdResult {
	c := v.crowd.Load()
	if c == nil {
		return demo.CrowdResult{}
	}
	took := time.Duration(c.took.Load())
	if took == 0 {
		took = time.Since(c.began)
	}
	return demo.CrowdResult{Asks: c.readers, Answers: int(c.answered.Load()), Took: took}
}
