package webchat

import (
	"sync"
	"time"

	"keypull/web/messengers"
)

// Budget is what one address may ask of a chat.
type Budget struct {
	Asks     int `name:"asks" label:"Messages" help:"How many messages a minute; 0 for as many as come." check:"min=0,max=1000000"`
	Sessions int `name:"sessions" label:"New readers" help:"How many readers a minute who begin anew; 0 for as many as come." check:"min=0,max=1000000"`
	Streams  int `name:"streams" label:"Open chats" help:"How many chats may wait for later answers at a time; 0 for as many as come." check:"min=0,max=1000000"`
}

// usual is enough for a household or a small office.
func usual() Budget { return Budget{Asks: 60, Sessions: 20, Streams: 20} }

// ticketsPerStream is how often a minute each of an address's streams may be
// opened anew: a reader whose network comes and goes must not be shut out.
const ticketsPerStream = 10

// budgets counts what addresses ask for. It is safe for concurrent use.
type budgets struct {
	Budget
	paces messengers.Paces

	mu sync.Mutex
	// streams counts the open ones of each address and of each session.
	streams map[string]int
}

func newBudgets(b Budget) *budgets {
	return &budgets{Budget: b, paces: messengers.Paces{Per: time.Minute}, streams: map[string]int{}}
}

// ask takes one message from an address's allowance; else it tells how long to
// wait. So do begin, of new sessions, and buy, of tickets.
func (b *budgets) ask(address string, now time.Time) time.Duration {
	return b.paces.Take("ask "+messengers.Network(address), b.Asks, now)
}

func (b *budgets) begin(address string, now time.Time) time.Duration {
	return b.paces.Take("session "+messengers.Network(address), b.Sessions, now)
}

func (b *budgets) buy(address string, now time.Time) time.Duration {
	return b.paces.Take("ticket "+messengers.Network(address), ticketsPerStream*b.Streams, now)
}

// openStream counts a stream of a session from an address, until release is called;
// it is nil where there are too many already.
func (b *budgets) openStream(address, session string) (release func()) {
	address, session = "address "+messengers.Network(address), "session "+session
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Streams > 0 && b.streams[address] >= b.Streams || b.streams[session] >= maxSubscribers {
		return nil
	}
	b.streams[address]++
	b.streams[session]++
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, of := range []string{address, session} {
			if b.streams[of]--; b.streams[of] == 0 {
				delete(b.streams, of)
			}
		}
	})
}
