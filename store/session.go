package store

import (
	"context"

	"keypull/pull/people"
)

// Sessions keeps who is signed in, by the hash of the cookie's secret. It returns
// sessions that have ended until Sweep removes them; callers look at Expired.
type Sessions struct{ expiring[people.Session] }

// NewSessions returns the sessions of a back end.
func NewSessions(kv KV) *Sessions {
	named := func(s people.Session) string { return s.ID }
	return &Sessions{expiring[people.Session]{documents[people.Session]{kv, "session", "hint.no_session", named}, people.Session.Expired}}
}

// Delete ends a session. One that is not there has ended already.
func (s *Sessions) Delete(ctx context.Context, hash string) error {
	return backendError("end session", s.kv.Delete(ctx, s.keyOf(hash), Any))
}

// Of returns the sessions of a person.
func (s *Sessions) Of(ctx context.Context, person string) (theirs []people.Session, err error) {
	all, err := s.All(ctx)
	for _, o := range all {
		if o.Person == person {
			theirs = append(theirs, o)
		}
	}
	return theirs, err
}

// DeleteOf ends all sessions of a person but the one of the hash except, and
// returns how many.
func (s *Sessions) DeleteOf(ctx context.Context, person, except string) (int, error) {
	theirs, err := s.Of(ctx, person)
	if err != nil {
		return 0, err
	}
	doomed := make([]Pair, 0, len(theirs))
	for _, o := range theirs {
		if o.ID != except {
			doomed = append(doomed, Pair{Key: s.keyOf(o.ID), Revision: Any})
		}
	}
	return removeAll(ctx, s.kv, "end sessions", doomed)
}
