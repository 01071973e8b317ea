package accounts_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// token makes one that counts at lecker, by an operation.
func (l *lobby) token(ctx context.Context, role string) accounts.NewToken {
	l.t.Helper()
	return call[accounts.NewToken](ctx, l, "token.create", object{"publisher": "lecker", "name": "site", "role": role})
}

func TestATokenActsWithItsRoleAtItsPublisherAlone(t *testing.T) {
	l := newLobby(t)
	made := l.token(l.as(l.person("boss@example.org", "lecker owner", "kiosk owner")), "editor")
	p, err := l.Bearer(t.Context(), made.Secret, "192.0.2.9:4711")
	if err != nil || p.ID != "token:"+made.Token.ID || p.Name != "site" || p.Face != console.FaceAPI || p.Address != "192.0.2.9" ||
		p.Person != "" || p.Admin || !p.May("lecker", console.Write) || p.May("lecker", console.Own) || p.Sees("kiosk") || p.May("", console.Self) {
		t.Fatalf("%+v, %v", p, err)
	}
	all := call[accounts.NewToken](l.operator(), l, "token.issue", object{"name": "all"})
	if p, err := l.Bearer(t.Context(), all.Secret, ""); err != nil || !p.Admin || p.Person != "" || p.May("", console.Self) {
		t.Fatalf("%+v, %v", p, err)
	}
	l.silent(made.Secret, all.Secret, made.Secret[len(made.Secret)-43:])
}

func TestATokenThatIsNoneSaysNothingElse(t *testing.T) {
	l := newLobby(t)
	boss := l.person("boss@example.org", "lecker owner")
	l.person("deputy@example.org", "lecker owner")
	put := func(change func(*people.Token)) string {
		tk, text := people.NewToken(rand.Reader, l.clock())
		tk.Name, tk.Publisher, tk.Role, tk.By = "t", "lecker", people.Editor, boss.ID
		change(&tk)
		if _, err := l.Tokens.Put(t.Context(), tk, 0); err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := put(func(*people.Token) {})
	other := put(func(*people.Token) {})
	revoked := put(func(*people.Token) {})
	id, _, err := people.ParseToken(revoked)
	if err != nil {
		t.Fatal(err)
	}
	call[console.None](l.as(boss), l, "token.revoke", object{"publisher": "lecker", "token": id})
	tests := map[string]string{
		"nothing":                       "",
		"a word":                        "kp",
		"one that was never made":       "kp_aaaaaaaa_" + good[12:],
		"the secret of another":         good[:12] + other[12:],
		"one that has ended":            put(func(tk *people.Token) { tk.Expires = l.clock().Add(-time.Second) }),
		"one that ends now":             put(func(tk *people.Token) { tk.Expires = l.clock() }),
		"one that was revoked":          revoked,
		"of a maker who is nobody":      put(func(tk *people.Token) { tk.By = "" }),
		"of a maker who is gone":        put(func(tk *people.Token) { tk.By = "aaaaaaaaaaaaaaaa" }),
		"of a maker at another place":   put(func(tk *people.Token) { tk.Publisher = "kiosk" }),
		"for all, of an owner":          put(func(tk *people.Token) { tk.Publisher, tk.Role = "", people.Admin }),
		"for all, less than an admin's": put(func(tk *people.Token) { tk.Publisher, tk.Role, tk.By = "", people.Editor, "operator" }),
	}
	if _, err := l.Bearer(t.Context(), good, ""); err != nil {
		t.Fatal(err)
	}
	_, want := l.Bearer(t.Context(), "kp_", "")
	for name, text := range tests {
		if p, err := l.Bearer(t.Context(), text, ""); pull.KindOf(err) != pull.Denied || err.Error() != want.Error() {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	call[console.None](l.operator(), l, "person.remove", object{"publisher": "lecker", "person": boss.ID})
	if _, err := l.Bearer(t.Context(), good, ""); pull.KindOf(err) != pull.Denied {
		t.Fatalf("an owner who was removed still acts by a token: %v", err)
	}
}

// usedTokens counts writes, and does something before each.
type usedTokens struct {
	accounts.Tokens
	puts   int
	before func()
}

func (u *usedTokens) Put(ctx context.Context, t people.Token, revision uint64) (uint64, error) {
	u.puts++
	if u.before != nil {
		u.before()
	}
	return u.Tokens.Put(ctx, t, revision)
}

func TestTheUseOfATokenIsWrittenOnceAMinute(t *testing.T) {
	l := newLobby(t)
	made := l.token(l.operator(), "viewer")
	u := &usedTokens{Tokens: l.Tokens}
	l.Tokens = u
	for range 13 {
		if _, err := l.Bearer(t.Context(), made.Secret, ""); err != nil {
			t.Fatal(err)
		}
		l.wait(10 * time.Second)
	}
	if u.puts != 3 {
		t.Fatalf("%d writes in 2 minutes", u.puts)
	}
}

func TestATokenThatIsRevokedWhileItIsUsedStaysRevoked(t *testing.T) {
	l := newLobby(t)
	made := l.token(l.operator(), "viewer")
	stored := l.Tokens
	l.Tokens = &usedTokens{Tokens: stored, before: func() {
		if err := stored.Delete(t.Context(), made.Token.ID); err != nil {
			t.Fatal(err)
		}
	}}
	for range 2 {
		if _, err := l.Bearer(t.Context(), made.Secret, ""); pull.KindOf(err) != pull.Denied {
			t.Fatal(err)
		}
	}
}
