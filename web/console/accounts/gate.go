package accounts

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts/passkey"
)

// People is what the console needs of the store of persons. Put and Delete
// refuse with pull.Conflict where the revision is another one; what is not
// there is pull.Unknown.
type People interface {
	Get(ctx context.Context, id string) (people.Person, uint64, error)
	ByEmail(ctx context.Context, email string) (people.Person, uint64, error)
	All(ctx context.Context) ([]people.Person, error)
	Put(ctx context.Context, p people.Person, revision uint64) (uint64, error)
	Delete(ctx context.Context, id string, revision uint64) error
}

// Sessions is what the console needs of the store of sessions. A session that
// was ended is not brought back by Put.
type Sessions interface {
	Get(ctx context.Context, hash string) (people.Session, uint64, error)
	Put(ctx context.Context, s people.Session, revision uint64) (uint64, error)
	Delete(ctx context.Context, hash string) error
	Of(ctx context.Context, person string) ([]people.Session, error)
	DeleteOf(ctx context.Context, person, except string) (int, error)
}

// Tokens is what the console needs of the store of tokens. A token that was
// revoked is not brought back by Put.
type Tokens interface {
	Get(ctx context.Context, id string) (people.Token, uint64, error)
	Put(ctx context.Context, t people.Token, revision uint64) (uint64, error)
	Delete(ctx context.Context, id string) error
	All(ctx context.Context) ([]people.Token, error)
}

// Invites is what the console needs of the store of invites. Of many who Take
// one at the same time one gets it.
type Invites interface {
	Put(ctx context.Context, i people.Invite) error
	Get(ctx context.Context, hash string, now time.Time) (people.Invite, error)
	Take(ctx context.Context, hash string, now time.Time) (people.Invite, error)
	All(ctx context.Context) ([]people.Invite, error)
	Delete(ctx context.Context, hash string) error
}

// Gate is the way in: who comes with a password, a cookie, a token or a link
// leaves it as a Principal, or is turned away. What it says to strangers does
// not tell who has an account. It is safe for use by many goroutines.
type Gate struct {
	People   People
	Sessions Sessions
	Tokens   Tokens
	Invites  Invites
	// Acts is where coming and going is written down; nowhere where nil.
	Acts      console.AuditWriter
	Passwords *people.Passwords
	Throttle  *people.Throttle
	// DeviceKey is what browsers that somebody signed in with are known by, the
	// same at every start; where it is empty, none is.
	DeviceKey []byte
	// Passkeys are the ceremonies by which people sign in without a password;
	// nil where there are none.
	Passkeys *passkey.Ceremonies
	// PublicURL is where the world reaches the server, without a slash at the
	// end; links of invites begin with it.
	PublicURL string
	Clock     func() time.Time
	// Rand must be fit for secrets and for use by many goroutines.
	Rand   io.Reader
	Logger *slog.Logger
}

// Browser is where somebody comes from, as the request tells. Device is what
// an Admission handed it when somebody signed in there before; Stay asks for a
// session that outlives the browser.
type Browser struct {
	Address, Agent, Device string
	Stay                   bool
}

// Admission is what somebody gets who was let in. The secret is for the cookie and
// is kept nowhere else; Device, where it is not empty, for a cookie that
// outlives the session.
type Admission struct {
	Secret  string
	Device  string
	Session people.Session
	Person  people.Person
}

// SignIn opens a new session, whatever cookie the browser had. An unknown
// account and a wrong password are the same pull.Denied after the same work;
// too many tries, by account or by address, are pull.Limited with RetryAt; a
// browser that is known for the account is counted apart.
func (g *Gate) SignIn(ctx context.Context, email, password string, b Browser) (Admission, error) {
	const op = "session.open"
	b.Address = withoutPort(b.Address)
	person, _, err := g.People.ByEmail(ctx, email)
	if err != nil && pull.KindOf(err) != pull.Unknown {
		return Admission{}, err
	}
	good, err := g.verifyPassword(ctx, person.Hash, password, g.throttleKeys(email, person, b))
	if err != nil {
		return Admission{}, err
	}
	act := people.Act{Who: person.ID, Name: displayName(person), Operation: op, Face: console.FacePage, Address: b.Address}
	if !good {
		act.Outcome = string(pull.Denied)
		g.writeAct(ctx, act)
		return Admission{}, wrongPassword()
	}
	entry, err := g.openSession(ctx, person, b)
	if err != nil {
		return Admission{}, err
	}
	act.Outcome = people.Done
	g.writeAct(ctx, act)
	return entry, nil
}

func wrongPassword() error {
	return &pull.Error{Kind: pull.Denied, Op: "sign in", Hint: words.Text{Key: "access.wrong"}}
}

// verifyPassword compares a password, as often as the throttle lets it: the tries that
// count for the same keys count together.
func (g *Gate) verifyPassword(ctx context.Context, hash, password string, keys []people.Key) (bool, error) {
	if wait := g.Throttle.Allow(keys...); wait > 0 {
		return false, &pull.Error{Kind: pull.Limited, Op: "sign in", RetryAt: g.Clock().Add(wait),
			Hint: words.Text{Key: "hint.too_many_tries"}}
	}
	good, err := g.Passwords.Verify(ctx, hash, password)
	if !good || err != nil {
		g.Throttle.Fail(keys...)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return false, &pull.Error{Kind: pull.Unavailable, Op: "sign in", Hint: words.Text{Key: "hint.busy"}, Err: err}
	case err != nil:
		// That a kept hash is damaged is the operator's business alone.
		g.Logger.Error("a password could not be verified", "error", err)
		return false, nil
	case good:
		g.Throttle.Succeed(keys...)
	}
	return good, nil
}

// withoutPort returns an address without its port, which is another one each time.
func withoutPort(address string) string {
	if a, err := netip.ParseAddrPort(address); err == nil {
		return a.Addr().String()
	}
	return address
}

// openSession begins a session. A password that was changed while it was verified has
// ended the sessions of before, to which this one would belong.
func (g *Gate) openSession(ctx context.Context, person people.Person, b Browser) (Admission, error) {
	s, secret := people.NewSession(g.Rand, person.ID, g.Clock(), b.Address, b.Agent)
	s.Stays = b.Stay
	if _, err := g.Sessions.Put(ctx, s, 0); err != nil {
		return Admission{}, err
	}
	now, _, err := g.People.Get(ctx, person.ID)
	if err == nil && now.Hash == person.Hash {
		return Admission{Secret: secret, Device: g.deviceMarks(now, b.Device), Session: s, Person: now.WithoutHash()}, nil
	}
	if gone := g.Sessions.Delete(context.WithoutCancel(ctx), s.ID); gone != nil {
		return Admission{}, gone
	}
	if err != nil && pull.KindOf(err) != pull.Unknown {
		return Admission{}, err
	}
	return Admission{}, wrongPassword()
}

// writeAct puts an act of coming or going into the audit log. What was done can't
// be undone for want of its record.
func (g *Gate) writeAct(ctx context.Context, a people.Act) {
	if g.Acts == nil {
		return
	}
	a.At = g.Clock()
	if err := console.AppendAct(ctx, g.Acts, a); err != nil {
		g.Logger.Error("an act could not be written to the audit log", "operation", a.Operation, "error", err)
	}
}

// Admit opens a session for somebody without asking for a password: for a
// server that knows who is there by other means, as the demo does on one's own
// machine.
func (g *Gate) Admit(ctx context.Context, person string, b Browser) (Admission, error) {
	p, _, err := g.People.Get(ctx, person)
	if err != nil {
		return Admission{}, err
	}
	return g.openSession(ctx, p, b)
}
