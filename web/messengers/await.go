package messengers

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// inBandMargin is what remains of a platform's own limit to bring the answer
// to the wire.
const inBandMargin = 500 * time.Millisecond

// await collects what answers the in-band asks of an arrival in time for the
// platform. What is not there by then is announced, and sent when it is.
func (h *Hook) await(ctx context.Context, from arrival, asks []pull.Ask, accepted []pipeline.Accepted) (said []Sending, held bool) {
	c := from.channel
	patience := c.Limits.InBand
	if p := from.receipt.Progress; p != nil {
		patience = p.Most
	}
	ctx, cancel := context.WithTimeout(ctx, max(patience-inBandMargin, inBandMargin))
	defer cancel()
	for i, a := range accepted {
		ask := asks[i]
		if !ask.InBand {
			continue
		}
		ask.ID = a.Seq
		reply, ok, err := h.reply(ctx, from, ask, a)
		c.arrived(ask.ID)
		switch {
		case err != nil:
			h.Logger.Error("a recorded answer could not be read", "ask", a.Seq, "error", err)
		case !ok && h.holds.holding(ask.ID):
			held = true
		case !ok:
			said = append(said, shaped(ask, h.Working(c.Publisher, ask.Language), c.Limits, Interim)...)
		case reply != nil:
			answer := shaped(ask, h.Channels.linkReply(ctx, c, *reply), c.Limits, Answer)
			for i := range answer {
				c.remember(answer[i].Key, answer[i].Key, &ask)
			}
			said = append(said, answer...)
			c.note(func(health *Health) { health.Sent++; health.Good, health.Why = h.Clock(), words.Text{} })
		}
	}
	return said, held
}

func (h *Hook) reply(ctx context.Context, from arrival, ask pull.Ask, a pipeline.Accepted) (*pull.Reply, bool, error) {
	if from.receipt.Hold <= 0 {
		return h.Pipeline.Await(ctx, ask, a)
	}
	held := h.holds.join(ask.ID, func() *hold { return h.hold(from, ask, a) })
	reply, ok, err := held.wait(ctx, h.Clock(), from.channel.Limits.InBand)
	if err == nil && ok {
		// It may have waited for this try.
		reply, err = h.Pipeline.Tellable(ctx, ask, reply)
	}
	return reply, ok, err
}

// shaped returns the messages of a reply as they go to who asked.
func shaped(a pull.Ask, r pull.Reply, l Limits, why Why) []Sending {
	messages := Shape(r, l)
	all := make([]Sending, len(messages))
	for i, m := range messages {
		all[i] = replyTo(a, r.Language, why)
		all[i].Message, all[i].Key = m, keyOf(a, i)
	}
	if l.Data && len(all) > 0 {
		all[0].Reply = &r
	}
	return all
}

// holds are the asks whose platforms repeat them until the answer is there.
type holds struct {
	mu   sync.Mutex
	open map[uint64]*hold
}

// hold is one such ask: what all of its tries wait for.
type hold struct {
	// ends is when the platform's last try does.
	ends   time.Time
	cancel context.CancelFunc
	done   chan struct{}
	reply  *pull.Reply
	ok     bool
	err    error

	// taken: a try has got the answer; over: the last one has ended without.
	taken, over atomic.Bool
}

// join returns the hold of an ask, a new one for its first try.
func (s *holds) join(ask uint64, begin func() *hold) *hold {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[uint64]*hold{}
	}
	if s.open[ask] == nil {
		s.open[ask] = begin()
	}
	return s.open[ask]
}

// holding reports whether an ask has tries to come.
func (s *holds) holding(ask uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.open[ask]
	return held != nil && !held.over.Load()
}

func (s *holds) drop(ask uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, ask)
}

// hold begins to wait for an answer on behalf of all tries. What comes when
// nobody tries any more is sent.
func (h *Hook) hold(from arrival, ask pull.Ask, a pipeline.Accepted) *hold {
	ctx, cancel := context.WithTimeout(context.Background(), from.receipt.Hold)
	held := &hold{ends: h.Clock().Add(from.receipt.Hold), cancel: cancel, done: make(chan struct{})}
	go func() {
		defer cancel()
		func() {
			defer close(held.done)
			defer pull.Caught("hold", &held.err)
			held.reply, held.ok, held.err = h.Pipeline.Await(ctx, ask, a)
		}()
		<-ctx.Done()
		h.holds.drop(ask.ID)
		if held.ok && held.reply != nil && !held.taken.Load() {
			h.late(from.channel, ask, *held.reply)
		}
	}()
	return held
}

// wait waits for one try's turn: up to what the platform allows where it is the
// last one, and until it has given this try up where another follows.
func (d *hold) wait(ctx context.Context, now time.Time, try time.Duration) (*pull.Reply, bool, error) {
	last := !now.Add(try).Before(d.ends)
	if !last {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), try+inBandMargin)
		defer cancel()
	}
	select {
	case <-d.done:
		d.taken.Store(true)
		return d.reply, d.ok, d.err
	case <-ctx.Done():
	}
	if !last {
		return nil, false, nil
	}
	d.over.Store(true)
	// Whoever waits on behalf of the tries gives up: the answer is sent.
	d.cancel()
	<-d.done
	return d.reply, d.ok, d.err
}

// late sends an answer that no try has fetched.
func (h *Hook) late(c *Channel, ask pull.Ask, r pull.Reply) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTimeout)
	defer cancel()
	told, err := h.Pipeline.Tellable(ctx, ask, &r)
	if err != nil || told == nil {
		h.Logger.Error("an answer that nobody fetched could not be sent", "publisher", c.Publisher, "channel", c.ID, "ask", ask.ID, "error", err)
		return
	}
	for _, s := range shaped(ask, h.Channels.linkReply(ctx, c, *told), c.Limits, Late) {
		id, err := sent(ctx, c.Messenger, s)
		if err != nil {
			h.Logger.Warn("an answer that nobody fetched could not be sent", "publisher", c.Publisher, "channel", c.ID, "ask", ask.ID, "key", s.Key, "error", err)
			return
		}
		c.remember(id, s.Key, &ask)
	}
}
