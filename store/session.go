package store

import (
	"context"
	"time"

	"keypull/pull/people"
)

const (
	sessionPrefix = "session"

	noSession = "hint.no_session"
)

// Sessions keeps who is signed in, by the hash of the cookie's secret. It
// returns sessions that have ended until Sweep takes them; whoever asks looks
// at Expired.
type Sessions struct{ kv KV }

// NewSessions returns the sessions of a back end.
func NewSessions(kv KV) *Sessions { return &Sessions{kv: kv} }

func sessionKey(hash string) string { return sessionPrefix + "." + keySegment(hash) }

// Get returns a session and its revision, or pull.Unknown.
func (s *Sessions) Get(ctx context.Context, hash string) (people.Session, uint64, error) {
	d, err := readDocument[people.Session](ctx, s.kv, sessionKey(hash), "read session", noSession)
	return d.value, uint64(d.revision), err
}

// Put writes a session that is at that revision, 0 for a new one, and returns
// the new revision. pull.Conflict is also what a session gets that was ended
// meanwhile, so that no late write brings it back.
func (s *Sessions) Put(ctx context.Context, session people.Session, revision uint64) (uint64, error) {
	return writeDocument(ctx, s.kv, sessionKey(session.ID), "write session", session, revision)
}

// Delete ends a session. One that is not there has ended already.
func (s *Sessions) Delete(ctx context.Context, hash string) error {
	return backendError("end session", s.kv.Delete(ctx, sessionKey(hash), Any))
}

// Of returns the sessions of a person.
func (s *Sessions) Of(ctx context.Context, person string) ([]people.Session, error) {
	return collectDocuments(ctx, s.kv, sessionPrefix, "list sessions", func(o people.Session) bool { return o.Person == person })
}

// DeleteOf ends all sessions of a person but the one of the hash except, and
// returns how many.
func (s *Sessions) DeleteOf(ctx context.Context, person, except string) (int, error) {
	const op = "end sessions"
	theirs, err := s.Of(ctx, person)
	if err != nil {
		return 0, err
	}
	doomed := make([]Pair, 0, len(theirs))
	for _, o := range theirs {
		if o.ID != except {
			doomed = append(doomed, Pair{Key: sessionKey(o.ID), Revision: Any})
		}
	}
	return removeAll(ctx, s.kv, op, doomed)
}

// Sweep removes the sessions that have ended by now, and returns how many.
func (s *Sessions) Sweep(ctx context.Context, now time.Time) (int, error) {
	return sweepDocuments(ctx, s.kv, sessionPrefix, "sweep sessions", func(o people.Session) bool { return o.Expired(now) })
}
