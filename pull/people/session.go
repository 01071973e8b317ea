package people

import (
	"io"
	"time"
)

// Limits of a session.
const (
	// IdleLimit ends a session that was not used for so long.
	IdleLimit = 12 * time.Hour
	// AbsoluteLimit ends every session, used or not.
	AbsoluteLimit = 14 * 24 * time.Hour
	// SeenStep is how exactly it is noted when a session was last used, so that
	// not every click is a write.
	SeenStep = time.Minute
	// MaxAgent is how many characters of a browser's name are kept.
	MaxAgent = 200
)

// Session is one browser in which somebody signed in.
type Session struct {
	// ID is the hash of the secret in the browser's cookie.
	ID      string    `json:"id"`
	Person  string    `json:"person"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Address string    `json:"address,omitempty"`
	Agent   string    `json:"agent,omitempty"`
	// CSRF is the secret that stands in every form of the session.
	CSRF string `json:"csrf"`
}

// NewSession begins a session; the secret goes into the browser's cookie and
// is kept nowhere else.
func NewSession(random io.Reader, person string, now time.Time, address, agent string) (s Session, secret string) {
	secret, hash := NewSecret(random)
	csrf, _ := NewSecret(random)
	return Session{
		ID: hash, Person: person, Created: now, Seen: now,
		Address: address, Agent: cut(agent, MaxAgent), CSRF: csrf,
	}, secret
}

// Expired reports whether the session has ended by now. One that is of the
// future, since the clock was set back, has not, unless it would outlive every
// other.
func (s Session) Expired(now time.Time) bool {
	return now.Sub(s.Seen) >= IdleLimit || now.Sub(s.Created) >= AbsoluteLimit || s.Created.Sub(now) >= AbsoluteLimit
}

// See returns the session as last used now, and whether that is worth a write.
func (s Session) See(now time.Time) (Session, bool) {
	if now.Sub(s.Seen) < SeenStep {
		return s, false
	}
	s.Seen = now
	return s, true
}

// Meant reports in constant time whether a form came from the session's own
// page.
func (s Session) Meant(csrf string) bool { return same(s.CSRF, csrf) }
