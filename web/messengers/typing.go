package messengers

import (
	"context"
	"time"

	"keypull/pull"
)

// An ask that has waited for typeAfter is told to be worked on, within
// typeWithin.
const (
	typeAfter  = time.Second
	typeWithin = 5 * time.Second
	// mostExpected are so many at a time: a crowd that waits is not told one by one.
	mostExpected = 256
)

// expect shows the reader that an answer is being written, where the platform
// can, unless there is one in a moment.
func (c *Channel) expect(asked *pull.Ask, id uint64) {
	t, ok := c.Messenger.(Typist)
	if !ok {
		return
	}
	a := *asked
	a.ID = id
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expected == nil {
		c.expected = map[uint64]*time.Timer{}
	}
	if c.expected[a.ID] != nil || len(c.expected) >= mostExpected {
		return
	}
	c.expected[a.ID] = time.AfterFunc(typeAfter, func() {
		c.arrived(a.ID)
		ctx, cancel := context.WithTimeout(context.Background(), typeWithin)
		defer cancel()
		var failed error
		defer pull.Caught("type", &failed)
		failed = t.Type(ctx, replyTo(a, a.Language, Interim))
	})
}

// arrived ends the expecting of an answer.
func (c *Channel) arrived(ask uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.expected[ask]; t != nil {
		t.Stop()
		delete(c.expected, ask)
	}
}
