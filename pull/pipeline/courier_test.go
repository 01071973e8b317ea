package pipeline_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// courier writes down what it is given; it can be held, made to fail, and its
// channel can be shut.
type courier struct {
	mu    sync.Mutex
	tried int
	sent  []string
	hold  chan struct{}
	fate  pipeline.Fate
	came  chan struct{}
	// outcome, where set, is what becomes of a parcel in place of being sent.
	outcome func(pipeline.Parcel) pipeline.Delivery
	// opened is closed while the channel takes replies.
	opened chan struct{}
}

func newCourier() *courier {
	c := &courier{came: make(chan struct{}, 10000), opened: make(chan struct{})}
	close(c.opened)
	return c
}

// shut has the channel take nothing more, until open.
func (c *courier) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened = make(chan struct{})
}

func (c *courier) open() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.opened)
}

func (c *courier) Has(_, channel string) bool { return channel != "away" }

func (c *courier) Room(_, _ string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.opened:
		return 8
	default:
		return 0
	}
}

func (*courier) Prove(_, _ string) {}

func (c *courier) Admit(ctx context.Context, _, _ string) (bool, error) {
	c.mu.Lock()
	opened := c.opened
	c.mu.Unlock()
	select {
	case <-opened:
		return false, ctx.Err()
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (c *courier) Deliver(ctx context.Context, p pipeline.Parcel) pipeline.Delivery {
	if c.hold != nil {
		select {
		case <-c.hold:
		case <-ctx.Done():
			return pipeline.Delivery{Fate: pipeline.Open}
		}
	}
	if c.Room("", "") == 0 {
		return pipeline.Delivery{Fate: pipeline.Waits}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried++
	if c.outcome != nil {
		if d := c.outcome(p); d.Fate != pipeline.Sent {
			return d
		}
	}
	if c.fate != "" {
		return pipeline.Delivery{Fate: c.fate, Why: words.Verbatim("of this test")}
	}
	text := p.Reply.Blocks[0].Text
	if len(p.Reply.Blocks) > 1 && p.Reply.Blocks[0].Kind == pull.Note {
		text += " / " + p.Reply.Blocks[1].Text
	}
	c.sent = append(c.sent, fmt.Sprintf("%s %s", p.Ask.Address, text))
	c.came <- struct{}{}
	return pipeline.Delivery{Fate: pipeline.Sent}
}

func (c *courier) tries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tried
}

func (c *courier) messages() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sent)
}

// await waits until n messages have been sent.
func (c *courier) await(t *testing.T, n int) []string {
	t.Helper()
	for range n {
		select {
		case <-c.came:
		case <-time.After(20 * time.Second):
			t.Fatalf("only %v came", c.messages())
		}
	}
	return c.messages()
}
