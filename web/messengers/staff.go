package messengers

import (
	"context"
	"time"

	"keypull/pull/what"
	"keypull/pull/who"
)

// StaffKey begins the keys of what the publisher's people are told of conversations: where a
// platform brings our keys back, their answers are known by it.
const StaffKey = "talk-"

// Threads hears what people of publishers answer in threads.
type Threads interface {
	// Hear takes what was written in the thread of a conversation; it is durable when Hear
	// returns. False says that it belongs to none, and may be an ask.
	Hear(ctx context.Context, c *Channel, in *Incoming) (taken bool, err error)
	// Return takes a message to people of a publisher that did not arrive after all, by its key;
	// the code is the platform's own, where it gives one. It is durable when Return returns.
	Return(ctx context.Context, c *Channel, key, code string) error
	// Hold keeps what came with a message of a reader in its own bytes (what.Media.Data), and names
	// it by a Ref in their place. It is durable when Hold returns.
	Hold(ctx context.Context, reader who.Key, all []what.Media) error
}

// Naming is the option of a messenger that can ask what people call those who write.
type Naming interface {
	// NameOf returns that of who is told by Incoming.Posted.By; the same where nobody says.
	NameOf(ctx context.Context, by string) string
}

// Threading is the option of a messenger whose messages begin threads, in which people answer
// them: what they write there has Incoming.Posted.
type Threading interface {
	// Below returns by what Thread and Quote of a Sending it stands below a message that Send
	// sent to an address and called that.
	Below(address, sent string) (thread, quote string)
}

// overhear leaves a message to whom it answers, where it is one to people of the publisher; what
// belongs to no conversation is no ask all the same.
func (h *Hook) overhear(ctx context.Context, c *Channel, in *Incoming) (taken bool, err error) {
	if in.Posted == nil || in.Edit || oversized(in) {
		return in.Posted != nil && in.Posted.Staff, nil
	}
	in.Posted.Whole = Clean(in.Posted.Whole)
	if h.Threads != nil {
		taken, err = h.Threads.Hear(ctx, c, in)
	}
	if (taken || in.Posted.Staff) && err == nil && in.Mark != "" {
		if m, ok := c.Messenger.(Marker); ok {
			m.Done(in.Mark)
		}
	}
	return taken || in.Posted.Staff, err
}

// Post sends a message to people of the publisher, if the channel takes messages now; any failure
// is a *SendError.
func (c *Channel) Post(ctx context.Context, s Sending, clock func() time.Time) (id string, err error) {
	if !c.ready(clock()) || !c.Refused().IsZero() {
		return "", &SendError{Fault: Temporary}
	}
	if err := c.turn(ctx); err != nil {
		return "", &SendError{Fault: Temporary, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	c.leaves(clock())
	id, err = sent(ctx, c.Messenger, s)
	at := clock()
	c.comes(at)
	if err == nil {
		c.passed(at)
	}
	return id, err
}
