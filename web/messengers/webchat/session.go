package webchat

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"keypull/web/messengers"
)

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
	if !c.limiter.allow(p.Session, at) {
		return later(tooFast, time.Second), nil
	}
	return nil, nil
}

// moment is when a delivery arrived.
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
	return len(s) >= minSession && len(s) <= maxSession && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && notInTag(r) })
}
