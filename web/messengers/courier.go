package messengers

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// Rules of trying again.
const (
	sendTimeout  = 20 * time.Second
	sendTries    = 8
	firstBackoff = time.Second
	longBackoff  = time.Minute
)

// Courier sends replies through the channels. Whether and when a message is
// tried again is decided here alone, from its SendError.
type Courier struct {
	Channels *Channels
	Clock    func() time.Time
	// Held, where set, returns once this process, and no other one, has the asks that it sends
	// answers to; it is asked just before each sending.
	Held func(ctx context.Context) error
	// Rand returns a number in [0, 1).
	Rand   func() float64
	Logger *slog.Logger
}

var _ pipeline.Courier = (*Courier)(nil)

// NewCourier returns a Courier with true randomness.
func NewCourier(channels *Channels, clock func() time.Time, logger *slog.Logger) *Courier {
	return &Courier{Channels: channels, Clock: clock, Rand: rand.Float64, Logger: logger}
}

// Deliver shapes a reply for its channel and sends the parts in order, from the
// first that has not arrived on. The key of each is the ask's id and the part's
// number.
func (c *Courier) Deliver(ctx context.Context, p pipeline.Parcel) pipeline.Delivery {
	channel := c.Channels.Find(p.Ask.Publisher, p.Ask.Channel)
	if channel == nil {
		return pipeline.Delivery{Fate: pipeline.Waits, Parts: p.Parts}
	}
	if p.Trial {
		defer channel.untried()
	}
	channel.arrived(p.Ask.ID)
	p.Reply = c.Channels.linkReply(ctx, channel, p.Reply)
	s := sending{Courier: c, channel: channel, parcel: p, uncertain: p.Doubtful,
		Sending: replyTo(p.Ask, p.Reply.Language, whyOf(p))}
	messages, ok := s.messages()
	if !ok {
		return s.closed()
	}
	together := max(channel.Limits.Together, 1)
	for i := p.Parts; i < len(messages); i += together {
		s.Message, s.Key, s.tries = messages[i], keyOf(p.Ask, i), 0
		s.Rest = append([]Message(nil), messages[i+1:min(i+together, len(messages))]...)
		if s.uncertain && !channel.Limits.Idempotent {
			channel.note(func(h *Health) { h.Repeated++ })
		}
		if d := s.run(ctx); d.Fate != pipeline.Sent {
			d.Parts = i
			return d
		}
		if s.approved {
			break
		}
		s.uncertain, s.doubtful = false, false
	}
	return pipeline.Delivery{Fate: pipeline.Sent}
}

// Ended tells a channel that one of its messages has been dealt with.
func (c *Courier) Ended(a *pull.Ask) {
	if a.Mark == "" {
		return
	}
	if channel := c.Channels.Find(a.Publisher, a.Channel); channel != nil {
		if m, ok := channel.Messenger.(Marker); ok {
			m.Done(a.Mark)
		}
	}
}

// sending is one message until its matter is decided.
type sending struct {
	*Courier
	Sending
	channel *Channel
	parcel  pipeline.Parcel
	tries   int
	// uncertain: an earlier request for it may have arrived; doubtful: one of this
	// sending may. left: one has left.
	uncertain, doubtful, left bool
	// approved: the approved text carries the whole of the reply.
	approved bool
}

func (s *sending) run(ctx context.Context) pipeline.Delivery {
	for {
		if !s.parcel.Trial && !s.channel.ready(s.Clock()) {
			return s.outcome(pipeline.Waits)
		}
		if s.channel.turn(ctx) != nil || s.Held != nil && s.Held(ctx) != nil {
			return s.outcome(pipeline.Open)
		}
		if s.parcel.Dropped() {
			return s.outcome(pipeline.Discarded)
		}
		err := s.send(ctx)
		if err == nil {
			return s.outcome(pipeline.Sent)
		}
		if ctx.Err() != nil {
			s.doubtful = true
			return s.outcome(pipeline.Open)
		}
		fate, wait := s.judge(err)
		if fate != "" {
			s.fail(fate, err)
			d := s.outcome(fate)
			d.Why = s.told(err)
			return d
		}
		if pull.Sleep(ctx, wait); ctx.Err() != nil {
			return s.outcome(pipeline.Open)
		}
	}
}

func (s *sending) outcome(fate pipeline.Fate) pipeline.Delivery {
	return pipeline.Delivery{Fate: fate, Left: s.left, Doubtful: s.doubtful}
}

func (s *sending) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	s.tries++
	s.left = true
	s.channel.leaves(s.Clock())
	id, err := sent(ctx, s.channel.Messenger, s.Sending)
	at := s.Clock()
	s.channel.comes(at)
	if err == nil {
		s.channel.remember(id, s.Key, &s.parcel.Ask)
		s.channel.passed(at)
	}
	return err
}

// judge decides from the error: an end, or how long to wait before trying
// again.
func (s *sending) judge(err error) (pipeline.Fate, time.Duration) {
	var e *SendError
	if !errors.As(err, &e) {
		e = &SendError{Fault: Uncertain, Err: err}
	}
	if e.Address != "" && e.Address != s.Address {
		s.Address = e.Address
		return "", 0
	}
	switch e.Fault {
	case Blocked:
		s.channel.answered()
		return pipeline.Gone, 0
	case WindowClosed:
		s.channel.answered()
		if s.approve() {
			return "", 0
		}
		return pipeline.Dead, 0
	case Permanent:
		s.channel.answered()
		return pipeline.Dead, 0
	case LimitedUntil:
		until := e.RetryAt
		if wait := until.Sub(s.Clock()); e.Alone && wait <= longBackoff && s.tries < sendTries {
			s.channel.answered()
			return "", max(wait, firstBackoff)
		}
		if !until.After(s.Clock()) {
			until = s.Clock().Add(firstBackoff)
		}
		s.channel.pause(until, true)
		return pipeline.Waits, 0
	case TokenInvalid:
		s.channel.refuse(s.Logger, s.Clock(), s.told(err))
		return pipeline.Waits, 0
	case Uncertain:
		return s.again()
	}
	if s.channel.stumbled(s.Clock(), false, s.parcel.Trial, s.Rand()) {
		return pipeline.Waits, 0
	}
	if s.tries >= sendTries {
		return pipeline.Dead, 0
	}
	return "", s.backoff()
}

// again decides of a message of which nobody knows whether it arrived. The
// platform is away until it shows otherwise. Where it drops a key that it knows,
// the message may be sent as often as it takes; else once more, and that is
// counted, because the reader may then have it twice.
func (s *sending) again() (pipeline.Fate, time.Duration) {
	s.channel.stumbled(s.Clock(), true, s.parcel.Trial, s.Rand())
	if s.uncertain && !s.channel.Limits.Idempotent {
		return pipeline.Dead, 0
	}
	s.doubtful = true
	return pipeline.Waits, 0
}

// backoff doubles with every try and is spread over its whole length, so that
// what failed together does not come back together.
func (s *sending) backoff() time.Duration {
	d := min(firstBackoff<<(s.tries-1), longBackoff)
	return d/2 + time.Duration(s.Rand()*float64(d/2))
}

func (s *sending) fail(fate pipeline.Fate, err error) {
	if fate == pipeline.Waits && (s.channel.limited(s.Clock()) || !s.channel.Refused().IsZero()) {
		return // nothing is wrong, or it is noted already
	}
	s.channel.note(func(h *Health) {
		h.Bad, h.Why = s.Clock(), s.told(err)
		if fate == pipeline.Dead {
			h.Dead++
		}
	})
	if fate == pipeline.Waits {
		return
	}
	s.Logger.Warn("a reply was not sent", "publisher", s.channel.Publisher, "channel", s.channel.ID,
		"ask", s.parcel.Ask.ID, "key", s.Key, "fate", string(fate), "error", strings.ReplaceAll(err.Error(), s.Address, "…"))
}

// told returns an error as it may be told: platforms repeat the reader's address in
// some of theirs.
func (s *sending) told(err error) words.Text {
	const short = 4 // too short to be an address, or to tell anything
	address, _, _ := strings.Cut(s.Address, "/")
	if len(address) <= short {
		return words.Said(err)
	}
	return words.Said(err).Without(address)
}
