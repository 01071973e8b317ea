package accounts

import (
	"context"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// tokenID begins the principal's id of a token.
const tokenID = "token:"

// Bearer returns the principal of a token. It returns the same pull.Denied for a token
// that is unknown, has ended or was revoked, whose maker may no longer give its role,
// or whose role is Asker.
func (g *Gate) Bearer(ctx context.Context, text, address string) (console.Principal, error) {
	t, err := g.findToken(ctx, text)
	if err != nil {
		return console.Principal{}, err
	}
	if t.Role == people.Asker {
		return console.Principal{}, noSuchToken()
	}
	p := console.Principal{ID: tokenID + t.ID, Name: t.Name, Face: console.FaceAPI, Address: withoutPort(address)}
	if t.Publisher == "" {
		p.Admin = true
	} else {
		p.Roles = validRoles(map[string]people.Role{t.Publisher: t.Role})
	}
	return p, nil
}

// Asker returns who asks as a reader at a publisher by a token: one of any role
// there, and in an address, which others get to see, an asker's alone. It is
// pull.Denied as Bearer is.
func (g *Gate) Asker(ctx context.Context, text, publisher string, inAddress bool) (reader string, err error) {
	t, err := g.findToken(ctx, text)
	if err != nil {
		return "", err
	}
	if _, there := t.RoleIn(publisher); !there || inAddress && t.Role != people.Asker {
		return "", noSuchToken()
	}
	return tokenID + t.ID, nil
}

// findToken returns the token of a text, and notes its use.
func (g *Gate) findToken(ctx context.Context, text string) (people.Token, error) {
	id, secret, err := people.ParseToken(text)
	if err != nil {
		return people.Token{}, noSuchToken()
	}
	t, revision, err := g.Tokens.Get(ctx, id)
	if err != nil {
		return people.Token{}, turnedAway(err, noSuchToken())
	}
	now := g.Clock()
	if !t.Is(secret) || t.Expired(now) {
		return people.Token{}, noSuchToken()
	}
	stands, err := g.tokenStands(ctx, t)
	if err != nil {
		return people.Token{}, err
	}
	if !stands {
		return people.Token{}, noSuchToken()
	}
	if now.Sub(t.Used) >= people.SeenStep {
		t.Used = now
		if err := g.noteTokenUse(ctx, t, revision); err != nil {
			return people.Token{}, turnedAway(err, noSuchToken())
		}
	}
	return t, nil
}

// noteTokenUse writes down that a token is used, as see does of sessions.
func (g *Gate) noteTokenUse(ctx context.Context, t people.Token, revision uint64) error {
	_, err := g.Tokens.Put(ctx, t, revision)
	switch {
	case err == nil:
		return nil
	case pull.KindOf(err) == pull.Conflict:
		_, _, err := g.Tokens.Get(ctx, t.ID)
		return err
	case ctx.Err() != nil:
		return err
	}
	g.Logger.Error("the use of a token could not be written down", "error", err)
	return nil
}

func noSuchToken() error {
	return &pull.Error{Kind: pull.Denied, Op: "api", Hint: words.Text{Key: "refusal.token_ended"}}
}

// tokenStands reports whether the maker of a token could make it today. One for the
// whole installation takes an admin.
func (g *Gate) tokenStands(ctx context.Context, t people.Token) (bool, error) {
	if t.Publisher != "" {
		return g.mayStillGive(ctx, t.By, false, map[string]people.Role{t.Publisher: t.Role})
	}
	if t.Role != people.Admin {
		return false, nil
	}
	return g.mayStillGive(ctx, t.By, true, nil)
}

// mayStillGive reports whether the maker of a token or invite may still give these
// rights: a person who lost them must not keep them by what they made before.
func (g *Gate) mayStillGive(ctx context.Context, by string, admin bool, roles map[string]people.Role) (bool, error) {
	if by == console.Operator().ID {
		return true, nil
	}
	maker, _, err := g.People.Get(ctx, by)
	if pull.KindOf(err) == pull.Unknown {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if maker.Admin {
		return true, nil
	}
	if admin || len(roles) == 0 {
		return false, nil
	}
	for publisher, role := range roles {
		own, ok := maker.Role(publisher)
		if !ok || !own.Includes(people.Owner) || !own.Includes(role) {
			return false, nil
		}
	}
	return true, nil
}

// makerOf returns who answers for what p makes: the person, the operator, or the
// maker of the token. A token that replaces itself by a new one can so be revoked.
func (g *Gate) makerOf(ctx context.Context, p console.Principal) (string, error) {
	id, ok := strings.CutPrefix(p.ID, tokenID)
	if !ok {
		return p.ID, nil
	}
	t, _, err := g.Tokens.Get(ctx, id)
	if err != nil {
		return "", turnedAway(err, noSuchToken())
	}
	return t.By, nil
}
