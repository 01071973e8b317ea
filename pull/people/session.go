package people

import (
	"io"
	"strings"
	"time"
)

// Limits of a session.
const (
	// IdleLimit ends a session that was not used for so long.
	IdleLimit = 12 * time.Hour
	// AbsoluteLimit ends every session, used or not, that was not to stay.
	AbsoluteLimit = 14 * 24 * time.Hour
	// StayLimit ends a session that was to stay, used or not.
	StayLimit = 30 * 24 * time.Hour
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
	// Stays says that it outlives the browser and every pause, up to StayLimit.
	Stays bool `json:"stays,omitempty"`
	// CSRF is the secret that stands in every form of the session, with whose
	// form it is, see TypedBy.
	CSRF string `json:"csrf"`
}

// NewSession begins a session; the secret goes into the browser's cookie and
// is kept nowhere else.
func NewSession(random io.Reader, person string, now time.Time, address, agent string) (s Session, secret string) {
	secret, hash := NewSecret(random)
	csrf, _ := NewSecret(random)
	return Session{
		ID: hash, Person: person, Created: now, Seen: now,
		Address: address, Agent: cutRunes(agent, MaxAgent), CSRF: csrf + "." + person,
	}, secret
}

// Ends returns when the session ends that is not used again.
func (s Session) Ends() time.Time {
	if s.Stays {
		return s.Created.Add(StayLimit)
	}
	idle, absolute := s.Seen.Add(IdleLimit), s.Created.Add(AbsoluteLimit)
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}

// Expired reports whether the session has ended by now. One that is of the
// future, since the clock was set back, has not, unless it would outlive every
// other.
func (s Session) Expired(now time.Time) bool {
	return !now.Before(s.Ends()) || s.Created.Sub(now) >= AbsoluteLimit
}

// See returns the session as last used now, and whether that is worth a write.
func (s Session) See(now time.Time) (Session, bool) {
	if now.Sub(s.Seen) < SeenStep {
		return s, false
	}
	s.Seen = now
	return s, true
}

// HasToken reports in constant time whether csrf is the token of the session, so that a
// form came from a page of it.
func (s Session) HasToken(csrf string) bool { return equalSecrets(s.CSRF, csrf) }

// TypedBy returns the person on whose page a form stood, by its token; empty where
// that can't be told. It says whom to ask, and proves nothing.
func TypedBy(csrf string) string {
	_, person, _ := strings.Cut(csrf, ".")
	return person
}
