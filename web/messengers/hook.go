package messengers

import (
	"context"
	"errors"
	"hash/maphash"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
)

// Pipeline is what the hook needs of package pipeline.
type Pipeline interface {
	Take(ctx context.Context, asks []pull.Ask) ([]pipeline.Accepted, error)
	Await(ctx context.Context, a pull.Ask, of pipeline.Accepted) (reply *pull.Reply, ok bool, err error)
	// Tellable is a reply as it may leave now: something may have been withdrawn.
	Tellable(ctx context.Context, a pull.Ask, r *pull.Reply) (*pull.Reply, error)
	Change(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error
	Move(ctx context.Context, from, to who.Key) error
	Reword(key who.Key, id string, now *pull.Incoming) bool
	// Fail makes a dead letter of a reply that was taken and not brought, and says
	// whether it may be sent again where that is wanted.
	Fail(ctx context.Context, a pull.Ask, why words.Text, again bool) (bool, error)
}

// Hook turns deliveries of all kinds into accepted asks, and the answers of
// in-band asks into responses. The HTTP server around it is package web's.
type Hook struct {
	Channels *Channels
	Pipeline Pipeline
	// Pseudonym gives the key of a reader by publisher, channel and platform id.
	Pseudonym func(publisher, channel, reader string) who.Key
	// Known tells whether something is kept under a key: of who is not known, a reaction is
	// passed over. Nil: all are known.
	Known func(ctx context.Context, reader who.Key) (bool, error)
	// Working gives what a publisher says to a reader of a language while the
	// answer takes longer than the platform waits.
	Working func(publisher, language string) pull.Reply
	// Threads hears what people of publishers answer in threads; nil: nobody does.
	Threads Threads
	// Again has a dead letter sent again after a while; nil: nobody does.
	Again  func(a pull.Ask, after time.Duration)
	Clock  func() time.Time
	Logger *slog.Logger

	holds    holds
	names    names
	failures failures
}

// arrival is what one channel received.
type arrival struct {
	channel *Channel
	receipt Receipt
	at      time.Time
	// accepts are the languages that whoever delivers reads.
	accepts []string
}

// Serve answers one delivery. It returns after what the delivery brought is
// durable.
func (h *Hook) Serve(ctx context.Context, c *Channel, d Delivery) Receipt {
	d.Verified = false
	from, err := h.receive(ctx, c, d)
	if err != nil {
		return Receipt{Status: http.StatusServiceUnavailable}
	}
	return h.take(ctx, []arrival{from}, from.receipt)
}

// ServeApp answers one delivery to an app: each part of it goes to the channel
// of its account. What is for nobody we know is acknowledged, and so is what one
// channel fails at beside others: they shall not get it again because of that.
func (h *Hook) ServeApp(ctx context.Context, a *OpenApp, d Delivery) Receipt {
	d.Verified = false
	receipt, parts, err := a.receive(ctx, d)
	if err != nil {
		h.Logger.Error("a delivery could not be read", "app", a.ID, "error", err)
		return Receipt{Status: http.StatusServiceUnavailable}
	}
	arrivals := make([]arrival, 0, len(parts))
	for _, p := range parts {
		c := h.Channels.Carried(a.ID, p.Account)
		if c == nil {
			a.strangers.Add(1)
			continue
		}
		p.Delivery.Verified, p.Delivery.At, p.Delivery.Address = true, d.At, d.Address
		from, err := h.receive(ctx, c, p.Delivery)
		switch {
		case err == nil:
			arrivals = append(arrivals, from)
		case len(parts) == 1:
			return Receipt{Status: http.StatusServiceUnavailable}
		}
	}
	if len(arrivals) == 1 && len(parts) == 1 {
		receipt = arrivals[0].receipt
	}
	return h.take(ctx, arrivals, receipt)
}

// receive reads a delivery by the secrets of today, and where these turn it away by the
// former ones.
func (a *OpenApp) receive(ctx context.Context, d Delivery) (Receipt, []Part, error) {
	receipt, parts, err := a.App.Receive(ctx, d)
	if err != nil || receipt.Status < http.StatusBadRequest || receipt.Status >= http.StatusInternalServerError || a.Former == nil || !d.At.Before(a.FormerUntil) {
		return receipt, parts, err //nolint:wrapcheck // it says what is wrong
	}
	if formerly, theirs, err := a.Former.Receive(ctx, d); err == nil && formerly.Status < http.StatusBadRequest {
		return formerly, theirs, nil
	}
	return receipt, parts, nil
}

func (h *Hook) receive(ctx context.Context, c *Channel, d Delivery) (arrival, error) {
	receipt, err := received(ctx, c.Messenger, d)
	if err == nil && receipt.Status >= http.StatusBadRequest && receipt.Status < http.StatusInternalServerError {
		receipt = c.receiveFormerly(ctx, d, receipt)
	}
	if err != nil {
		h.Logger.Error("a delivery could not be read", "publisher", c.Publisher, "channel", c.ID, "error", err)
	}
	return arrival{c, receipt, d.At, d.Header["Accept-Language"]}, err
}

// FormerAt returns what takes the secrets from before at a moment; nil where nothing does.
func (c *Channel) FormerAt(at time.Time) Messenger {
	if c.Former == nil || !at.Before(c.FormerUntil) {
		return nil
	}
	return c.Former
}

// receiveFormerly returns what a delivery means that was turned away, where the secrets
// from before prove it.
func (c *Channel) receiveFormerly(ctx context.Context, d Delivery, refused Receipt) Receipt {
	former := c.FormerAt(d.At)
	if former == nil {
		return refused
	}
	receipt, err := received(ctx, former, d)
	if err != nil || receipt.Status >= http.StatusBadRequest {
		return refused
	}
	c.note(func(h *Health) { h.Formerly++ })
	return receipt
}

// received has a messenger read a delivery. One that breaks down at it fails
// alone.
func received(ctx context.Context, m Messenger, d Delivery) (r Receipt, err error) {
	defer pull.Caught("receive", &err)
	return m.Receive(ctx, d)
}

// take makes durable what arrived, and answers with the receipt, or with what
// answers the asks of a single arrival.
func (h *Hook) take(ctx context.Context, arrivals []arrival, receipt Receipt) Receipt {
	for _, from := range arrivals {
		if from.receipt.Status >= http.StatusBadRequest {
			from.channel.note(func(health *Health) { health.Unproven++ })
		} else if h.Channels != nil {
			h.Channels.hears(from.channel, from.at)
		}
	}
	asks, err := h.note(ctx, arrivals)
	if err != nil {
		h.Logger.Error("an event could not be kept", "error", err)
		return Receipt{Status: http.StatusServiceUnavailable}
	}
	if len(asks) == 0 {
		return receipt
	}
	accepted, err := h.Pipeline.Take(ctx, asks)
	if err != nil && len(arrivals) > 1 && pull.KindOf(err) == pull.Limited {
		accepted, err = h.takeApart(ctx, asks)
	}
	if err != nil {
		h.Logger.Warn("a delivery was turned away", "publisher", asks[0].Publisher, "channel", asks[0].Channel, "error", err)
		return h.turnedAway(err, words.Accepted(strings.Join(arrivals[0].accepts, ",")))
	}
	expect(arrivals, asks, accepted)
	inBand, answers := arrivals[0].channel.Messenger.(InBand)
	if !answers || !waits(asks) {
		return receipt
	}
	if receipt.Progress != nil && len(arrivals) == 1 {
		return h.progress(ctx, arrivals[0], asks, accepted, inBand)
	}
	said, held := h.await(ctx, arrivals[0], asks, accepted)
	if held {
		receipt.Status = http.StatusServiceUnavailable
	}
	return inBand.Answer(receipt, said)
}

// takeApart takes the asks of each channel by themselves: one that is crowded turns
// away its own alone, and the platform comes again for those.
func (h *Hook) takeApart(ctx context.Context, asks []pull.Ask) (all []pipeline.Accepted, err error) {
	for len(asks) > 0 {
		same := 1
		for same < len(asks) && asks[same].Publisher == asks[0].Publisher && asks[same].Channel == asks[0].Channel {
			same++
		}
		accepted, refused := h.Pipeline.Take(ctx, asks[:same])
		if refused != nil {
			err = refused
		}
		all, asks = append(all, accepted...), asks[same:]
	}
	return all, err
}

// waits reports whether one of some asks is answered in band.
func waits(asks []pull.Ask) bool {
	for i := range asks {
		if asks[i].InBand {
			return true
		}
	}
	return false
}

// expect has channels count what came again, and show that answers to new asks are
// being written.
func expect(arrivals []arrival, asks []pull.Ask, accepted []pipeline.Accepted) {
	for i := range asks {
		for _, from := range arrivals {
			if c := from.channel; c.Publisher == asks[i].Publisher && c.ID == asks[i].Channel {
				c.took(&asks[i], accepted[i])
				break
			}
		}
	}
}

// took notes what became of an ask that arrived.
func (c *Channel) took(a *pull.Ask, as pipeline.Accepted) {
	if as.Duplicate || as.Anew {
		c.note(func(h *Health) {
			if as.Duplicate {
				h.Again++
			} else {
				h.Anew++
			}
		})
	}
	if !as.Duplicate {
		c.note(func(h *Health) { h.Asks++ })
		c.expect(a, as.Seq)
	}
}

// turnedAway asks the platform to come again, and says why and when. What keeps the service from taking anything is its
// operator's to mend, whom /readyz tells, and no affair of who writes.
func (h *Hook) turnedAway(err error, language string) Receipt {
	p := Problem{Status: http.StatusServiceUnavailable, Said: words.Text{Key: "web.later"}}
	var e *pull.Error
	if errors.As(err, &e) {
		if e.Kind != pull.Unavailable {
			p.Said = words.Said(e)
		}
		if !e.RetryAt.IsZero() {
			p.RetryAfter = e.RetryAt.Sub(h.Clock())
		}
	}
	return p.Receipt(language)
}

// Accept takes what a listener fetched itself.
func (h *Hook) Accept(ctx context.Context, c *Channel, r Receipt) error {
	arrivals := []arrival{{channel: c, receipt: r, at: h.Clock()}}
	asks, err := h.note(ctx, arrivals)
	if err != nil {
		return err
	}
	for i := range asks {
		asks[i].InBand = false
	}
	accepted, err := h.Pipeline.Take(ctx, asks)
	if err == nil {
		expect(arrivals, asks, accepted)
	}
	return err
}

// note keeps the events of what arrived, and returns its asks.
func (h *Hook) note(ctx context.Context, arrivals []arrival) ([]pull.Ask, error) {
	var asks []pull.Ask
	for n := range arrivals {
		from := &arrivals[n]
		if err := h.Note(ctx, from.channel, from.receipt.Events, from.at); err != nil {
			return nil, err
		}
		for i := range from.receipt.Asks {
			in := &from.receipt.Asks[i]
			cleanAsk(in)
			if taken, err := h.overhear(ctx, from.channel, in); taken || err != nil {
				if err != nil {
					return nil, err
				}
				continue
			}
			if in.Edit {
				h.reword(from.channel, in, asks)
			}
			if in.Overheard || in.Edit || oversized(in) {
				continue
			}
			if err := h.recognise(ctx, from.channel, in); err != nil {
				return nil, err
			}
			a := h.ask(from, in, len(arrivals) == 1)
			if h.Threads != nil && !in.Group {
				if err := h.Threads.Hold(ctx, a.Reader, a.Attachments); err != nil {
					return nil, err
				}
			}
			asks = append(asks, a)
		}
	}
	return asks, nil
}

// maxName is the most bytes of an id, an address or a payload: no platform's are as
// long, and what can't be kept would be delivered for ever.
const maxName = 16 << 10

// maxKept is the most bytes of what a reader's document has a place for; maxTag those
// of a language's tag.
const (
	maxKept = 2 << 10
	maxTag  = 35
)

// oversized reports whether a message comes from nobody, by its names alone.
func oversized(in *Incoming) bool {
	return max(len(in.ID), len(in.Reader), len(in.Tap)) > maxName || len(in.Address) > maxKept
}

// reword has a corrected message answered as it reads now, where it is not answered
// yet. asks are those that came with the correction.
func (h *Hook) reword(c *Channel, in *Incoming, asks []pull.Ask) {
	if in.Overheard {
		return
	}
	key := h.Pseudonym(c.Publisher, c.ID, in.Reader)
	for i := range asks {
		if a := &asks[i]; a.Reader == key && a.Incoming.ID == in.ID {
			a.Text, a.Tap, a.Attachments, a.Location = in.Text, in.Tap, in.Attachments, in.Location
			return
		}
	}
	h.Pipeline.Reword(key, in.ID, in)
}

// ask returns what a message asks, without what no ask may tell.
func (h *Hook) ask(from *arrival, in *Incoming, alone bool) pull.Ask {
	c := from.channel
	_, answers := c.Messenger.(InBand)
	a := pull.Ask{
		Publisher: c.Publisher, Channel: c.ID, Reader: h.Pseudonym(c.Publisher, c.ID, in.Reader),
		From: crowd(in.From), At: from.at, Incoming: *in,
	}
	a.OneID = c.Limits.OneID
	for _, also := range in.Also {
		a.Aliases = append(a.Aliases, h.Pseudonym(c.Publisher, c.ID, also))
	}
	a.Incoming.Reader, a.Incoming.From, a.Also, a.Posted = "", "", nil, nil
	a.InBand = in.InBand && answers && alone
	if len(a.Language) > maxTag {
		a.Language = ""
	}
	if a.Group {
		a.Language, a.Consent = "", ""
	}
	return a
}

// seed makes what addresses are counted by: it ends with the process.
var seed = maphash.MakeSeed() //nolint:gochecknoglobals // one for the process

// crowd returns the number by which asks of one address are counted; 0 of none.
func crowd(from string) uint64 {
	if from == "" {
		return 0
	}
	return max(maphash.String(seed, from), 1)
}
