package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/talk"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
)

// Times of what is done with requests: how long after it was taken a time is held for a request
// that is not kept, when a conversation with requests is sealed anew, and for how long it is tried
// to hand one over.
const (
	bookingFor = 15 * time.Minute
	resealed   = 20 * time.Hour
	handFor    = 10 * time.Second
	handUntil  = 12 * time.Hour
)

// triesAMinute is how many numbers a reader may ask for a minute.
const triesAMinute = 10

func numberKey(publisher, number string) string { return publisher + " " + number }

// knowRequests notes whose the requests of a conversation are; d.mu is held.
func (d *Desk) knowRequests(ctx context.Context, h *talk.Head) {
	for i := range h.Requests {
		r := &h.Requests[i]
		d.asks[r.Ask] = h.Reader
		delete(d.booking, r.Ask)
		if number := d.Number(ctx, h.Publisher(), r.Ask, r.At); number != "" {
			d.numbers[numberKey(h.Publisher(), string(number))] = r.Ask
		}
	}
}

// forgetRequests forgets whose the requests of a conversation were; d.mu is held.
func (d *Desk) forgetRequests(ctx context.Context, h *talk.Head) {
	if h == nil {
		return
	}
	for _, r := range h.Requests {
		delete(d.asks, r.Ask)
		delete(d.numbers, numberKey(h.Publisher(), string(d.Number(ctx, h.Publisher(), r.Ask, r.At))))
	}
}

// askOf returns the ask of the request with a number, and whose it is; d.mu is held.
func (d *Desk) askOf(publisher string, number proof.Code) (uint64, who.Key, bool) {
	ask, there := d.numbers[numberKey(publisher, string(number))]
	key, open := d.asks[ask]
	return ask, key, there && open
}

// Has implements pull.Requests.
func (d *Desk) Has(publisher string, number proof.Code) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.loadHeads(context.Background()); err != nil {
		return false // a store that fails is told of by itself
	}
	_, _, there := d.askOf(publisher, number)
	return there
}

// noRequest is the error about a request that is not there.
func noRequest() error {
	return &pull.Error{Kind: pull.Unknown, Field: "request", Hint: words.Text{Key: "hint.no_request"}}
}

// findRequest returns the conversation with the request that has a number, and its ask.
func (d *Desk) findRequest(ctx context.Context, publisher string, number proof.Code) (talk.Talk, uint64, error) {
	d.mu.Lock()
	err := d.loadHeads(ctx)
	ask, key, there := d.askOf(publisher, number)
	d.mu.Unlock()
	if err == nil && !there {
		err = noRequest()
	}
	if err != nil {
		return talk.Talk{}, 0, err
	}
	t, _, err := d.Talks.Get(ctx, key)
	return t, ask, err
}

// requestIn returns a request of a conversation.
func requestIn(t *talk.Talk, ask uint64) (request.Request, error) {
	if i := slices.IndexFunc(t.Filed, func(r request.Request) bool { return r.Ask == ask }); i >= 0 {
		return t.Filed[i], nil
	}
	return request.Request{}, noRequest()
}

// Find implements pull.Requests.
func (d *Desk) Find(ctx context.Context, publisher string, by who.Key, number proof.Code) (r request.Request, own bool, err error) {
	now := d.Clock()
	if wait := d.paces.Take(string(by), triesAMinute, now); wait > 0 {
		return r, false, &pull.Error{Kind: pull.Limited, Op: "look for a request", RetryAt: now.Add(wait), Hint: words.Text{Key: "reply.proof_limited"}}
	}
	t, ask, err := d.findRequest(ctx, publisher, number)
	if err != nil {
		return r, false, err
	}
	r, err = requestIn(&t, ask)
	return r, t.Reader == by, err
}

// Of implements pull.Requests.
func (d *Desk) Of(ctx context.Context, key who.Key) ([]request.Request, error) {
	d.mu.Lock()
	err := d.loadHeads(ctx)
	none := d.heads[key] == nil || len(d.heads[key].Requests) == 0
	d.mu.Unlock()
	if err != nil || none {
		return nil, err
	}
	t, _, err := d.Talks.Get(ctx, key)
	if pull.KindOf(err) == pull.Unknown {
		return nil, nil
	}
	return t.Filed, err
}

// calendarOf returns the id under which times of a calendar are taken: the first that it had, so
// that they stay taken where it is called otherwise.
func (d *Desk) calendarOf(publisher, source string) string {
	if pub := d.Catalogue.Publisher(publisher); pub != nil {
		if s, ok := pub.Source(source); ok && len(s.Formerly) > 0 {
			return s.Formerly[0]
		}
	}
	return source
}

// holds reports whether a booking stands: its request is open, or on its way to be kept; d.mu is
// held.
func (d *Desk) holds(b *request.Booking) bool {
	if begun, making := d.booking[b.Ask]; making {
		return d.Clock().Sub(begun) < bookingFor
	}
	h := d.heads[d.asks[b.Ask]]
	return h != nil && slices.ContainsFunc(h.Requests, func(r request.Head) bool { return r.Ask == b.Ask && r.Open() })
}

// bookedOf returns the bookings of a calendar that stand, and those that do not any more.
func (d *Desk) bookedOf(ctx context.Context, publisher, calendar string) (stand, over []request.Booking, err error) {
	all, err := d.Bookings.Of(ctx, publisher, calendar)
	if err != nil {
		return nil, nil, fmt.Errorf("read what is taken: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.loadHeads(ctx); err != nil {
		return nil, nil, err
	}
	for _, b := range all {
		if d.holds(&b) {
			stand = append(stand, b)
		} else {
			over = append(over, b)
		}
	}
	return stand, over, nil
}

// Booked implements pull.Requests.
func (d *Desk) Booked(ctx context.Context, publisher, calendar string, but uint64) (all []when.Stretch, err error) {
	stand, _, err := d.bookedOf(ctx, publisher, d.calendarOf(publisher, calendar))
	for _, b := range stand {
		if b.Ask != but {
			all = append(all, when.Stretch{From: b.From, To: b.To})
		}
	}
	return all, err
}

// Book implements pull.Requests.
func (d *Desk) Book(ctx context.Context, publisher, calendar string, at when.Stretch, ask uint64) (bool, error) {
	b := request.Booking{Publisher: publisher, Calendar: d.calendarOf(publisher, calendar), From: at.From.UTC(), To: at.To.UTC(), Ask: ask}
	const tries = 5
	for range tries {
		stand, over, err := d.bookedOf(ctx, publisher, b.Calendar)
		if err != nil {
			return false, err
		}
		for _, o := range stand {
			if o.Ask != ask && o.Meets(b.From, b.To) {
				return false, nil
			}
		}
		b.Revision = 0
		for _, o := range slices.Concat(stand, over) {
			if o.From.Equal(b.From) {
				b.Revision = o.Revision
			}
		}
		d.mu.Lock()
		d.booking[ask] = d.Clock()
		d.mu.Unlock()
		switch err := d.Bookings.Take(ctx, b); {
		case err == nil:
			return true, nil
		case pull.KindOf(err) != pull.Conflict:
			return false, fmt.Errorf("take a time: %w", err)
		}
	}
	return false, nil
}

// sweepBookings drops bookings that stand no more, and those that are past.
func (d *Desk) sweepBookings(ctx context.Context) {
	now := d.Clock()
	d.mu.Lock()
	due := now.Sub(d.swept) >= time.Hour
	if due {
		d.swept = now
		for ask, begun := range d.booking {
			if now.Sub(begun) >= bookingFor {
				delete(d.booking, ask)
			}
		}
	}
	d.mu.Unlock()
	if !due {
		return
	}
	all, err := d.Bookings.All(ctx)
	if err != nil {
		return // a store that fails is told of by itself
	}
	for _, b := range all {
		d.mu.Lock()
		over := now.After(b.To.Add(day)) || !d.holds(&b)
		d.mu.Unlock()
		if over {
			_ = d.Bookings.Free(ctx, b) // the next time, if not now
		}
	}
}

const day = 24 * time.Hour

// changeRequest changes a request of a reader's.
func (d *Desk) changeRequest(ctx context.Context, key who.Key, ask uint64, change func(*request.Request) bool) (r request.Request, err error) {
	defer d.lockTalk(key)()
	t, err := d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		return t.ChangeRequest(ask, change), nil
	})
	if err != nil {
		return r, err
	}
	return requestIn(&t, ask)
}

// standAs has a request stand otherwise, and reports whether it stood so before.
func standAs(r *request.Request, s request.State, text, by string, at time.Time) bool {
	if r.State == s && r.Text == text {
		return false
	}
	r.State, r.Text, r.By, r.Changed = s, text, by, at
	return true
}

// Cancel implements pull.Requests.
func (d *Desk) Cancel(ctx context.Context, key who.Key, ask uint64) (request.Request, error) {
	return d.changeRequest(ctx, key, ask, func(r *request.Request) bool {
		return r.Open() && standAs(r, request.Cancelled, "", "", d.Clock())
	})
}

// expireTalk drops what is past its time of a conversation with requests, and has the rest sealed
// with the key of today: those of days go.
func (d *Desk) expireTalk(ctx context.Context, key who.Key) {
	defer d.lockTalk(key)()
	_, err := d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		t.Expire(d.Clock())
		return true, nil
	})
	switch {
	case pull.KindOf(err) == pull.Unknown:
		d.Forget(key)
	case err != nil:
		d.Logger.Warn("a conversation could not be sealed anew; trying again", "error", err)
	}
}

// handAll hands over what requests of readers are still to be, a publisher beside the other.
func (d *Desk) handAll(ctx context.Context, readers []who.Key) {
	waiting := map[string][]who.Key{}
	for _, key := range readers {
		h := talk.Head{Reader: key}
		waiting[h.Publisher()] = append(waiting[h.Publisher()], key)
	}
	for publisher, keys := range waiting {
		d.mu.Lock()
		begun := d.busy[publisher] || d.line.Put == nil
		if !begun {
			d.busy[publisher] = true
		}
		d.mu.Unlock()
		if begun {
			continue
		}
		d.carrying.Go(func() {
			var failed error
			defer func() {
				if failed != nil {
					d.Logger.Error("requests can't be handed over", "publisher", publisher, "error", failed)
				}
				d.mu.Lock()
				defer d.mu.Unlock()
				delete(d.busy, publisher)
			}()
			defer pull.Caught("hand requests over", &failed)
			for _, key := range keys {
				d.handOver(ctx, key)
			}
		})
	}
}

// handOver hands the requests of a reader over that are still to be.
func (d *Desk) handOver(ctx context.Context, key who.Key) {
	d.mu.Lock()
	next := d.handing[key]
	d.mu.Unlock()
	now := d.Clock()
	if now.Before(next.at) {
		return
	}
	t, _, err := d.Talks.Get(ctx, key)
	if pull.KindOf(err) == pull.Unknown {
		d.Forget(key)
		return
	}
	reader, _, found := d.Readers.Reader(ctx, key)
	if err != nil || found != nil {
		return // a store that fails is told of by itself
	}
	failed := false
	for _, r := range t.Filed {
		// What is not settled may still come to nothing.
		if r.Unsent && (reader.HasSettled(r.Ask) || now.Sub(r.At) > bookingFor) {
			failed = d.handOne(ctx, &t, r) || failed
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if delete(d.handing, key); failed {
		pause := min(max(2*next.pause, tend), mostPause)
		d.handing[key] = again{at: now.Add(pause), pause: pause}
	}
}

// again is when it is tried anew to hand requests of a reader over.
type again struct {
	at    time.Time
	pause time.Duration
}

const mostPause = 10 * time.Minute

// handOne hands a request over, and notes what the endpoint says of it; it reports whether that
// failed.
func (d *Desk) handOne(ctx context.Context, t *talk.Talk, r request.Request) (failed bool) {
	within, cancel := context.WithTimeout(ctx, handFor)
	defer cancel()
	state, text, err := d.HandOver(within, t.Publisher(), r.Hook, &r)
	now := d.Clock()
	_, kept := d.changeRequest(ctx, t.Reader, r.Ask, func(r *request.Request) bool {
		switch {
		case err == nil:
			r.Unsent, r.Failed, r.Why = false, false, words.Text{}
			if state != "" {
				standAs(r, state, cut(text), r.Hook, now)
			}
		case now.Sub(r.At) > handUntil:
			r.Unsent, r.Failed, r.Why = false, true, words.Said(err)
		default:
			if why := words.Said(err); r.Why.String() != why.String() {
				r.Why = why
				return true
			}
			return false
		}
		return true
	})
	if err != nil {
		d.Logger.Warn("a request can't be handed over now; trying again", "publisher", t.Publisher(), "source", r.Hook, "error", err)
	}
	if kept != nil {
		d.Logger.Warn("that a request was handed over could not be noted; it is handed over again", "error", kept)
	}
	return err != nil || kept != nil
}

// cut returns as much of a text as is told of a request.
func cut(text string) string {
	if runes := []rune(strings.TrimSpace(text)); len(runes) > request.MaxText {
		return string(runes[:request.MaxText-1]) + "…"
	}
	return strings.TrimSpace(text)
}

// unsentOf returns what fails where requests could not be handed over and are still open.
func unsentOf(heads []talk.Head, language string) []console.Failure {
	n, since := 0, time.Time{}
	for i := range heads {
		for _, r := range heads[i].Requests {
			if !r.Failed || !r.Open() {
				continue
			}
			if n++; since.IsZero() || r.At.Before(since) {
				since = r.At
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []console.Failure{{Resource: "conversation", Code: "unsent_request", Count: n, Since: since,
		Text: words.Text{Key: "fails.unsent_request", Args: words.Args{"n": n}}.In(language), Mend: console.MendOf("unsent_request", language)}}
}
