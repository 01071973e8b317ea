package accounts

import (
	"context"
	"errors"
	"slices"
	"sync"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/web/console"
)

// AuditLog is where the audit log is read, the latest act first: those of a
// publisher or, where that is "", all.
type AuditLog interface {
	Page(ctx context.Context, publisher, after string, limit int) (acts []people.Act, next string, err error)
}

// Staff holds the operations about people: who may work where, by which links,
// sessions and tokens, and what they did. It is used by pointer, one for an
// installation.
type Staff struct {
	*Gate
	Catalogue console.Catalogue
	AuditLog  AuditLog

	// mu is held while somebody loses a right, so that two who leave at the
	// same time don't leave a publisher without an owner.
	mu sync.Mutex
}

// Operations lists them.
func (s *Staff) Operations() []console.Bound {
	return slices.Concat(members{s}.operations(), everybody{s}.operations(), invitations{s}.operations(), own{s}.meOperations(),
		own{s}.sessionOperations(), own{s}.passkeyOperations(), own{s}.filterOperations(), tokens{s}.operations(), s.actOperations())
}

// The operations on those who work at one publisher, on everybody, on what
// people are invited to, on oneself, and on what programs come with.
type (
	members     struct{ *Staff }
	everybody   struct{ *Staff }
	invitations struct{ *Staff }
	own         struct{ *Staff }
	tokens      struct{ *Staff }
)

// ifPublisherExists carries f out for a publisher that is there.
func ifPublisherExists[In console.Scoped, Out any](s *Staff, f func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (Out, error) {
		if s.Catalogue.Publisher(in.PublisherID()) == nil {
			var none Out
			return none, console.NoPublisher(in.PublisherID())
		}
		return f(ctx, in)
	}
}

// namesByID returns what people are called, by id.
func (s *Staff) namesByID(ctx context.Context) (map[string]string, error) {
	all, err := s.People.All(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{console.Operator().ID: console.Operator().Name}
	for _, p := range all {
		names[p.ID] = displayName(p)
	}
	return names, nil
}

// shortID names a thing that is known by a hash, without telling the hash.
func shortID(hash string) string { return people.HashSecret("id " + hash)[:16] }

// grantRole gives a role unless the person has it or more.
func grantRole(p *people.Person, publisher string, role people.Role) {
	if !p.Roles[publisher].Includes(role) && slices.Contains(people.Roles(), role) {
		p.Roles[publisher] = role
	}
}

// changeTries bounds how often a change of a person is tried anew.
const changeTries = 16

// updatePerson changes a person as f says, anew where somebody else was faster, and
// returns how the person was and is.
func (g *Gate) updatePerson(ctx context.Context, id string, f func(*people.Person) error) (before, after people.Person, err error) {
	for range changeTries {
		var revision uint64
		if before, revision, err = g.People.Get(ctx, id); err != nil {
			return before, after, err
		}
		after = before
		if after.Roles = validRoles(before.Roles); after.Roles == nil {
			after.Roles = map[string]people.Role{}
		}
		if err := f(&after); err != nil {
			return before, after, err
		}
		after.Changed = g.Clock()
		if _, err = g.People.Put(ctx, after, revision); pull.KindOf(err) != pull.Conflict {
			return before, after, err
		}
	}
	return before, after, err
}

// emailTaken makes of an email that is another's the problem of its field.
func emailTaken(err error) error {
	var e *pull.Error
	if errors.As(err, &e) && e.Kind == pull.Conflict && e.Field == "email" {
		return settings.Problems{newProblem("email", "email_taken")}
	}
	return err
}

// problemsOf returns the problems of what people refuse; nil where err is nil.
func problemsOf(err error) settings.Problems {
	var found settings.Problems
	for _, r := range people.Refused(err) {
		found = append(found, settings.Wrong(r.Field, r.Said()))
	}
	return found
}

// newProblem returns a problem of a field of a person, an invite or a token.
func newProblem(field, key string) settings.Problem { return settings.NewProblem(field, "person."+key) }
