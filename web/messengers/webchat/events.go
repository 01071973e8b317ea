package webchat

import (
	"context"
	"strconv"
	"strings"
	"time"

	"keypull/web/messengers"
)

// Stream is an open stream of a session's later answers.
type Stream struct {
	Events <-chan Event
	// Close ends it, and must be called.
	Close func()
}

// Events opens the stream that a GET of "events" asks for, by a ticket or by
// the session as a bearer token, from the event on that the client saw last.
// Who gets none gets a receipt that says why.
func (c *Chat) Events(ctx context.Context, d messengers.Delivery) (*Stream, messengers.Receipt, error) {
	last, fault := lastSeen(d)
	if fault != nil {
		return nil, fault.Receipt(Tongue("", d.Header)), nil
	}
	session, fault, err := c.listener(ctx, d)
	if err != nil {
		return nil, messengers.Receipt{}, err
	}
	if fault != nil {
		return nil, fault.Receipt(Tongue("", d.Header)), nil
	}
	release := c.budgets.open(d.Address, session, c.moment(d))
	if release == nil {
		return nil, later(manyStreams, fullWait).Receipt(Tongue("", d.Header)), nil
	}
	events, cancel := c.Subscribe(session, last)
	return &Stream{Events: events, Close: func() { cancel(); release() }}, messengers.Receipt{}, nil
}

// fullWait is when to look whether one of too many streams has ended.
const fullWait = 30 * time.Second

func lastSeen(d messengers.Delivery) (uint64, *messengers.Problem) {
	text := one(d.Header["Last-Event-Id"])
	if text == "" {
		text = one(d.Query["last"])
	}
	if text == "" {
		return 0, nil
	}
	last, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, bad("Last-Event-ID", own.Text("last_event", nil))
	}
	return last, nil
}

// listener is the session that a stream is asked for. It never stands in the
// address: addresses are logged, by proxies and browsers too.
func (c *Chat) listener(ctx context.Context, d messengers.Delivery) (string, *messengers.Problem, error) {
	if _, there := d.Query["session"]; there {
		return "", bad("session", own.Text("session_in_address", nil)), nil
	}
	if ticket := one(d.Query["ticket"]); ticket != "" {
		session, good := c.tickets.use(ticket, c.moment(d))
		if !good {
			return "", bad("ticket", own.Text("ticket_ended", nil)), nil
		}
		return session, nil, nil
	}
	scheme, session, _ := strings.Cut(one(d.Header["Authorization"]), " ")
	if !strings.EqualFold(scheme, "Bearer") || session == "" {
		return "", bad("ticket", own.Text("whose_events", nil)), nil
	}
	if wait := c.budgets.buy(d.Address, c.moment(d)); wait > 0 {
		return "", later(manyStreams, wait), nil
	}
	ours, err := c.issued(ctx, session)
	if err != nil {
		return "", nil, err
	}
	if !ours {
		return "", stranger(), nil
	}
	return session, nil, nil
}

// one is the first of what came under a name.
func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
