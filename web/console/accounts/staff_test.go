package accounts_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// principals returns all who may come, each with what they are allowed at lecker,
// at kiosk, and of the installation.
func (l *lobby) principals() map[string]struct {
	ctx    context.Context
	lecker []console.Permission
	others []console.Permission
	self   bool
} {
	l.t.Helper()
	all := map[string]struct {
		ctx    context.Context
		lecker []console.Permission
		others []console.Permission
		self   bool
	}{}
	viewer := []console.Permission{console.Read}
	editor := append(slices.Clone(viewer), console.Write)
	owner := append(slices.Clone(editor), console.Own)
	admin := append(slices.Clone(owner), console.Admin)
	add := func(name string, ctx context.Context, lecker, others []console.Permission, self bool) {
		e := all[name]
		e.ctx, e.lecker, e.others, e.self = ctx, lecker, others, self
		all[name] = e
	}
	add("nobody", l.t.Context(), nil, nil, false)
	add("somebody without a role", l.as(l.person("none@example.org")), nil, nil, true)
	add("a viewer", l.as(l.person("viewer@example.org", "lecker viewer")), viewer, nil, true)
	add("an editor", l.as(l.person("editor@example.org", "lecker editor")), editor, nil, true)
	add("an owner", l.as(l.person("owner@example.org", "lecker owner")), owner, nil, true)
	add("an owner of another", l.as(l.person("other@example.org", "bistro owner")), nil, nil, true)
	add("an admin", l.as(l.person("admin@example.org", "admin")), admin, admin, true)
	add("the operator", l.operator(), admin, admin, false)
	add("a token of a viewer", l.bearer(l.token(l.operator(), "viewer").Secret), viewer, nil, false)
	add("a token of an editor", l.bearer(l.token(l.operator(), "editor").Secret), editor, nil, false)
	add("a token of an owner", l.bearer(l.token(l.operator(), "owner").Secret), owner, nil, false)
	issued := call[accounts.NewToken](l.operator(), l, "token.issue", object{"name": "all"})
	add("a token of an admin", l.bearer(issued.Secret), admin, admin, false)
	return all
}

func TestEveryOperationIsOpenToItsRolesAlone(t *testing.T) {
	l := newLobby(t)
	walked := 0
	for name, p := range l.principals() {
		for _, o := range l.console.Operations() {
			for _, publisher := range []string{"lecker", "kiosk", "nowhere"} {
				in := object{}
				scoped := strings.Contains(o.Path, "{publisher}")
				if scoped {
					in["publisher"] = publisher
				}
				allowed := p.lecker
				if publisher != "lecker" || !scoped {
					allowed = p.others
				}
				may := slices.Contains(allowed, o.Permission) || o.Permission == console.Self && p.self
				raw, err := json.Marshal(in)
				if err != nil {
					t.Fatal(err)
				}
				_, err = l.console.Do(p.ctx, o.Name, raw)
				kind := console.KindOf(err)
				hidden := kind == pull.Unknown && strings.Contains(err.Error(), "There is no publisher")
				switch {
				case publisher == "nowhere" && scoped && name != "nobody":
					if !hidden {
						t.Errorf("%s at a publisher that is not there, %s: %v", o.Name, name, err)
					}
				case may && (kind == pull.Denied || hidden || kind == pull.Internal):
					t.Errorf("%s at %s is closed to %s: %v", o.Name, publisher, name, err)
				case !may && kind != pull.Denied && !hidden:
					t.Errorf("%s at %s is open to %s: %v", o.Name, publisher, name, err)
				case !may && scoped && publisher == "kiosk" && name != "nobody" && !hidden:
					t.Errorf("%s tells %s that there is a kiosk: %v", o.Name, name, err)
				}
				walked++
			}
		}
	}
	if walked < 12*25*3 {
		t.Fatalf("only %d were walked", walked)
	}
}

func TestEveryOperationAboutPeopleIsDeclaredWhole(t *testing.T) {
	l := newLobby(t)
	paths := map[string]string{}
	for _, o := range append(l.console.Operations(), console.Today{}.Operation()) {
		if o.Summary == "" || o.Method == "" || !strings.HasPrefix(o.Path, "/") || o.In == nil || o.Out == nil {
			t.Errorf("%+v", o)
		}
		at := o.Method + " " + o.Path
		if paths[at] != "" {
			t.Errorf("%s is both %s and %s", at, paths[at], o.Name)
		}
		paths[at] = o.Name
		if writes := o.Method != "GET"; writes != o.Audit {
			t.Errorf("%s: a %s with audit %v", o.Name, o.Method, o.Audit)
		}
	}
}

func TestWhoeverIsTakenOutOfAPublisherDoesNotComeBackWithItsID(t *testing.T) {
	l := newLobby(t)
	boss := l.person("boss@example.org", "lecker owner", "kiosk viewer")
	token := l.token(l.as(boss), "owner")
	if err := l.Vacate(t.Context(), "lecker"); err != nil {
		t.Fatal(err)
	}
	if p := l.read(boss.ID); len(p.Roles) != 1 || p.Roles["kiosk"] != people.Viewer {
		t.Fatalf("%+v", p.Roles)
	}
	if _, err := l.Bearer(t.Context(), token.Secret, ""); pull.KindOf(err) != pull.Denied {
		t.Fatal(err)
	}
	if all, err := l.Tokens.All(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("%+v, %v", all, err)
	}
}

func TestNoSecretReachesTheAuditLogOrAList(t *testing.T) {
	l := newLobby(t)
	boss := l.person("boss@example.org", "admin", "lecker owner")
	ctx := l.as(boss)
	invited := call[accounts.Invitation](ctx, l, "person.invite", object{"publisher": "lecker", "email": "a@example.org", "role": "editor"})
	enrolled := call[accounts.Invitation](ctx, l, "person.enrol", object{"email": "b@example.org", "admin": true})
	reset := call[accounts.Invitation](ctx, l, "person.reset", object{"person": boss.ID})
	token := l.token(ctx, "viewer")
	secrets := []string{token.Secret, token.Secret[len(token.Secret)-43:], people.HashSecret(token.Secret[len(token.Secret)-43:]), boss.Hash, goodPassword}
	for _, link := range []string{invited.Link, enrolled.Link, reset.Link} {
		secrets = append(secrets, link, l.secretOf(link), people.HashSecret(l.secretOf(link)))
	}
	by, _ := console.Caller(ctx)
	secrets = append(secrets, by.Session)
	l.refuse(ctx, pull.Invalid, "me.password", object{"current": "not " + goodPassword, "new": "another good password"})
	call[console.None](ctx, l, "me.password", object{"current": goodPassword, "new": "another good password"})
	secrets = append(secrets, "another good password", l.read(boss.ID).Hash)
	l.silent(secrets...)
	for _, o := range l.console.Operations() {
		if o.Method != "GET" {
			continue
		}
		in := object{}
		if strings.Contains(o.Path, "{publisher}") {
			in["publisher"] = "lecker"
		}
		if strings.Contains(o.Path, "{person}") {
			in["person"] = boss.ID
		}
		raw, err := json.Marshal(call[any](ctx, l, o.Name, in))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if strings.Contains(string(raw), secret) {
				t.Errorf("%s tells %q: %s", o.Name, secret, raw)
			}
		}
	}
}
