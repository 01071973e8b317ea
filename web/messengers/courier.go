package messengers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"keypull/pull/life"
)

// Rules of trying again.
const (
	sendTimeout   = 20 * time.Second
	sendTries     = 8
	firstBackoff  = time.Second
	longestPause  = time.Minute
	uncertainWait = 5 * time.Second
	deadAccount   = time.Minute
	giveUpAfter   = 24 * time.Hour
)

// Courier sends replies through the channels. Whether and when a message is
// tried again is decided here alone, from its SendError.
type Courier struct {
	Channels *Channels
	Clock    func() time.Time
	// Rand returns a number in [0, 1).
	Rand   func() float64
	Logger *slog.Logger
}

var _ life.Courier = (*Courier)(nil)

// NewCourier returns a Courier with true randomness.
func NewCourier(channels *Channels, clock func() time.Time, logger *slog.Logger) *Courier {
	return &Courier{Channels: channels, Clock: clock, Rand: rand.Float64, Logger: logger}
}

// Deliver shapes a reply for its channel and sends the parts in order. The key
// of each is the ask's id and the part's number.
func (c *Courier) Deliver(ctx context.Context, p life.Parcel) life.Fate {
	channel := c.Channels.Find(p.Ask.Publisher, p.Ask.Channel)
	if channel == nil {
		return life.Dead
	}
	address := p.Ask.Address
	for i, m := range Shape(p.Reply, channel.Limits) {
		s := sending{Courier: c, channel: channel, message: m, began: c.Clock(),
			address: &address, parcel: &p, key: strconv.FormatUint(p.Ask.ID, 10) + "." + strconv.Itoa(i)}
		if fate := s.run(ctx); fate != life.Sent {
			return fate
		}
	}
	return life.Sent
}

// sending is one message until its matter is decided.
type sending struct {
	*Courier
	channel   *Channel
	address   *string
	parcel    *life.Parcel
	message   Message
	key       string
	began     time.Time
	tries     int
	uncertain bool
}

func (s *sending) run(ctx context.Context) life.Fate {
	for {
		if err := s.turn(ctx); err != nil {
			return life.Open
		}
		if s.parcel.Dropped() {
			return life.Discarded
		}
		err := s.send(ctx)
		if err == nil {
			s.channel.note(func(h *Health) { h.Sent++; h.Good, h.Error = s.Clock(), "" })
			return life.Sent
		}
		if ctx.Err() != nil {
			return life.Open
		}
		fate, wait := s.judge(err)
		if fate != "" {
			s.fail(fate, err)
			return fate
		}
		if sleep(ctx, wait) != nil {
			return life.Open
		}
	}
}

// turn waits until the channel may send.
func (s *sending) turn(ctx context.Context) error {
	for {
		wait := s.channel.pausedUntil().Sub(s.Clock())
		if wait <= 0 {
			break
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
	if err := s.channel.limiter.Wait(ctx); err != nil {
		return fmt.Errorf("wait for the channel's turn: %w", err)
	}
	return nil
}

func (s *sending) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	s.tries++
	return s.channel.Messenger.Send(ctx, *s.address, s.message, s.key)
}

// judge decides from the error: an end, or how long to wait before trying
// again.
func (s *sending) judge(err error) (life.Fate, time.Duration) {
	var e *SendError
	if !errors.As(err, &e) {
		e = &SendError{Fault: Uncertain, Err: err}
	}
	if e.Address != "" && e.Address != *s.address {
		*s.address = e.Address
		return "", 0
	}
	if s.Clock().Sub(s.began) > giveUpAfter {
		return life.Dead, 0
	}
	switch e.Fault {
	case Blocked:
		return life.Gone, 0
	case WindowClosed, Permanent:
		return life.Dead, 0
	case LimitedUntil:
		until := e.RetryAt
		if !until.After(s.Clock()) {
			until = s.Clock().Add(firstBackoff)
		}
		s.channel.pause(until)
		return "", 0
	case TokenInvalid:
		s.channel.note(func(h *Health) { h.Bad, h.Error = s.Clock(), s.told(err) })
		s.channel.pause(s.Clock().Add(deadAccount))
		return "", 0
	case Uncertain:
		return s.again()
	}
	if s.tries >= sendTries {
		return life.Dead, 0
	}
	return "", s.backoff()
}

// again tries once more after a message of which nobody knows whether it
// arrived: at once where the platform knows the key, else after a pause, and
// counted, because the reader may then have it twice.
func (s *sending) again() (life.Fate, time.Duration) {
	if s.channel.Limits.Idempotent {
		if s.tries >= sendTries {
			return life.Dead, 0
		}
		return "", 0
	}
	if s.uncertain {
		return life.Dead, 0
	}
	s.uncertain = true
	s.channel.note(func(h *Health) { h.Repeated++ })
	return "", uncertainWait
}

// backoff doubles with every try and is spread over its whole length, so that
// what failed together does not come back together.
func (s *sending) backoff() time.Duration {
	d := min(firstBackoff<<(s.tries-1), longestPause)
	return d/2 + time.Duration(s.Rand()*float64(d/2))
}

func (s *sending) fail(fate life.Fate, err error) {
	s.channel.note(func(h *Health) {
		h.Bad, h.Error = s.Clock(), s.told(err)
		if fate == life.Dead {
			h.Dead++
		}
	})
	s.Logger.Warn("a reply was not sent", "publisher", s.channel.Publisher, "channel", s.channel.ID,
		"key", s.key, "fate", string(fate), "error", s.told(err))
}

// told is an error as it may be told: platforms repeat the reader's address in
// some of theirs.
func (s *sending) told(err error) string {
	const short = 4 // too short to be an address, or to tell anything
	address, _, _ := strings.Cut(*s.address, "/")
	if len(address) <= short {
		return err.Error()
	}
	return strings.ReplaceAll(err.Error(), address, "…")
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
