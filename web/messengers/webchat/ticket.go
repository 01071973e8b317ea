package webchat

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"keypull/web/messengers"
)

// ticketLife is how long a ticket waits to be used.
const ticketLife = time.Minute

// maxUsed bounds how many used tickets are remembered, each for a minute.
const maxUsed = 100_000

const ticketsPath = "tickets"

// tickets are what stands in the address of an event stream in place of the
// session, which would open everything and which addresses are logged with: a
// ticket opens one stream, once, within a minute. It carries what it is for,
// sealed with a key of this process: what was sold takes no memory, what was
// used takes it for a minute.
type tickets struct {
	aead cipher.AEAD

	mu    sync.Mutex
	used  map[[sha256.Size]byte]bool
	queue []usedTicket
}

type usedTicket struct {
	name    [sha256.Size]byte
	expires time.Time
}

func newTickets() (*tickets, error) {
	var key [32]byte
	if _, err := rand.Read(key[:]); err != nil {
		return nil, fmt.Errorf("webchat: make a key: %w", err)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("webchat: make a cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("webchat: make a cipher: %w", err)
	}
	return &tickets{aead: aead, used: map[[sha256.Size]byte]bool{}}, nil
}

// sell makes a ticket for a session.
func (t *tickets) sell(session string, now time.Time) (ticket string, expires time.Time) {
	expires = now.Add(ticketLife).Truncate(time.Second)
	plain := append(binary.BigEndian.AppendUint64(nil, uint64(expires.Unix())), session...)                 //nolint:gosec // no date before 1970
	return base64.RawURLEncoding.EncodeToString(t.aead.Seal(nil, nil, plain, []byte(ticketsPath))), expires //nolint:gosec // no nonce, since aead makes its own
}

// use returns the session of a ticket that is good, this once.
func (t *tickets) use(ticket string, now time.Time) (session string, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(ticket)
	if err != nil {
		return "", false
	}
	plain, err := t.aead.Open(nil, nil, sealed, []byte(ticketsPath))
	if err != nil {
		return "", false
	}
	expires := time.Unix(int64(binary.BigEndian.Uint64(plain)), 0) //nolint:gosec // what sell has written
	if now.After(expires) || expires.Sub(now) > 2*ticketLife {
		return "", false
	}
	return string(plain[8:]), t.spend(sha256.Sum256(sealed), expires, now)
}

// spend notes that a ticket was used; false if it was before.
func (t *tickets) spend(name [sha256.Size]byte, expires, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.queue) > 0 && now.After(t.queue[0].expires) {
		delete(t.used, t.queue[0].name)
		t.queue = t.queue[1:]
	}
	if t.used[name] || len(t.queue) >= maxUsed {
		return false
	}
	t.used[name], t.queue = true, append(t.queue, usedTicket{name, expires})
	return true
}

// sell answers a POST to "tickets".
func (c *Chat) sell(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	var order struct {
		Session string `json:"session"`
	}
	tongue := messengers.ReaderLanguage("", d.Header)
	if fault := decode(d, &order, `{"session": "…"}`); fault != nil {
		return fault.Receipt(tongue), nil
	}
	at := c.moment(d)
	if wait := c.budgets.buy(d.Address, at); wait > 0 {
		return later(manyStreams, wait).Receipt(tongue), nil
	}
	ours, err := c.issued(ctx, order.Session)
	if err != nil {
		return messengers.Receipt{}, err
	}
	if !ours {
		return stranger().Receipt(tongue), nil
	}
	ticket, expires := c.tickets.sell(order.Session, at)
	body, err := json.Marshal(struct {
		Ticket  string    `json:"ticket"`
		Expires time.Time `json:"expires"`
	}{ticket, expires.UTC()})
	return messengers.Receipt{Status: http.StatusOK, ContentType: "application/json", Body: body}, err
}

// A session is two halves of this many bytes: one that nobody can guess, and
// one that only we can make of it.
const half = 18

// Session returns the session that a first message of that id begins: one that
// nobody can guess, and that proves itself. It follows from the id where that
// is a secret itself: a reader whose first answer got lost on the way asks
// again with the same id, and must not become another.
func (c *Chat) Session(id string) string {
	if len(id) < secretID {
		id = rand.Text()
	}
	name := c.mac("name", []byte(id))
	return base64.RawURLEncoding.EncodeToString(append(name, c.mac("proof", name)...))
}

func (c *Chat) mac(use string, of []byte) []byte {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(use + "\x00"))
	mac.Write(of)
	return mac.Sum(nil)[:half:half]
}

// proven tells whether a session was made by Session.
func (c *Chat) proven(session string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(session)
	return err == nil && len(b) == 2*half && hmac.Equal(b[half:], c.mac("proof", b[:half]))
}

// issued tells whether a session is one of ours: it proves itself or, where it
// is from before sessions did, belongs to a reader that we know.
func (c *Chat) issued(ctx context.Context, session string) (bool, error) {
	if c.proven(session) {
		return true, nil
	}
	if !validSession(session) || c.known == nil {
		return false, nil
	}
	return c.known(ctx, session)
}

// admit lets a message in that its address, its session and the session's pace
// allow, and gives it a session where it has none.
func (c *Chat) admit(ctx context.Context, d messengers.Delivery, p *post) (*messengers.Problem, error) {
	at := c.moment(d)
	if wait := c.budgets.ask(d.Address, at); wait > 0 {
		return later(manyAsks, wait), nil
	}
	if p.Session == "" {
		if wait := c.budgets.begin(d.Address, at); wait > 0 {
			return later(manySessions, wait), nil
		}
		p.Session = c.Session(p.ID)
		return nil, nil
	}
	ours, err := c.issued(ctx, p.Session)
	if err != nil {
		return nil, err
	}
	if !ours {
		return foreign(), nil
	}
	if c.pace.Take(p.Session, burst, at) > 0 {
		return later(tooFast, time.Second), nil
	}
	return nil, nil
}

// moment returns when a delivery arrived.
func (c *Chat) moment(d messengers.Delivery) time.Time {
	if d.At.IsZero() {
		return c.clock()
	}
	return d.At
}

func foreign() *messengers.Problem {
	return bad("session", own.Text("foreign", nil))
}

// stranger is foreign for those who can begin none with what they asked.
func stranger() *messengers.Problem {
	return bad("session", own.Text("stranger", nil))
}

// later tells a reader to come again.
func later(sentence string, wait time.Duration) *messengers.Problem {
	return &messengers.Problem{Status: http.StatusTooManyRequests, Said: own.Text(sentence, nil), RetryAfter: max(wait, time.Second)}
}

// validSession tells whether s has the form of a session, which is that of
// base64url.
func validSession(s string) bool {
	return len(s) >= minSession && len(s) <= maxSession && messengers.Alphanumeric(s, "-_")
}
