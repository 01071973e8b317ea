package messengers

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"log/slog"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// inBandMargin is what remains of a platform's own limit to bring the answer
// to the wire.
const inBandMargin = 500 * time.Millisecond

// Pipeline is what the hook needs of package pipeline.
type Pipeline interface {
	Take(ctx context.Context, asks []pull.Ask) ([]pipeline.Accepted, error)
	Await(ctx context.Context, a pull.Ask, of pipeline.Accepted) (reply *pull.Reply, ok bool, err error)
	Change(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error
	Move(ctx context.Context, from, to who.Key) error
}

// Hook turns deliveries of all kinds into accepted asks, and the answers of
// in-band kinds into responses. The HTTP server around it is package web's.
type Hook struct {
	Channels *Channels
	Pipeline     Pipeline
	// Pseudonym gives the key of a reader by publisher, channel and platform id.
	Pseudonym func(publisher, channel, reader string) who.Key
	// Working gives what a publisher says to a reader of a language while the
	// answer takes longer than the platform waits.
	Working func(publisher, language string) pull.Reply
	Clock   func() time.Time
	Logger  *slog.Logger
}

// Serve answers one delivery. It returns after what the delivery brought is
// durable.
func (h *Hook) Serve(ctx context.Context, c *Channel, d Delivery) Receipt {
	receipt, err := c.Messenger.Receive(ctx, d)
	if err != nil {
		h.Logger.Error("a delivery could not be read", "publisher", c.Publisher, "channel", c.ID, "error", err)
		return Receipt{Status: http.StatusServiceUnavailable}
	}
	if err := h.Note(ctx, c, receipt.Events, d.At); err != nil {
		h.Logger.Error("an event could not be kept", "publisher", c.Publisher, "channel", c.ID, "error", err)
		return Receipt{Status: http.StatusServiceUnavailable}
	}
	if len(receipt.Asks) == 0 {
		return receipt
	}
	inBand, answers := c.Messenger.(InBand)
	asks := h.asks(c, receipt, d.At, answers)
	accepted, err := h.Pipeline.Take(ctx, asks)
	if err != nil {
		h.Logger.Warn("a delivery was turned away", "publisher", c.Publisher, "channel", c.ID, "error", err)
		return h.turnedAway(err)
	}
	if !answers {
		return receipt
	}
	return inBand.Answer(receipt, h.await(ctx, c, asks, accepted))
}

// turnedAway asks the platform to come again, and says why and when (RFC 9457).
func (h *Hook) turnedAway(err error) Receipt {
	r := Receipt{Status: http.StatusServiceUnavailable, ContentType: "application/problem+json"}
	why := "this can't be taken now; try again in a moment"
	var e *pull.Error
	if errors.As(err, &e) && e.Hint != "" {
		why = e.Hint
	}
	if e != nil && !e.RetryAt.IsZero() {
		r.RetryAfter = e.RetryAt.Sub(h.Clock())
	}
	r.Body, _ = json.Marshal(map[string]any{ // texts and numbers always can be
		"title": http.StatusText(r.Status), "status": r.Status, "detail": why,
	})
	return r
}

// Accept takes what a listener fetched itself.
func (h *Hook) Accept(ctx context.Context, c *Channel, r Receipt) error {
	at := h.Clock()
	if err := h.Note(ctx, c, r.Events, at); err != nil {
		return err
	}
	_, err := h.Pipeline.Take(ctx, h.asks(c, r, at, false))
	return err
}

// Note writes what happened to readers into their documents. One that can't be
// written is logged and passed over, so that it does not keep the asks beside it
// from being taken, again and again; only while nothing can be written at all is
// that an error.
func (h *Hook) Note(ctx context.Context, c *Channel, events []Event, at time.Time) error {
	for _, e := range events {
		key := h.Pseudonym(c.Publisher, c.ID, e.Reader)
		var err error
		switch e.Kind {
		case Gone:
			err = h.Pipeline.Change(ctx, key, func(r who.Reader) who.Reader { return r.Leave(at) })
		case Back:
			err = h.Pipeline.Change(ctx, key, func(r who.Reader) who.Reader { return r.Return(at) })
		case Moved:
			err = h.Pipeline.Move(ctx, key, h.Pseudonym(c.Publisher, c.ID, e.To))
		}
		if err == nil {
			continue
		}
		if ctx.Err() != nil || pull.KindOf(err) == pull.Unavailable {
			return err
		}
		h.Logger.Error("an event could not be kept; what came with it is taken", "publisher", c.Publisher, "channel", c.ID, "reader", key, "error", err)
	}
	return nil
}

func (h *Hook) asks(c *Channel, r Receipt, at time.Time, inBand bool) []pull.Ask {
	asks := make([]pull.Ask, 0, len(r.Asks))
	for i := range r.Asks {
		in := &r.Asks[i]
		if in.Group {
			in.Language, in.Consent = "", ""
		}
		asks = append(asks, pull.Ask{
			Platform: in.ID, Publisher: c.Publisher, Channel: c.ID,
			Reader: h.Pseudonym(c.Publisher, c.ID, in.Reader), Address: in.Address, Group: in.Group,
			Text: in.Text, Tap: in.Tap, Language: in.Language, Consent: in.Consent, Start: in.Start,
			From: crowd(in.From), InBand: inBand, At: at,
		})
	}
	return asks
}

// seed makes what addresses are counted by: it ends with the process.
var seed = maphash.MakeSeed() //nolint:gochecknoglobals // one for the process

// crowd is the number by which asks of one address are counted; 0 of none.
func crowd(from string) uint64 {
	if from == "" {
		return 0
	}
	return max(maphash.String(seed, from), 1)
}

// await collects the answers of in-band asks in time for the platform. What is
// not there by then is announced, and sent when it is.
func (h *Hook) await(ctx context.Context, c *Channel, asks []pull.Ask, accepted []pipeline.Accepted) []Message {
	ctx, cancel := context.WithTimeout(ctx, max(c.Limits.InBand-inBandMargin, inBandMargin))
	defer cancel()
	var messages []Message
	for i, a := range accepted {
		reply, ok, err := h.Pipeline.Await(ctx, asks[i], a)
		switch {
		case err != nil:
			h.Logger.Error("a recorded answer could not be read", "ask", a.Ask, "error", err)
		case !ok:
			messages = append(messages, Shape(h.Working(c.Publisher, asks[i].Language), c.Limits)...)
		case reply != nil:
			messages = append(messages, Shape(*reply, c.Limits)...)
			c.note(func(health *Health) { health.Sent++; health.Good, health.Error = h.Clock(), "" })
		}
	}
	return messages
}
