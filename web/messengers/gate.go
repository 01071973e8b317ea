package messengers

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// Rules of a channel that is closed.
const (
	// fewFailures in a row close a channel: its platform is away.
	fewFailures = 3
	// A closed channel is tried after firstPause, and each time after twice as
	// long, up to longestPause.
	firstPause   = time.Second
	longestPause = time.Minute
	// roomAtOnce is how many replies are on their way on one channel at a time;
	// what is beyond waits on disk, not in memory.
	roomAtOnce = 256
	// lookEvery is how often somebody who waits looks whether the channel is
	// another one by now.
	lookEvery = time.Second
	tryWithin = 10 * time.Second
)

// gate says whether a channel takes messages. It closes when the platform says
// so, or does not answer, and opens when one message has got through.
type gate struct {
	closed bool
	// until is when the next trial is due; trying: it is under way.
	until  time.Time
	trying bool
	// limited: the platform said until when, and nothing is wrong.
	limited bool
	// failures in a row, and trials in vain.
	failures, trials int
}

// silence is how long nothing may be heard of what is on its way before nothing
// more is sent after it.
const silence = 5 * time.Second

// onWay are the messages that have left and of which nothing was heard yet.
type onWay struct {
	messages int
	heard    time.Time
}

// stalled says that the platform has been silent for a while.
func (w onWay) stalled(now time.Time) bool {
	return w.messages > 0 && now.Sub(w.heard) > silence
}

// turn waits until the account may send one more.
func (c *Channel) turn(ctx context.Context) error {
	if c.limiter == nil {
		return ctx.Err()
	}
	return c.limiter.Wait(ctx)
}

// leaves notes that a message is on its way, until comes is called.
func (c *Channel) leaves(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.onWay.messages == 0 {
		c.onWay.heard = at
	}
	c.onWay.messages++
}

// comes notes that something was heard of a message that was on its way.
func (c *Channel) comes(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onWay.messages--
	c.onWay.heard = at
}

// ready says that messages may leave.
func (c *Channel) ready(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.gate.closed && !c.onWay.stalled(now)
}

// prove has the next message show whether the platform is there.
func (c *Channel) prove() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gate.closed = true
}

// passed notes that a message has got through.
func (c *Channel) passed(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.takenLocked()
	c.health.Sent++
	c.health.Good, c.health.Why = at, words.Text{}
}

// answered notes that the platform has decided about a message, whatever it was.
func (c *Channel) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.takenLocked()
}

// stumbled notes that a message did not get through for a reason that is the
// platform's, and reports whether the channel is closed now. Silence closes it
// at once: whoever sends next would wait as long. What was on its way when the
// channel closed tells nothing new; a trial does.
func (c *Channel) stumbled(at time.Time, silent, trial bool, spread float64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gate.closed && !trial {
		return true
	}
	c.gate.failures++
	if !silent && !c.gate.closed && c.gate.failures < fewFailures {
		return false
	}
	c.gate.shut(at, spread)
	return true
}

// shut closes the gate, each time for longer.
func (g *gate) shut(at time.Time, spread float64) {
	pause := min(firstPause<<min(g.trials, 6), longestPause)
	pause = pause/2 + time.Duration(spread*float64(pause/2))
	g.trials++
	g.closed, g.trying, g.limited = true, false, false
	if until := at.Add(pause); until.After(g.until) {
		g.until = until
	}
}

// pause closes the channel until a moment; with limited, the platform named it.
func (c *Channel) pause(until time.Time, limited bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gate.closed, c.gate.trying, c.gate.limited = true, false, limited
	if until.After(c.gate.until) {
		c.gate.until = until
	}
}

// limited says that the channel waits until a moment that its platform named.
func (c *Channel) limited(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gate.limited && c.gate.until.After(now)
}

// due says whether the channel takes messages; if not, how long it is until the
// next trial, and that this is it where that is no time at all.
func (c *Channel) due(now time.Time) (open bool, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.gate.closed && c.onWay.stalled(now):
		return false, lookEvery
	case !c.gate.closed:
		return true, 0
	case c.gate.trying:
		return false, lookEvery
	}
	wait = c.gate.until.Sub(now)
	c.gate.trying = wait <= 0
	return false, wait
}

// untried says that a trial came to nothing either way.
func (c *Channel) untried() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gate.trying = false
}

// Has reports whether there is such a channel.
func (c *Courier) Has(publisher, channel string) bool {
	return c.Channels.Find(publisher, channel) != nil
}

// Room returns how many replies a channel takes at a time: no more than leave within
// seconds, since their words are chosen when their turn comes.
func (c *Courier) Room(publisher, channel string) int {
	found := c.Channels.Find(publisher, channel)
	switch {
	case found == nil || !found.ready(c.Clock()):
		return 0
	case found.Limits.Rate > 0:
		return min(max(int(2*found.Limits.Rate), 1), roomAtOnce)
	}
	return roomAtOnce
}

// Prove closes a channel until a trial, which is due at once.
func (c *Courier) Prove(publisher, channel string) {
	if found := c.Channels.Find(publisher, channel); found != nil {
		found.prove()
	}
}

// Admit waits until a channel takes messages again, or one as a trial. Where its
// platform can be asked without a reader's noticing, that comes first.
func (c *Courier) Admit(ctx context.Context, publisher, channel string) (trial bool, err error) {
	for {
		found, wait := c.Channels.Find(publisher, channel), lookEvery
		if found != nil {
			var open bool
			if open, wait = found.due(c.Clock()); open {
				return false, nil
			}
			if wait <= 0 && c.answers(ctx, found) {
				return true, ctx.Err()
			}
		}
		if pull.Sleep(ctx, min(wait, lookEvery)); ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
}

// answers asks the platform whether it is there at all.
func (c *Courier) answers(ctx context.Context, channel *Channel) bool {
	a, ok := channel.Messenger.(Answering)
	if !ok {
		return true
	}
	within, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	err := a.Answers(within)
	switch {
	case ctx.Err() != nil:
		channel.untried()
		return false
	case err == nil:
		return true
	}
	channel.stumbled(c.Clock(), true, true, c.Rand())
	return false
}
