package outside

import (
	"context"
	"sync"
)

// Noting notes that something is being computed from now on, until the function
// that it returns is called.
type Noting func() (over func())

type computingMark struct{}

// computing is what is computed under a context: noted while it is, and not
// while it waits for anything.
type computing struct {
	note, behind Noting

	mu    sync.Mutex
	waits int
	ended bool
	over  func()
}

// Computing has what is computed under the context noted until done is called,
// but for the times in which it is Away. behind notes what is computed for it by
// others, who take it with Behalf; either may be nil.
func Computing(ctx context.Context, note, behind Noting) (computed context.Context, done func()) {
	c := &computing{note: note, behind: behind}
	c.begin()
	return context.WithValue(ctx, computingMark{}, c), c.end
}

// Away says that what is computed under a context waits, for a queue, a network
// or a disk, until back is called. It may be said by many at once.
func Away(ctx context.Context) (back func()) {
	c, _ := ctx.Value(computingMark{}).(*computing)
	if c == nil {
		return func() {}
	}
	c.leave()
	return c.back
}

// Behalf returns how what is computed for somebody who waits is noted, or nil if it
// is not.
func Behalf(ctx context.Context) Noting {
	if c, _ := ctx.Value(computingMark{}).(*computing); c != nil {
		return c.behind
	}
	return nil
}

func (c *computing) begin() {
	if c.note != nil {
		c.over = c.note()
	}
}

func (c *computing) clear() {
	if c.over != nil {
		c.over()
		c.over = nil
	}
}

func (c *computing) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits++; c.waits == 1 {
		c.clear()
	}
}

func (c *computing) back() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits--; c.waits == 0 && !c.ended {
		c.begin()
	}
}

func (c *computing) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.clear()
}
