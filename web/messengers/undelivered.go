package messengers

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// againAfter is when a reply is sent again that its platform took and did not
// bring, for the first time, the second and so on; after that it is a dead letter.
var againAfter = [...]time.Duration{5 * time.Second, time.Minute, 10 * time.Minute}

// undelivered does with a failure that comes later what is done with one of the
// sending itself: the reply is sent again, in an approved text where the window
// has closed, or else it is a dead letter.
func (h *Hook) undelivered(ctx context.Context, c *Channel, reader who.Key, e Event, at time.Time) error {
	if h.Threads != nil && strings.HasPrefix(e.Message, StaffKey) {
		return h.Threads.Return(ctx, c, e.Message, e.Code)
	}
	of, known := c.hear(e, at)
	fault := cmp.Or(e.Fault, Permanent)
	if fault == TokenInvalid {
		c.refuse(h.Logger, at, late(fault, e.Code))
	}
	if fault == Blocked && e.Reader != "" {
		if err := h.Pipeline.Change(ctx, reader, func(r who.Reader) who.Reader { return r.Leave(at) }); err != nil {
			return err
		}
	}
	if !known || of.id == 0 || !h.failures.first(of) {
		return nil
	}
	a := pull.Ask{ID: of.id, Publisher: c.Publisher, Channel: c.ID, Reader: of.reader, Tries: of.tries + 1, Parts: of.part}
	a.Address, a.Thread = cmp.Or(of.address, e.Address), of.thread
	if e.Reader != "" {
		a.Reader = cmp.Or(of.reader, reader)
	}
	a.Sent = of.at
	again := of.tries < len(againAfter)
	switch fault {
	case Blocked, Permanent:
		again = false
	case WindowClosed:
		again = again && c.Limits.Template != ""
		// The platform counts otherwise than we do, and it is right.
		a.Parts, a.Sent = 0, at.Add(-c.Limits.Window-time.Second)
	case LimitedUntil, TokenInvalid, Temporary, Uncertain:
	}
	queued, err := h.Pipeline.Fail(ctx, a, late(fault, e.Code), again)
	if err != nil {
		// The platform tells it once more.
		h.failures.forget(of)
		c.unhear(e)
		return err
	}
	h.Logger.Warn("the platform took a reply and did not bring it", "publisher", c.Publisher, "channel", c.ID, "ask", a.ID,
		"fault", string(fault), "code", e.Code, "again", queued)
	if queued && h.Again != nil {
		h.Again(a, againAfter[of.tries])
	}
	return nil
}

// late returns a failure as it is told of a reply that had left.
func late(fault Fault, code string) words.Text {
	e := &SendError{Fault: fault}
	if code != "" {
		e.Err = words.Fail(nil, "send.answered", words.Args{"status": code})
	}
	return e.Said()
}

// failures are the replies of which it was told that they did not arrive. A reply
// of several messages fails once for each try.
type failures struct {
	mu    sync.Mutex
	tries map[uint64]int
}

// maxFailures is of how many replies that is known.
const maxFailures = 20_000

// forget has a try that failed be as it was before anybody was told.
func (f *failures) forget(of sentAsk) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries[of.id] = of.tries
}

// first reports whether it was not told before that this try failed.
func (f *failures) first(of sentAsk) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if of.tries < f.tries[of.id] {
		return false
	}
	if f.tries == nil || len(f.tries) >= maxFailures {
		f.tries = map[uint64]int{}
	}
	f.tries[of.id] = of.tries + 1
	return true
}
