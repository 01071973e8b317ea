package accounts_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func TestThePeopleOfAPublisherAreShownWithoutWhatTheyAreElsewhere(t *testing.T) {
	l := newLobby(t)
	boss := l.person("boss@example.org", "lecker owner", "kiosk editor")
	l.person("ann@example.org", "lecker viewer", "bistro owner")
	l.person("eve@example.org", "bistro owner")
	l.person("root@example.org", "admin")
	raw, err := l.console.Do(l.as(boss), "person.list", []byte(`{"publisher":"lecker"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"bistro", "kiosk", "eve@", "root@", "admin", "argon2"} {
		if strings.Contains(string(raw), hidden) {
			t.Errorf("it tells %q: %s", hidden, raw)
		}
	}
	var out accounts.Members
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.People) != 2 || out.People[0].Email != "ann@example.org" || out.People[0].Role != people.Viewer || out.People[0].You || !out.People[1].You {
		t.Fatalf("%+v", out)
	}
}

func TestWhoGuessesAnIDReachesNobodyElsewhere(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	theirs := l.person("eve@example.org", "kiosk owner")
	eve := l.as(theirs)
	invited := call[accounts.Invitation](eve, l, "person.invite", object{"publisher": "kiosk", "email": "new@example.org", "role": "viewer"})
	token := call[accounts.NewToken](eve, l, "token.create", object{"publisher": "kiosk", "name": "k", "role": "viewer"})
	invites := call[accounts.PendingInvites](eve, l, "invite.list", object{"publisher": "kiosk"})
	session := call[accounts.OpenSessions](eve, l, "session.list", object{}).Sessions[0]
	enrolled := call[accounts.Invitation](l.operator(), l, "person.enrol", object{"email": "two@example.org", "roles": object{"lecker": "viewer", "kiosk": "viewer"}})
	for _, i := range call[accounts.PendingInvites](l.operator(), l, "invite.all", object{}).Invites {
		l.refuse(owner, pull.Unknown, "invite.revoke", object{"publisher": "lecker", "invite": i.ID})
	}
	for _, tt := range []struct {
		name string
		in   object
	}{
		{"person.get", object{"person": theirs.ID}},
		{"person.update", object{"person": theirs.ID, "role": "viewer"}},
		{"person.remove", object{"person": theirs.ID}},
		{"token.revoke", object{"token": token.Token.ID}},
		{"token.revoke", object{"token": "aaaaaaaa"}},
		{"invite.revoke", object{"invite": invites.Invites[0].ID}},
		{"person.get", object{"person": "../" + theirs.ID}},
	} {
		tt.in["publisher"] = "lecker"
		l.refuse(owner, pull.Unknown, tt.name, tt.in)
		tt.in["publisher"] = "kiosk"
		l.refuse(owner, pull.Unknown, tt.name, tt.in)
	}
	l.refuse(owner, pull.Unknown, "session.revoke", object{"session": session.ID})
	if list := call[accounts.PendingInvites](owner, l, "invite.list", object{"publisher": "lecker"}); len(list.Invites) != 0 {
		t.Fatalf("%+v", list)
	}
	if list := call[accounts.TokenEntries](owner, l, "token.list", object{"publisher": "lecker"}); len(list.Tokens) != 0 {
		t.Fatalf("%+v", list)
	}
	if p := l.read(theirs.ID); p.Roles["kiosk"] != people.Owner {
		t.Fatalf("%+v", p)
	}
	for _, link := range []string{invited.Link, enrolled.Link} {
		if _, err := l.Invited(t.Context(), l.secretOf(link)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Bearer(t.Context(), token.Secret, ""); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyGivesARoleAboveTheirOwn(t *testing.T) {
	l := newLobby(t)
	ann := l.person("ann@example.org", "lecker viewer")
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	for _, role := range []string{"admin", "king", "", "Admin "} {
		for _, tt := range []struct {
			name string
			in   object
		}{
			{"person.update", object{"person": ann.ID}},
			{"person.invite", object{"email": "new@example.org"}},
			{"token.create", object{"name": "t"}},
		} {
			tt.in["publisher"], tt.in["role"] = "lecker", role
			l.refuse(owner, pull.Invalid, tt.name, tt.in, "role")
		}
	}
	l.wait(time.Second)
	m := call[accounts.Member](owner, l, "person.update", object{"publisher": "lecker", "person": ann.ID, "role": "Owner"})
	if m.Role != people.Owner {
		t.Fatalf("%+v", m)
	}
	act := l.log()[0]
	if act.Target != "person "+ann.ID || !strings.Contains(string(act.Before), `"viewer"`) || !strings.Contains(string(act.After), `"owner"`) || act.Publisher != "lecker" {
		t.Fatalf("%+v", act)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	tests := []struct {
		name  string
		other []string
		as    string
		op    string
		in    object
		kind  pull.ErrorKind
	}{
		{"the last one leaves", nil, "self", "person.remove", object{}, pull.Conflict},
		{"the last one becomes an editor", nil, "self", "person.update", object{"role": "editor"}, pull.Conflict},
		{"the last one stays an owner", nil, "self", "person.update", object{"role": "owner"}, ""},
		{"owners elsewhere are no help", []string{"kiosk owner"}, "self", "person.remove", object{}, pull.Conflict},
		{"editors are no help", []string{"lecker editor"}, "self", "person.remove", object{}, pull.Conflict},
		{"one of two leaves", []string{"lecker owner"}, "self", "person.remove", object{}, ""},
		{"an admin may", nil, "operator", "person.remove", object{}, ""},
		{"an admin may lower", nil, "operator", "person.update", object{"role": "viewer"}, ""},
		{"a token may not", nil, "token", "person.remove", object{}, pull.Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLobby(t)
			boss := l.person("boss@example.org", "lecker owner")
			l.person("other@example.org", tt.other...)
			ctx := map[string]func() context.Context{
				"self": func() context.Context { return l.as(boss) }, "operator": l.operator,
				"token": func() context.Context { return l.bearer(l.token(l.operator(), "owner").Secret) },
			}[tt.as]()
			tt.in["publisher"], tt.in["person"] = "lecker", boss.ID
			raw, err := json.Marshal(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.console.Do(ctx, tt.op, raw); console.KindOf(err) != tt.kind {
				t.Fatal(err)
			}
			if role := l.read(boss.ID).Roles["lecker"]; tt.kind != "" && role != people.Owner {
				t.Fatalf("the last owner is %q now", role)
			}
		})
	}
}

func TestOfAllOwnersWhoLeaveAtOnceOneStays(t *testing.T) {
	l := boltLobby(t)
	var leaving sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		p := l.person(name+"@example.org", "lecker owner")
		ctx := l.as(p)
		in, err := json.Marshal(object{"publisher": "lecker", "person": p.ID})
		if err != nil {
			t.Fatal(err)
		}
		leaving.Go(func() {
			if _, err := l.console.Do(ctx, "person.remove", in); err != nil && pull.KindOf(err) != pull.Conflict {
				t.Error(err)
			}
		})
	}
	leaving.Wait()
	list := call[accounts.Members](l.operator(), l, "person.list", object{"publisher": "lecker"})
	if len(list.People) != 1 || list.People[0].Role != people.Owner {
		t.Fatalf("%+v", list)
	}
}

func TestTheLastAdminStaysWhoeverAsks(t *testing.T) {
	l := newLobby(t)
	root := l.person("root@example.org", "admin")
	for _, ctx := range []context.Context{l.as(root), l.operator()} {
		l.refuse(ctx, pull.Conflict, "person.erase", object{"person": root.ID})
		l.refuse(ctx, pull.Conflict, "person.change", object{"person": root.ID, "admin": false, "roles": object{"lecker": "owner"}})
	}
	second := l.person("second@example.org", "admin")
	p := call[accounts.Person](l.as(second), l, "person.change", object{"person": root.ID, "admin": false, "roles": object{"lecker": "owner"}})
	if p.Admin || p.Roles["lecker"] != people.Owner {
		t.Fatalf("%+v", p)
	}
	l.refuse(l.as(second), pull.Conflict, "person.erase", object{"person": second.ID})
	l.refuse(l.as(root), pull.Denied, "person.all", object{})
}

func TestRolesLeadToPublishersThatAreThere(t *testing.T) {
	l := newLobby(t)
	ann := l.person("ann@example.org")
	for _, tt := range []struct {
		name  string
		roles object
		field string
	}{
		{"no such publisher", object{"nowhere": "viewer"}, "roles.nowhere"},
		{"no such role", object{"lecker": "king"}, "roles.lecker"},
		{"a right of all", object{"lecker": "admin"}, "roles.lecker"},
		{"no id", object{"": "viewer"}, "roles."},
	} {
		t.Run(tt.name, func(*testing.T) {
			l.refuse(l.operator(), pull.Invalid, "person.change", object{"person": ann.ID, "admin": false, "roles": tt.roles}, tt.field)
			l.refuse(l.operator(), pull.Invalid, "person.enrol", object{"email": "b@example.org", "roles": tt.roles}, tt.field)
		})
	}
	l.refuse(l.operator(), pull.Invalid, "person.enrol", object{"email": "b@example.org"})
	l.refuse(l.operator(), pull.Unknown, "person.change", object{"person": "aaaaaaaaaaaaaaaa", "admin": true, "roles": object{}})
}

func TestWhoHasAnAccountGetsTheRoleByTheLinkAndItsPassword(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	ann := l.person("ann@example.org", "kiosk owner")
	in := object{"publisher": "lecker", "email": " ANN@example.org", "role": "editor"}
	made := call[accounts.Invitation](owner, l, "person.invite", in)
	if p := l.read(ann.ID); len(p.Roles) != 1 {
		t.Fatalf("before anybody opened the link: %+v", p)
	}
	n := newcomer("ann@example.org")
	n.Password = "whatever the inviter thinks of"
	if _, err := l.Accept(t.Context(), l.secretOf(made.Link), n, browser()); console.KindOf(err) != pull.Invalid {
		t.Fatalf("with another password: %v", err)
	}
	if act := l.log()[0]; strings.Contains(string(act.Before)+string(act.After), "kiosk") {
		t.Fatalf("the publisher's log tells of another: %+v", act)
	}
}

func TestWhoIsHereAlreadyIsNotInvitedAgain(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	l.person("ann@example.org", "lecker viewer")
	l.refuse(owner, pull.Invalid, "person.invite", object{"publisher": "lecker", "email": "ann@example.org", "role": "editor"}, "email")
}
