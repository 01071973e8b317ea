package messengers

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// An account that is refused is tried again after firstRest, and each time after
// twice as long, up to longestRest. One that was taken for that long and is
// refused then is told of anew.
const (
	firstRest   = 10 * time.Second
	longestRest = 15 * time.Minute
)

// refusal is what is known of an account that its platform does not take.
type refusal struct {
	// since is zero while the account is taken; taken is when it was taken again
	// without a message's having got through.
	since, taken time.Time
	// times is how often it was refused since a message got through.
	times int
	// told: the platform said so of itself, and says when it is over.
	told bool
}

// MendRefused says what to do about a refused account.
var MendRefused = words.Text{Key: "send.mend"}

// refuses tells whether an error says that the platform does not take the account.
func refuses(err error) bool {
	var e *SendError
	if errors.As(err, &e) {
		return e.Fault == TokenInvalid
	}
	return pull.KindOf(err) == pull.Denied
}

// refuse notes that the platform does not take the account: nothing is sent, and
// nothing fetched, until it does. The log is told once.
func (c *Channel) refuse(logger *slog.Logger, at time.Time, why words.Text) {
	c.mu.Lock()
	r := &c.refusal
	if !r.since.IsZero() && at.Before(c.gate.until) {
		c.mu.Unlock()
		return // it was on its way together with what was refused before
	}
	if !r.taken.IsZero() && at.Sub(r.taken) > longestRest {
		*r = refusal{}
	}
	rest := min(firstRest<<min(r.times, 10), longestRest)
	r.times++
	first := r.times == 1
	if r.since.IsZero() {
		r.since = at
	}
	c.gate.closed, c.gate.trying, c.gate.limited, c.gate.until = true, false, false, at.Add(rest)
	c.health.Bad, c.health.Why = at, why
	halt := c.halt
	c.mu.Unlock()
	if halt != nil {
		halt()
	}
	if first {
		logger.Error("a channel's account is refused; nothing is sent until it is taken again", "publisher", c.Publisher, "channel", c.ID,
			"kind", c.Kind, "error", why.String(), "mend", MendRefused.String(), "again_in", rest.String())
	}
}

// suspend is refuse where the platform said so of itself.
func (c *Channel) suspend(logger *slog.Logger, at time.Time, why words.Text) {
	c.refuse(logger, at, why)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusal.told = true
}

// suspended says that asking the platform shows nothing: it says itself when the
// account is taken again.
func (c *Channel) suspended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refusal.told
}

// take notes that the platform takes the account again, as it says itself: the next
// message shows whether that is so.
func (c *Channel) take(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refusal.since.IsZero() {
		return
	}
	c.refusal.since, c.refusal.taken, c.refusal.told = time.Time{}, at, false
	c.gate.until = at
	c.health.Why = words.Text{}
}

// takenLocked ends a refusal: the platform has decided about a message.
func (c *Channel) takenLocked() {
	if !c.refusal.since.IsZero() {
		c.health.Why = words.Text{}
	}
	c.gate, c.refusal = gate{}, refusal{}
}

// Works notes that a message has left that somebody sent to see whether the channel
// works.
func (c *Channel) Works() { c.answered() }

// Refused returns since when the platform refuses the account; zero while it does not.
func (c *Channel) Refused() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refusal.since
}

// whileTaken returns a context that ends when the account is refused.
func (c *Channel) whileTaken(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.halt = cancel
	if !c.refusal.since.IsZero() {
		cancel()
	}
	return ctx, cancel
}

// Attend keeps a channel at work until ctx ends: begin tells its platform where it
// is, each time that its account is taken, and it listens where it can. While the
// account is refused neither is done; it is tried again, where no message does that.
func (c *Courier) Attend(ctx context.Context, channel *Channel, begin func(context.Context) error, accept func(context.Context, Receipt) error) {
	for ctx.Err() == nil {
		taken, cancel := channel.whileTaken(ctx)
		err := c.serve(taken, channel, begin, accept)
		cancel()
		if err != nil && ctx.Err() == nil && channel.Refused().IsZero() {
			channel.refuse(c.Logger, c.Clock(), (&SendError{Fault: TokenInvalid, Err: err}).Said())
		}
		c.regain(ctx, channel)
	}
}

// serve has a channel do what it does by itself until ctx ends, or its account is
// refused.
func (c *Courier) serve(ctx context.Context, channel *Channel, begin func(context.Context) error, accept func(context.Context, Receipt) error) error {
	if err := begin(ctx); refuses(err) && c.triedInVain(ctx, channel) {
		return err
	}
	listener, listens := channel.Messenger.(Listener)
	if !listens {
		<-ctx.Done()
		return nil
	}
	err := listener.Listen(ctx, accept)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // it was told to end
	}
	return err
}

// triedInVain asks the platform of a channel that could not be set up whether that
// is because its account is refused.
func (c *Courier) triedInVain(ctx context.Context, channel *Channel) bool {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	t, ok := channel.Messenger.(Trier)
	return ok && refuses(t.Try(ctx))
}

// regain returns when an account is not refused any more.
func (c *Courier) regain(ctx context.Context, channel *Channel) {
	for !channel.Refused().IsZero() {
		if pull.Sleep(ctx, lookEvery); ctx.Err() != nil {
			return
		}
		if channel.suspended() {
			continue
		}
		// A message that waits shows better than a question whether it is taken.
		if _, wait := channel.due(c.Clock().Add(-2 * lookEvery)); wait > 0 {
			continue
		}
		c.tryAgain(ctx, channel)
	}
}

// tryAgain asks the platform whether it takes the account by now.
func (c *Courier) tryAgain(ctx context.Context, channel *Channel) {
	defer channel.untried()
	t, ok := channel.Messenger.(Trier)
	if !ok {
		channel.take(c.Clock())
		return
	}
	within, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	switch err := t.Try(within); {
	case ctx.Err() != nil:
	case refuses(err):
		channel.refuse(c.Logger, c.Clock(), (&SendError{Fault: TokenInvalid, Err: err}).Said())
	case err != nil:
		channel.stumbled(c.Clock(), true, true, c.Rand())
	default:
		channel.take(c.Clock())
	}
}
