package webchat

import (
	"cmp"
	"container/list"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"keypull/web/messengers"
)

// event is a later reply for a session that is kept, with its key.
type event struct {
	messengers.StreamEvent
	key string
}

// bytes is about what an event takes.
func (e event) bytes() int { return eventBytes + len(e.Data) + len(e.key) }

// Bounds of what is kept for readers who are away.
const (
	maxEvents      = 50
	maxSessions    = 10_000
	maxSubscribers = 8
	keepFor        = time.Hour
)

// What a mailbox, one event in it and one who waits for more cost beside the
// texts in them, roughly.
const (
	mailboxBytes    = 512
	eventBytes      = 96
	subscriberBytes = 4 << 10
)

// Subscribe returns the session's events after lastID, the kept ones first,
// and a function that ends the subscription and must be called. The channel is
// closed when the chat closes, when the subscriber falls behind, or at once
// for a malformed session or one with too many subscribers; the client then
// comes again with the last id it saw.
func (c *Chat) Subscribe(session string, lastID uint64) (<-chan messengers.StreamEvent, func()) {
	if !validSession(session) {
		return closed(), func() {}
	}
	return c.hub.subscribe(session, lastID)
}

func closed() <-chan messengers.StreamEvent {
	ch := make(chan messengers.StreamEvent)
	close(ch)
	return ch
}

// hub brings events to subscribers and keeps the last of each session for an
// hour. The log of what was sent is elsewhere: what a hub does not hold any more, or
// an earlier process sent, is put back from there for a reader who comes.
type hub struct {
	clock func() time.Time
	room  *messengers.Room

	mu       sync.Mutex
	sessions map[string]*list.Element
	// recent holds *mailbox, that of the latest event first.
	recent *list.List
	last   uint64
	closed bool
	// tidying drops idle sessions where nothing else happens; nil while there
	// are none.
	tidying *time.Timer
}

// mailbox is one session: its last events and who waits for more.
type mailbox struct {
	session string
	touched time.Time
	events  []event
	// whole: all that was sent within the hour is among the events.
	whole       bool
	subscribers map[chan messengers.StreamEvent]bool
	// bytes is about what it takes.
	bytes int
}

func newHub(env messengers.Env) *hub {
	return &hub{clock: env.Clock, room: env.RoomFor(), sessions: map[string]*list.Element{}, recent: list.New()}
}

// box returns a session's mailbox as the most recent one.
func (h *hub) box(session string) *mailbox {
	now := h.clock()
	e, ok := h.sessions[session]
	if !ok {
		e = h.recent.PushFront(&mailbox{session: session, subscribers: map[chan messengers.StreamEvent]bool{}})
		h.sessions[session] = e
		h.weigh(e.Value.(*mailbox), mailboxBytes+2*len(session))
	}
	h.recent.MoveToFront(e)
	m := e.Value.(*mailbox)
	m.touched = now
	h.sweep(now)
	if h.tidying == nil {
		h.tidying = time.AfterFunc(keepFor, h.tidy)
	}
	return m
}

// weigh notes that a mailbox takes so many bytes more.
func (h *hub) weigh(m *mailbox, bytes int) {
	m.bytes += bytes
	h.room.Take(bytes)
}

// sweepSteps bounds how many sessions one sweep looks at.
const sweepSteps = 64

// sweep drops the sessions that are beyond the bounds, the oldest first, but
// never the latest. Whoever listens stays, and loses what is kept at most: no
// number of others closes a stream.
func (h *hub) sweep(now time.Time) {
	for range min(h.recent.Len()-1, sweepSteps) {
		e := h.recent.Back()
		m := e.Value.(*mailbox)
		if !m.idle(now) && len(h.sessions) <= maxSessions && !h.room.Full() {
			return
		}
		if len(m.subscribers) == 0 {
			h.drop(e)
			continue
		}
		h.empty(m)
		h.recent.MoveAfter(e, h.recent.Front())
	}
}

func (m *mailbox) idle(now time.Time) bool {
	return len(m.subscribers) == 0 && now.Sub(m.touched) > keepFor
}

// tidy drops what is idle while nobody comes by, and looks again later where
// something is left.
func (h *hub) tidy() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.clock()
	for e := h.recent.Back(); e != nil; {
		before := e.Prev()
		if e.Value.(*mailbox).idle(now) {
			h.drop(e)
		}
		e = before
	}
	h.tidying = nil
	if !h.closed && h.recent.Len() > 0 {
		h.tidying = time.AfterFunc(keepFor/4, h.tidy)
	}
}

func (h *hub) drop(e *list.Element) {
	m := h.recent.Remove(e).(*mailbox)
	delete(h.sessions, m.session)
	h.weigh(m, -m.bytes)
	for ch := range m.subscribers {
		close(ch)
	}
	clear(m.subscribers)
}

// empty forgets what is kept for a session; who listens has it.
func (h *hub) empty(m *mailbox) {
	for _, e := range m.events {
		h.weigh(m, -e.bytes())
	}
	m.events, m.whole = nil, false
}

// isWhole reports whether all is held that a session was sent within the hour.
func (h *hub) isWhole(session string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	e, ok := h.sessions[session]
	return ok && e.Value.(*mailbox).whole
}

// restore puts back what a session was sent before, the oldest first, but for what is held.
func (h *hub) restore(session string, before []event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	m := h.box(session)
	m.whole = true
	last := uint64(0)
	for _, e := range before {
		e.ID = max(e.ID, last+1) // the parts of one reply have one moment
		last = e.ID
		if slices.ContainsFunc(m.events, func(o event) bool { return o.key == e.key }) {
			continue
		}
		m.events = append(m.events, e)
		h.weigh(m, e.bytes())
	}
	slices.SortStableFunc(m.events, func(a, b event) int { return cmp.Compare(a.ID, b.ID) })
	for len(m.events) > maxEvents {
		h.weigh(m, -m.events[0].bytes())
		m.events = slices.Delete(m.events, 0, 1)
	}
}

// publish adds an event, unless its key is among the kept ones. It is false
// once the hub is closed.
func (h *hub) publish(session, key string, data []byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	m := h.box(session)
	if key != "" && slices.ContainsFunc(m.events, func(e event) bool { return e.key == key }) {
		return true
	}
	// Microseconds keep ids growing over a restart, when counting begins anew.
	h.last = max(h.last+1, uint64(max(0, h.clock().UnixMicro())))
	e := event{messengers.StreamEvent{ID: h.last, Data: data}, key}
	m.events = append(m.events, e)
	h.weigh(m, e.bytes())
	if len(m.events) > maxEvents {
		h.weigh(m, -m.events[0].bytes())
		m.events = slices.Delete(m.events, 0, 1)
	}
	for ch := range m.subscribers {
		select {
		case ch <- e.StreamEvent:
		default:
			h.leave(m, ch)
		}
	}
	h.sweep(h.clock())
	return true
}

func (h *hub) subscribe(session string, lastID uint64) (<-chan messengers.StreamEvent, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return closed(), func() {}
	}
	m := h.box(session)
	if len(m.subscribers) >= maxSubscribers {
		return closed(), func() {}
	}
	ch := make(chan messengers.StreamEvent, maxEvents+16)
	for _, e := range m.events {
		if e.ID > lastID {
			ch <- e.StreamEvent
		}
	}
	m.subscribers[ch] = true
	h.weigh(m, subscriberBytes)
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.leave(m, ch)
	}
}

// leave ends one subscription, unless it has ended.
func (h *hub) leave(m *mailbox, ch chan messengers.StreamEvent) {
	if m.subscribers[ch] {
		delete(m.subscribers, ch)
		close(ch)
		h.weigh(m, -subscriberBytes)
	}
}

func (h *hub) forget(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e, ok := h.sessions[session]; ok {
		h.drop(e)
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	if h.tidying != nil {
		h.tidying.Stop()
	}
	for h.recent.Len() > 0 {
		h.drop(h.recent.Front())
	}
}

// Events opens the stream that a GET of "events" asks for, by a ticket or by
// the session as a bearer token, from the event on that the client saw last.
// Who gets none gets a receipt that says why.
func (c *Chat) Events(ctx context.Context, d messengers.Delivery) (*messengers.Stream, messengers.Receipt, error) {
	last, fault := lastSeen(d)
	if fault != nil {
		return nil, fault.Receipt(messengers.ReaderLanguage("", d.Header)), nil
	}
	session, fault, err := c.listener(ctx, d)
	if err != nil {
		return nil, messengers.Receipt{}, err
	}
	if fault != nil {
		return nil, fault.Receipt(messengers.ReaderLanguage("", d.Header)), nil
	}
	release := c.budgets.openStream(d.Address, session)
	if release == nil {
		return nil, later(manyStreams, fullWait).Receipt(messengers.ReaderLanguage("", d.Header)), nil
	}
	if err := c.restore(ctx, session); err != nil {
		release()
		return nil, messengers.Receipt{}, err
	}
	events, cancel := c.Subscribe(session, last)
	return &messengers.Stream{Events: events, Close: func() { cancel(); release() }}, messengers.Receipt{}, nil
}

// restore has the hub hold what a session was sent within the hour, whichever process sent it.
// The moment at which a reply was there is the id of its event, which is no more than the id that
// it had: who has seen it does not get it again.
func (c *Chat) restore(ctx context.Context, session string) error {
	if c.sent == nil || c.hub.isWhole(session) {
		return nil
	}
	past, err := c.sent(ctx, session, c.clock().Add(-keepFor))
	if err != nil {
		return fmt.Errorf("webchat: read what was sent: %w", err)
	}
	var before []event
	for _, p := range past {
		data, err := eventOf(p.Message)
		if err != nil {
			return fmt.Errorf("webchat: read what was sent: %w", err)
		}
		before = append(before, event{messengers.StreamEvent{ID: uint64(max(0, p.At.UnixMicro())), Data: data}, p.Key})
	}
	c.hub.restore(session, before)
	return nil
}

// fullWait is when to look whether one of too many streams has ended.
const fullWait = 30 * time.Second

func lastSeen(d messengers.Delivery) (uint64, *messengers.Problem) {
	text := cmp.Or(one(d.Header["Last-Event-Id"]), one(d.Query["last"]))
	if text == "" {
		return 0, nil
	}
	last, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, bad("Last-Event-ID", own.Text("last_event", nil))
	}
	return last, nil
}

// listener returns the session that a stream is asked for. It never stands in the
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
	session := d.Bearer()
	if session == "" {
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

// one returns the first of what came under a name.
func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
