package messengers

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// aloud is what somebody takes who hears the answer: all of it as one text.
var aloud = Limits{Text: 4000, Unit: Runes, Messages: 1, Speech: true, InBand: 10 * time.Second} //nolint:gochecknoglobals // a value that nobody changes

// Said is what somebody hears.
type Said struct {
	// Text is what is to be spoken, in Language; empty if nothing is to be said.
	Text     string
	Language string
	// Interim says that the answer is not there yet: asking again brings it.
	Interim bool
}

// Say answers a message on a channel for somebody who hears the answer, and has no
// other way to get it: what comes too late is not sent. The error is as that of
// Pipeline.Take.
func (h *Hook) Say(ctx context.Context, c *Channel, in Incoming, at time.Time) (Said, error) {
	ask := pull.Ask{Publisher: c.Publisher, Channel: c.ID, Reader: h.Pseudonym(c.Publisher, c.ID, in.Reader), From: crowd(in.From), At: at, Incoming: in}
	ask.Incoming.Reader, ask.Incoming.From = "", ""
	ask.InBand, ask.Fleeting, ask.Proxied = true, true, true
	accepted, err := h.Pipeline.Take(ctx, []pull.Ask{ask})
	if err != nil {
		return Said{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, aloud.InBand-inBandMargin)
	defer cancel()
	ask.ID = accepted[0].Seq
	reply, ok, err := h.Pipeline.Await(ctx, ask, accepted[0])
	switch {
	case err != nil:
		return Said{}, err
	case !ok:
		later := h.Working(c.Publisher, ask.Language)
		return Said{Text: voice(later), Language: later.Language, Interim: true}, nil
	case reply == nil:
		return Said{}, nil
	}
	c.note(func(health *Health) { health.Sent++; health.Good, health.Why = h.Clock(), words.Text{} })
	return Said{Text: voice(*reply), Language: reply.Language}, nil
}

// voice returns a reply as it is spoken.
func voice(r pull.Reply) string {
	text := ""
	for _, m := range Shape(r, aloud) {
		text += m.Voice
	}
	return text
}
