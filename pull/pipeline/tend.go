package pipeline

import (
	"context"
	"time"

	"keypull/pull/words"
)

// lookAround is how often a channel that takes nothing is looked through for
// what has waited too long.
const lookAround = time.Minute

// parkQueue has a queue wait for its channel.
func (o *outbox) parkQueue(c *channel, q *queue) {
	q.parked = true
	c.queues = append(c.queues, q)
	if !c.tending && o.life.working.Err() == nil {
		c.tending = true
		o.life.runSteadily("bring what waits", func() { o.tendChannel(c) })
	}
}

// tendChannel sends what waits for a channel, one message by one as trials while the
// channel is closed, until nothing waits.
func (o *outbox) tendChannel(c *channel) {
	for o.life.claiming.Err() == nil {
		o.expireMessages(c)
		trial, err := o.awaitChannel(c)
		switch {
		case err != nil:
			continue
		case trial:
			o.tryChannel(c)
		case o.isBusy(c):
			o.awaitWorker(c)
		default:
			o.handOut(c)
		}
		if o.isTended(c) {
			return
		}
	}
}

// awaitChannel waits for the channel, and not so long that nobody looks around.
func (o *outbox) awaitChannel(c *channel) (bool, error) {
	ctx, cancel := context.WithTimeout(o.life.claiming, lookAround)
	defer cancel()
	return o.courier.Admit(ctx, c.publisher, c.name)
}

func (o *outbox) isTended(c *channel) bool {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	c.tending = len(c.queues) > 0
	return !c.tending
}

// awaitWorker waits until somebody has been written to.
func (o *outbox) awaitWorker(c *channel) {
	select {
	case <-c.freed:
	case <-o.life.claiming.Done():
	}
}

// isBusy says that as many are being written to as may be.
func (o *outbox) isBusy(c *channel) bool {
	room := o.courier.Room(c.publisher, c.name)
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	return c.workers > 0 && c.workers >= room
}

// handOut has the first who waits written to.
func (o *outbox) handOut(c *channel) {
	if q := o.pickQueue(c, func() int { return 0 }); q != nil {
		o.life.workers.runJob(func() { o.sendAll(q) })
	}
}

// tryChannel tries a closed channel with one message: one for which no request has left,
// else one that surely has not arrived, since any other may be sent only once more.
func (o *outbox) tryChannel(c *channel) {
	if q := o.pickQueue(c, c.trialQueue); q != nil {
		o.sendNext(q, true)
	}
}

// pickQueue takes the queue at a place out of those that wait, and has it written to; nil
// where it has nothing to be sent any more.
func (o *outbox) pickQueue(c *channel, place func() int) *queue {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	i := place()
	if i >= len(c.queues) {
		return nil
	}
	q := c.queues[i]
	// The place of the one that leaves goes to those before it: nearly always
	// there is none.
	copy(c.queues[1:i+1], c.queues[:i])
	c.queues[0] = nil
	c.queues = c.queues[1:]
	q.parked = false
	if len(q.messages) == 0 {
		o.queues.forgetIdle(q)
		return nil
	}
	c.workers++
	o.queues.setSending(q, true)
	return q
}

// expireMessages ends what has waited for longer than it is kept.
func (o *outbox) expireMessages(c *channel) {
	now := o.life.clock()
	type late struct {
		q *queue
		m *message
	}
	var over []late
	o.queues.mu.Lock()
	for _, q := range c.queues {
		for len(q.messages) > 0 && now.Sub(q.messages[0].settled) > o.keep && q.folding != q.messages[0] {
			over = append(over, late{q, q.messages[0]})
			q.messages = q.messages[1:]
		}
	}
	o.queues.mu.Unlock()
	for _, l := range over {
		o.endMessage(l.q, l.m, Dead, words.Text{Key: "dead.unreachable", Args: words.Args{"keep": o.keep.String()}})
	}
}
