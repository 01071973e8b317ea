package accounts

import (
	"context"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// OpenSession is a browser in which the caller is signed in.
type OpenSession struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Address string    `json:"address,omitempty"`
	Agent   string    `json:"agent,omitempty"`
	// Ends is when it ends unless it is used again; Stays marks one that does
	// not end with the browser, whose end no use puts off.
	Ends  time.Time `json:"ends"`
	Stays bool      `json:"stays,omitempty"`
	// Current marks the session that asks.
	Current bool `json:"current,omitempty"`
}

// OpenSessions is the output of "session.list", the latest use first.
type OpenSessions struct {
	Sessions []OpenSession `json:"sessions"`
}

// SessionRevoke is the input of "session.revoke".
type SessionRevoke struct {
	Session string `json:"session" path:"session" doc:"Id of the session."`
}

// The operations session.*.
var (
	ListSessions = console.Declare[console.None, OpenSessions](console.Declaration{
		Name: "session.list", Permission: console.Self, Method: http.MethodGet, Path: "/me/sessions",
		Summary: "List the browsers in which you are signed in.",
	})

	RevokeSession = console.Declare[SessionRevoke, console.None](console.Declaration{
		Name: "session.revoke", Permission: console.Self, Audit: true, Method: http.MethodDelete, Path: "/me/sessions/{session}",
		Summary: "Sign out a browser in which you are signed in.",
	})
)

func (s own) sessionOperations() []console.Bound {
	return []console.Bound{
		ListSessions.Bind(s.listSessions),
		RevokeSession.Bind(s.revokeSession),
	}
}

// openSessions returns the sessions of the caller that have not ended.
func (s own) openSessions(ctx context.Context) ([]people.Session, error) {
	by, _ := console.Caller(ctx)
	all, err := s.Sessions.Of(ctx, by.Person)
	if err != nil {
		return nil, err
	}
	now := s.Clock()
	return slices.DeleteFunc(all, func(o people.Session) bool { return o.Expired(now) }), nil
}

func (s own) listSessions(ctx context.Context, _ console.None) (OpenSessions, error) {
	out := OpenSessions{Sessions: []OpenSession{}}
	all, err := s.openSessions(ctx)
	if err != nil {
		return out, err
	}
	by, _ := console.Caller(ctx)
	slices.SortFunc(all, func(a, b people.Session) int { return b.Seen.Compare(a.Seen) })
	for _, o := range all {
		out.Sessions = append(out.Sessions, OpenSession{ID: shortID(o.ID), Created: o.Created, Seen: o.Seen, Address: o.Address,
			Agent: o.Agent, Ends: o.Ends(), Stays: o.Stays, Current: o.ID == by.Session})
	}
	return out, nil
}

func (s own) revokeSession(ctx context.Context, in SessionRevoke) (console.None, error) {
	console.NoteAudit(ctx, "session "+in.Session, nil, nil)
	all, err := s.openSessions(ctx)
	if err != nil {
		return console.None{}, err
	}
	for _, o := range all {
		if shortID(o.ID) == in.Session {
			return console.None{}, s.Sessions.Delete(ctx, o.ID)
		}
	}
	return console.None{}, &pull.Error{Kind: pull.Unknown, Field: "session", Hint: words.Text{Key: "hint.no_session"}}
}
