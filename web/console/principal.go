package console

import (
	"context"

	"keypull/pull/people"
)

// Face is the way by which an operation was asked for.
type Face = string

// The faces.
const (
	FacePage   = people.FacePage
	FaceAPI    = people.FaceAPI
	FaceSocket = people.FaceSocket
)

// Principal is who asks for an operation: a person who is signed in, a token
// of a program, or the operator of the machine at the socket.
type Principal struct {
	// ID names the principal in the audit log: a person's id, "token:" and a
	// token's id, or "operator".
	ID   string
	Name string
	Face Face
	// Admin may do everything; Roles are by publisher.
	Admin bool
	Roles map[string]people.Role
	// Person is the id of the person; empty for tokens and the operator.
	Person string
	// Session is the id of the session by which the person is here.
	Session string
	// Language and Zone are what the person reads in.
	Language string
	Zone     string
	// NoKeys: single keys are no shortcuts for the person.
	NoKeys bool
	// Address is where the request came from.
	Address string
}

// Operator returns who holds the machine: the command line at the socket or in a
// house of its own.
func Operator() Principal {
	return Principal{ID: "operator", Name: "operator", Face: FaceSocket, Admin: true}
}

// CallerLanguage returns the language of the caller.
func CallerLanguage(ctx context.Context) string {
	p, _ := Caller(ctx)
	return p.Language
}

// Sees reports whether a publisher exists for this principal.
func (p Principal) Sees(publisher string) bool {
	_, ok := p.Roles[publisher]
	return p.Admin || ok
}

// Role returns the role with a publisher, or empty if there is none.
func (p Principal) Role(publisher string) people.Role {
	if p.Admin {
		return people.Admin
	}
	return p.Roles[publisher]
}

// May reports whether an operation of that permission is allowed, on a publisher
// or, where publisher is empty, on what belongs to nobody.
func (p Principal) May(publisher string, needed Permission) bool {
	switch {
	case p.Admin:
		return needed != Self || p.Person != ""
	case needed == Self:
		return p.Person != ""
	case needed == Admin:
		return false
	case publisher == "":
		return needed == Read
	}
	role, ok := p.Roles[publisher]
	return ok && role.Includes(needed.leastRole())
}

type principalKey struct{}

// WithCaller returns a context in which p asks.
func WithCaller(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// Caller returns who asks, or false if nobody is known.
func Caller(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(Principal)
	return p, ok
}
