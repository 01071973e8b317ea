package outside

import "sync"

// Noting notes that something is being computed from now on, until the function
// that it returns is called.
type Noting func() (over func())

// Computation is what is computed for somebody: noted while it is, and not while it
// waits for anything. A nil one is not noted.
type Computation struct {
	note, behind Noting

	mu    sync.Mutex
	waits int
	ended bool
	over  func()
}

// Compute has what is computed from now on noted until End, but for the times in
// which it is Away. behind notes what others compute for it, see Behalf.
func Compute(note, behind Noting) *Computation {
	c := &Computation{note: note, behind: behind}
	c.begin()
	return c
}

// Away says that it waits, for a queue, a network or a disk, until back is called. It
// may be said by many at once.
func (c *Computation) Away() (back func()) {
	if c == nil {
		return func() {}
	}
	c.leave()
	return c.back
}

// Behalf is how what others compute for it is noted; nil if it is not.
func (c *Computation) Behalf() Noting {
	if c == nil {
		return nil
	}
	return c.behind
}

func (c *Computation) begin() {
	if c.note != nil {
		c.over = c.note()
	}
}

func (c *Computation) clear() {
	if c.over != nil {
		c.over()
		c.over = nil
	}
}

func (c *Computation) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits++; c.waits == 1 {
		c.clear()
	}
}

func (c *Computation) back() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waits--; c.waits == 0 && !c.ended {
		c.begin()
	}
}

// End says that nothing more is computed.
func (c *Computation) End() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.clear()
}
