package messengers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
)

// sent has a messenger send. One that breaks down at a message would at every
// try, and it is that message's fault alone.
func sent(ctx context.Context, m Messenger, s Sending) (id string, err error) {
	var broke error
	func() {
		defer pull.Caught("send", &broke)
		id, err = m.Send(ctx, s)
	}()
	if broke != nil {
		return "", &SendError{Fault: Permanent, Err: broke}
	}
	return id, err
}

// Past is a message that was sent before, with the key that it had, and when its reply was
// there.
type Past struct {
	Sending
	At time.Time
}

// SentBefore returns the messages of a reply that was sent by a channel and was there at a moment.
func (s *Channels) SentBefore(ctx context.Context, c *Channel, a pull.Ask, r pull.Reply, at time.Time) (all []Past) {
	for _, one := range shaped(a, s.linkReply(ctx, c, r), c.Limits, Late) {
		all = append(all, Past{one, at})
	}
	return all
}

// replyTo returns a message to who asked, without its words.
func replyTo(a pull.Ask, language string, why Why) Sending {
	return Sending{Address: a.Address, Why: why, Asked: a.Written(), Language: language, Quote: a.Quote, Thread: a.Thread}
}

// keyOf returns the key of a part of an answer: the ask's id and the part's number, and
// how often the platform took it before and did not bring it.
func keyOf(a pull.Ask, part int) string {
	var b [64]byte
	key := strconv.AppendInt(append(strconv.AppendUint(b[:0], a.ID, 10), '.'), int64(part), 10)
	if a.Tries > 0 {
		key = strconv.AppendInt(append(key, '.'), int64(a.Tries), 10)
	}
	return string(key)
}

// keyed returns what keyOf made a key of, or false if it was something else.
func keyed(key string) (a sentAsk, ok bool) {
	id, rest, _ := strings.Cut(key, ".")
	part, tries, again := strings.Cut(rest, ".")
	var err error
	if a.id, err = strconv.ParseUint(id, 10, 64); err != nil {
		return a, false
	}
	if a.part, err = strconv.Atoi(part); err != nil || a.part < 0 {
		return a, false
	}
	if again {
		a.tries, err = strconv.Atoi(tries)
	}
	return a, err == nil && a.tries >= 0
}

// whyOf is why a parcel leaves: what somebody waited for in vain is late.
func whyOf(p pipeline.Parcel) Why {
	switch {
	case p.Kind.Ordered(), p.Kind == pull.Alarm:
		return Later
	case p.Kind == pull.Human:
		return Human
	case p.Kind == pull.LateAnswer || p.Ask.InBand:
		return Late
	}
	return Answer
}

var errWindow = words.Fail(nil, "send.window", nil)

// messages shapes the reply for its channel. Where the platform's window has
// closed, an approved text carries it; without one it can't be sent, nor can what
// was ordered for a time.
func (s *sending) messages() ([]Message, bool) {
	limits := s.channel.Limits
	if limits.Open(s.Why, s.Asked, s.Clock()) {
		return Shape(s.parcel.Reply, limits), true
	}
	if limits.Template == "" || s.Why == Later {
		return nil, false
	}
	return []Message{inTemplate(s.parcel.Reply, limits)}, true
}

// approve puts a reply that the platform found too late into the approved text,
// where there is one and nothing of the reply has arrived.
func (s *sending) approve() bool {
	limits := s.channel.Limits
	if limits.Template == "" || s.Why == Later || s.Template != nil || s.Key != keyOf(s.parcel.Ask, 0) {
		return false
	}
	s.Message, s.Rest, s.approved = inTemplate(s.parcel.Reply, limits), nil, true
	return true
}

// closed returns the end of a message that came too late for the window.
func (s *sending) closed() pipeline.Delivery {
	err := &SendError{Fault: WindowClosed, Err: errWindow}
	s.fail(pipeline.Dead, err)
	d := s.outcome(pipeline.Dead)
	d.Why = s.told(err)
	return d
}

// inTemplate puts the beginning of a reply, in one line, into the approved text
// of a channel.
func inTemplate(r pull.Reply, l Limits) Message {
	const room = 900 // of the 1,024 that approved texts hold
	one := Limits{Text: min(room, l.Text), Unit: l.Unit, Messages: 1}
	m := Message{Template: &Template{Name: l.Template, Language: r.Language}}
	for _, part := range Shape(r, one) {
		m.Text = part.Text
		m.Template.Values = []string{oneLine(part.Text)}
	}
	return m
}
