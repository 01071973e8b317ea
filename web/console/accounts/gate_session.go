package accounts

import (
	"context"
	"maps"
	"slices"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// Session returns who holds the secret of a cookie; pull.Denied where that is
// nobody, or nobody any more, with a Hint that says why. Roles are those of this moment. The address of
// the request is the caller's to fill.
func (g *Gate) Session(ctx context.Context, secret string) (console.Principal, people.Session, error) {
	s, revision, err := g.Sessions.Get(ctx, people.HashSecret(secret))
	if err != nil {
		return console.Principal{}, people.Session{}, turnedAway(err, sessionLost("lost.ended", nil))
	}
	now := g.Clock()
	if s.Expired(now) {
		// The sweep removes it; until then it can be told why.
		return console.Principal{}, people.Session{}, expiredSession(s)
	}
	person, _, err := g.People.Get(ctx, s.Person)
	if pull.KindOf(err) == pull.Unknown {
		return console.Principal{}, people.Session{}, g.deleteEndedSession(ctx, s)
	}
	if err != nil {
		return console.Principal{}, people.Session{}, err
	}
	if seen, worth := s.See(now); worth {
		if s, err = g.noteSessionUse(ctx, seen, revision); err != nil {
			return console.Principal{}, people.Session{}, turnedAway(err, sessionLost("lost.ended", nil))
		}
	}
	return console.Principal{
		ID: person.ID, Name: displayName(person), Face: console.FacePage, Admin: person.Admin, Roles: validRoles(person.Roles),
		Person: person.ID, Session: s.ID, Language: person.Language, Zone: person.Zone, NoKeys: person.NoKeys,
	}, s, nil
}

// noteSessionUse stores that a session is used. One that was ended meanwhile stays
// ended; a store that takes no writes keeps nobody from reading.
func (g *Gate) noteSessionUse(ctx context.Context, s people.Session, revision uint64) (people.Session, error) {
	_, err := g.Sessions.Put(ctx, s, revision)
	switch {
	case err == nil:
		return s, nil
	case pull.KindOf(err) == pull.Conflict:
		s, _, err := g.Sessions.Get(ctx, s.ID)
		return s, err
	case ctx.Err() != nil:
		return people.Session{}, err
	}
	g.Logger.Error("the use of a session could not be written down", "error", err)
	return s, nil
}

// deleteEndedSession removes a session that counts no more and turns its holder away.
func (g *Gate) deleteEndedSession(ctx context.Context, s people.Session) error {
	if err := g.Sessions.Delete(ctx, s.ID); err != nil {
		g.Logger.Error("a session that has ended could not be removed", "error", err)
	}
	return sessionLost("lost.ended", nil)
}

// sessionLost turns a holder away whose session is no more.
func sessionLost(why string, args words.Args) error {
	return &pull.Error{Kind: pull.Denied, Op: "sign in", Hint: words.Text{Key: why, Args: args}}
}

// expiredSession returns which of its limits a session has reached.
func expiredSession(s people.Session) error {
	switch {
	case s.Stays:
		return sessionLost("lost.stayed", words.Args{"n": int(people.StayLimit.Hours() / 24)})
	case s.Ends().Sub(s.Seen) < people.IdleLimit:
		return sessionLost("lost.old", words.Args{"n": int(people.AbsoluteLimit.Hours() / 24)})
	}
	return sessionLost("lost.idle", words.Args{"n": int(people.IdleLimit.Hours())})
}

// SignOut ends the session of a cookie. One that is not there has ended.
func (g *Gate) SignOut(ctx context.Context, secret string, b Browser) error {
	s, _, err := g.Sessions.Get(ctx, people.HashSecret(secret))
	if pull.KindOf(err) == pull.Unknown {
		return nil
	}
	if err != nil {
		return err
	}
	if err := g.Sessions.Delete(ctx, s.ID); err != nil {
		return err
	}
	act := people.Act{Who: s.Person, Operation: "session.close", Face: console.FacePage, Address: withoutPort(b.Address), Outcome: people.Done}
	if person, _, err := g.People.Get(ctx, s.Person); err == nil {
		act.Name = displayName(person)
	}
	g.writeAct(ctx, act)
	return nil
}

func signInFirst() error {
	return &pull.Error{Kind: pull.Denied, Op: "sign in", Hint: words.Text{Key: "refusal.sign_in"}}
}

// turnedAway returns told in place of an error that something does not exist.
func turnedAway(err, told error) error {
	if pull.KindOf(err) == pull.Unknown {
		return told
	}
	return err
}

// displayName returns what people know a person by.
func displayName(p people.Person) string {
	if p.Name != "" {
		return p.Name
	}
	return p.Email
}

// validRoles returns the roles that exist, as a map of its own.
func validRoles(roles map[string]people.Role) map[string]people.Role {
	roles = maps.Clone(roles)
	maps.DeleteFunc(roles, func(publisher string, r people.Role) bool {
		return publisher == "" || !slices.Contains(people.Roles(), r)
	})
	return roles
}
