package webchat

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// Budget is what one address may ask of a chat.
type Budget struct {
	Asks     int `name:"asks" label:"Messages" help:"How many messages a minute; 0 for as many as come." check:"min=0,max=1000000"`
	Sessions int `name:"sessions" label:"New readers" help:"How many readers a minute who begin anew; 0 for as many as come." check:"min=0,max=1000000"`
	Streams  int `name:"streams" label:"Open chats" help:"How many chats may wait for later answers at a time; 0 for as many as come." check:"min=0,max=1000000"`
}

// usual is enough for a household or a small office.
func usual() Budget { return Budget{Asks: 60, Sessions: 20, Streams: 20} }

// maxAddresses bounds how many addresses are remembered; those with open
// streams are, however many: a stream holds far more than its address does.
const maxAddresses = 20_000

// ticketsPerStream is how often a minute each of an address's streams may be
// opened anew: a reader whose network comes and goes must not be shut out.
const ticketsPerStream = 10

// budgets counts what addresses ask for. It is safe for concurrent use.
type budgets struct {
	Budget

	mu    sync.Mutex
	known map[string]*list.Element
	// recent holds *caller, the latest first.
	recent *list.List
	// streams counts the open ones of each session.
	streams map[string]int
}

// caller is one address. Each allowance is kept as the moment at which it
// would have been used up.
type caller struct {
	address                 string
	asks, sessions, tickets time.Time
	streams                 int
	// seen is when the address last asked for anything.
	seen time.Time
}

// quietAfter is how long after an address last asked for anything all of its
// allowances are full again, and with them forgotten.
const quietAfter = 2 * time.Minute

func newBudgets(b Budget) *budgets {
	return &budgets{Budget: b, known: map[string]*list.Element{}, recent: list.New(), streams: map[string]int{}}
}

// ask takes one message from an address's allowance; else it tells how long to
// wait. So do begin, of new sessions, and buy, of tickets.
func (b *budgets) ask(address string, now time.Time) time.Duration {
	return b.take(address, b.Asks, now, func(c *caller) *time.Time { return &c.asks })
}

func (b *budgets) begin(address string, now time.Time) time.Duration {
	return b.take(address, b.Sessions, now, func(c *caller) *time.Time { return &c.sessions })
}

func (b *budgets) buy(address string, now time.Time) time.Duration {
	return b.take(address, ticketsPerStream*b.Streams, now, func(c *caller) *time.Time { return &c.tickets })
}

func (b *budgets) take(address string, perMinute int, now time.Time, of func(*caller) *time.Time) time.Duration {
	if perMinute <= 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	empty := of(b.caller(address, now))
	next := *empty
	// A clock that was set back leaves nobody waiting for it to come round again.
	if full := now.Add(-time.Minute); next.Before(full) || next.After(now.Add(time.Minute)) {
		next = full
	}
	next = next.Add(time.Minute / time.Duration(perMinute))
	if next.After(now) {
		return next.Sub(now)
	}
	*empty = next
	return 0
}

// open counts a stream of a session from an address, until release is called;
// it is nil where there are too many already.
func (b *budgets) open(address, session string, now time.Time) (release func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.caller(address, now)
	if b.Streams > 0 && c.streams >= b.Streams || b.streams[session] >= maxSubscribers {
		return nil
	}
	c.streams++
	b.streams[session]++
	return sync.OnceFunc(func() { b.close(c, session) })
}

func (b *budgets) close(c *caller, session string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.streams--
	if b.streams[session]--; b.streams[session] <= 0 {
		delete(b.streams, session)
	}
}

// caller returns the one of an address as the most recent.
func (b *budgets) caller(address string, now time.Time) *caller {
	name := network(address)
	if e, ok := b.known[name]; ok {
		b.recent.MoveToFront(e)
		c := e.Value.(*caller)
		c.seen = now
		return c
	}
	b.tidy(now)
	if len(b.known) >= maxAddresses {
		b.forget()
	}
	c := &caller{address: name, seen: now}
	b.known[name] = b.recent.PushFront(c)
	return c
}

// tidy forgets two quiet addresses for each new one, so that a burst leaves
// memory again.
func (b *budgets) tidy(now time.Time) {
	for range 2 {
		e := b.recent.Back()
		if e == nil {
			return
		}
		c := e.Value.(*caller)
		switch {
		case c.streams > 0:
			b.recent.MoveToFront(e)
		case now.Sub(c.seen).Abs() < quietAfter:
			return
		default:
			b.recent.Remove(e)
			delete(b.known, c.address)
		}
	}
}

// forget drops the address that was quiet for longest and has nothing open.
func (b *budgets) forget() {
	for range b.recent.Len() {
		e := b.recent.Back()
		c := e.Value.(*caller)
		if c.streams == 0 {
			b.recent.Remove(e)
			delete(b.known, c.address)
			return
		}
		b.recent.MoveToFront(e)
	}
}

// network returns who counts as one: an address or, of IPv6, the network of 64 bits
// that belongs to one subscriber.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		a = netip.PrefixFrom(a, 64).Masked().Addr() //nolint:mnd // bits of a network
	}
	return a.String()
}

// limiter keeps the pace of each session. Sessions that have rested long
// enough to be fresh again are forgotten.
type limiter struct {
	mu    sync.Mutex
	empty map[string]time.Time
}

const limiterSize = 20_000

func newLimiter() *limiter { return &limiter{empty: map[string]time.Time{}} }

// allow takes one message from a session's allowance. The bucket is kept as
// the moment at which it would have been empty.
func (l *limiter) allow(session string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	empty, known := l.empty[session]
	// A clock that was set back leaves nobody waiting for it to come round again.
	if full := now.Add(-refilled); !known || empty.Before(full) || empty.After(now.Add(refilled)) {
		empty = full
	}
	empty = empty.Add(time.Second / perSecond)
	if empty.After(now) {
		return false
	}
	if !known {
		l.tidy(now)
	}
	l.empty[session] = empty
	return true
}

// tidy looks at two sessions, whichever, for each new one, and forgets those
// that have rested: a burst leaves memory again.
func (l *limiter) tidy(now time.Time) {
	looked := 0
	for session, empty := range l.empty {
		if now.Sub(empty).Abs() >= refilled {
			delete(l.empty, session)
		}
		if looked++; looked == 2 {
			break
		}
	}
	if len(l.empty) >= limiterSize {
		l.forget(now)
	}
}

// drop forgets one session.
func (l *limiter) drop(session string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.empty, session)
}

// forget drops sessions with a full allowance; where there are none, all: a
// flood must not use up memory.
func (l *limiter) forget(now time.Time) {
	for session, empty := range l.empty {
		if now.Sub(empty) >= refilled {
			delete(l.empty, session)
		}
	}
	if len(l.empty) >= limiterSize {
		clear(l.empty)
	}
}
