package accounts_test

import (
	"fmt"
	"testing"
	"time"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func TestATokenIsShownOnceAndListedWithoutItsSecret(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	ends := l.clock().Add(time.Hour)
	made := call[accounts.NewToken](owner, l, "token.create", object{"publisher": "lecker", "name": "site", "role": "viewer", "expires": ends})
	if made.Token.By != "Name of boss@example.org" || !made.Token.Expires.Equal(ends) || made.Token.Suspended || made.Token.Expired {
		t.Fatalf("%+v", made)
	}
	if _, err := l.Bearer(t.Context(), made.Secret, ""); err != nil {
		t.Fatal(err)
	}
	l.wait(time.Hour)
	list := call[accounts.TokenEntries](owner, l, "token.list", object{"publisher": "lecker"}).Tokens
	if len(list) != 1 || list[0].ID != made.Token.ID || !list[0].Expired || list[0].Used.IsZero() {
		t.Fatalf("%+v", list)
	}
	for field, in := range map[string]object{
		"name":    {"role": "viewer"},
		"expires": {"name": "t", "role": "viewer", "expires": l.clock()},
	} {
		in["publisher"] = "lecker"
		l.refuse(owner, pull.Invalid, "token.create", in, field)
	}
}

func TestATokenMayReplaceItselfAndNoMore(t *testing.T) {
	l := newLobby(t)
	boss := l.person("boss@example.org", "lecker owner")
	l.person("deputy@example.org", "lecker owner")
	old := l.token(l.as(boss), "owner")
	next := l.token(l.bearer(old.Secret), "owner")
	if next.Token.By != "Name of boss@example.org" {
		t.Fatalf("nobody answers for %+v", next)
	}
	call[console.None](l.bearer(next.Secret), l, "token.revoke", object{"publisher": "lecker", "token": old.Token.ID})
	if _, err := l.Bearer(t.Context(), old.Secret, ""); pull.KindOf(err) != pull.Denied {
		t.Fatal(err)
	}
	ctx := l.bearer(next.Secret)
	l.refuse(ctx, pull.Denied, "token.issue", object{"name": "more"})
	l.refuse(ctx, pull.Invalid, "token.create", object{"publisher": "lecker", "name": "more", "role": "admin"})
	l.refuse(ctx, pull.Unknown, "token.create", object{"publisher": "kiosk", "name": "more", "role": "viewer"})
	l.refuse(l.bearer(l.token(l.as(boss), "editor").Secret), pull.Denied, "token.create", object{"publisher": "lecker", "name": "more", "role": "viewer"})
	call[console.None](l.operator(), l, "person.remove", object{"publisher": "lecker", "person": boss.ID})
	if _, err := l.Bearer(t.Context(), next.Secret, ""); pull.KindOf(err) != pull.Denied {
		t.Fatalf("a token of a token outlives the owner's removal: %v", err)
	}
	list := call[accounts.TokenEntries](l.operator(), l, "token.list", object{"publisher": "lecker"}).Tokens
	if len(list) != 2 || !list[0].Suspended || !list[1].Suspended {
		t.Fatalf("%+v", list)
	}
}

func TestTokensHaveAnEndInNumber(t *testing.T) {
	l := newLobby(t)
	for i := range 200 {
		call[accounts.NewToken](l.operator(), l, "token.create", object{"publisher": "lecker", "name": fmt.Sprint(i), "role": "viewer"})
	}
	l.refuse(l.operator(), pull.Invalid, "token.create", object{"publisher": "lecker", "name": "one more", "role": "viewer"})
	call[accounts.NewToken](l.operator(), l, "token.create", object{"publisher": "kiosk", "name": "k", "role": "viewer"})
	call[accounts.NewToken](l.operator(), l, "token.issue", object{"name": "all"})
	all := call[accounts.TokenEntries](l.operator(), l, "token.all", object{}).Tokens
	if len(all) != 202 {
		t.Fatalf("%d", len(all))
	}
	call[console.None](l.operator(), l, "token.withdraw", object{"token": all[0].ID})
	l.refuse(l.operator(), pull.Unknown, "token.withdraw", object{"token": all[0].ID})
}
