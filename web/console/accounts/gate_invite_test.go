package accounts_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func newcomer(email string) accounts.Newcomer {
	return accounts.Newcomer{Name: "Ann", Email: email, Password: goodPassword, Language: "fr", Zone: "Europe/Paris"}
}

func first(t *testing.T, l *lobby) string {
	t.Helper()
	secret, ok, err := l.First(t.Context())
	if err != nil || !ok {
		t.Fatalf("%v, %v", ok, err)
	}
	return secret
}

func TestTheFirstPersonIsAnAdmin(t *testing.T) {
	l := newLobby(t)
	old := first(t, l)
	secret := first(t, l)
	if _, err := l.Invited(t.Context(), old); pull.KindOf(err) != pull.Unknown {
		t.Fatalf("the older link works on: %v", err)
	}
	for range 3 {
		// Programs that look at links before people do.
		if i, err := l.Invited(t.Context(), secret); err != nil || !i.Admin || i.Email != "" {
			t.Fatalf("%+v, %v", i, err)
		}
	}
	e, err := l.Accept(t.Context(), secret, newcomer(" Ann@example.org"), browser())
	if err != nil || !e.Person.Admin || e.Person.Email != "ann@example.org" || e.Person.Language != "fr" || e.Person.Hash != "" {
		t.Fatalf("%+v, %v", e, err)
	}
	if who, _, err := l.Session(t.Context(), e.Secret); err != nil || !who.Admin || who.Zone != "Europe/Paris" {
		t.Fatalf("%+v, %v", who, err)
	}
	if _, err := l.Accept(t.Context(), secret, newcomer("eve@example.org"), browser()); pull.KindOf(err) != pull.Unknown {
		t.Fatalf("the link worked twice: %v", err)
	}
	if _, ok, err := l.First(t.Context()); ok || err != nil {
		t.Fatalf("a second first: %v, %v", ok, err)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser()); err != nil {
		t.Fatal(err)
	}
	l.silent(secret, people.HashSecret(secret), goodPassword)
}

func TestTheFirstLinkEnds(t *testing.T) {
	for name, end := range map[string]func(l *lobby){
		"after a day":              func(l *lobby) { l.wait(accounts.FirstLimit) },
		"when somebody comes else": func(l *lobby) { l.person("ann@example.org") },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t)
			secret := first(t, l)
			end(l)
			if _, err := l.Accept(t.Context(), secret, newcomer("eve@example.org"), browser()); pull.KindOf(err) != pull.Unknown {
				t.Fatal(err)
			}
		})
	}
}

func TestWhatIsWrittenWrongLeavesALinkUsable(t *testing.T) {
	l := newLobby(t)
	secret := first(t, l)
	tests := []struct {
		name   string
		change func(*accounts.Newcomer)
		fields []string
	}{
		{"no email", func(n *accounts.Newcomer) { n.Email = "" }, []string{"email"}},
		{"no address", func(n *accounts.Newcomer) { n.Email = "ann" }, []string{"email"}},
		{"a short password", func(n *accounts.Newcomer) { n.Password = "short" }, []string{"password"}},
		{"the email as password", func(n *accounts.Newcomer) { n.Password = "ann@example.org" }, []string{"password"}},
		{"no name", func(n *accounts.Newcomer) { n.Name = "" }, []string{"name"}},
		{"no such language", func(n *accounts.Newcomer) { n.Language = "xx" }, []string{"language"}},
		{"all at once", func(n *accounts.Newcomer) { *n = accounts.Newcomer{Zone: "Mars"} }, []string{"email", "name", "password", "zone"}},
	}
	for _, tt := range tests {
		n := newcomer("ann@example.org")
		tt.change(&n)
		_, err := l.Accept(t.Context(), secret, n, browser())
		found := fields(err)
		slices.Sort(found)
		if !slices.Equal(found, tt.fields) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := l.Accept(t.Context(), secret, newcomer("ann@example.org"), browser()); err != nil {
		t.Fatalf("the link was used up: %v", err)
	}
}

func TestOfFiftyWhoAcceptOneGetsIn(t *testing.T) {
	l := boltLobby(t)
	secret := first(t, l)
	var (
		mu      sync.Mutex
		entries []accounts.Admission
		takers  sync.WaitGroup
	)
	for i := range 50 {
		takers.Go(func() {
			e, err := l.Accept(t.Context(), secret, newcomer(fmt.Sprintf("p%d@example.org", i)), browser())
			mu.Lock()
			defer mu.Unlock()
			switch pull.KindOf(err) {
			case "":
				entries = append(entries, e)
			case pull.Unknown:
			default:
				t.Error(err)
			}
		})
	}
	takers.Wait()
	all, err := l.People.All(t.Context())
	if err != nil || len(entries) != 1 || len(all) != 1 || all[0].ID != entries[0].Person.ID {
		t.Fatalf("%d got in; there are %+v, %v", len(entries), all, err)
	}
}

func TestAnInviteGivesWhatItSaysAndNothingElse(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	made := call[accounts.Invitation](owner, l, "person.invite", object{"publisher": "lecker", "email": "Ann@example.org", "name": "Ann A.", "role": "editor"})
	secret := l.secretOf(made.Link)
	if !made.Expires.Equal(l.clock().Add(people.InviteLimit)) {
		t.Fatalf("%+v", made)
	}
	n := newcomer("eve@example.org")
	n.Name = ""
	e, err := l.Accept(t.Context(), secret, n, browser())
	if err != nil || e.Person.Email != "ann@example.org" || e.Person.Name != "Ann A." || e.Person.Admin ||
		len(e.Person.Roles) != 1 || e.Person.Roles["lecker"] != people.Editor {
		t.Fatalf("%+v, %v", e.Person, err)
	}
	l.silent(secret, people.HashSecret(secret), made.Link)
}

func TestAnInviteEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(l *lobby, boss people.Person)
	}{
		{"after a week", func(l *lobby, _ people.Person) { l.wait(people.InviteLimit) }},
		{"when it is revoked", func(l *lobby, boss people.Person) {
			list := call[accounts.PendingInvites](l.as(boss), l, "invite.list", object{"publisher": "lecker"})
			call[console.None](l.as(boss), l, "invite.revoke", object{"publisher": "lecker", "invite": list.Invites[0].ID})
		}},
		{"when the same is invited anew", func(l *lobby, boss people.Person) {
			call[accounts.Invitation](l.as(boss), l, "person.invite", object{"publisher": "lecker", "email": "ann@example.org", "role": "viewer"})
		}},
		{"when its maker is removed", func(l *lobby, boss people.Person) {
			call[console.None](l.operator(), l, "person.remove", object{"publisher": "lecker", "person": boss.ID})
		}},
		{"when its maker is lowered", func(l *lobby, boss people.Person) {
			call[accounts.Member](l.operator(), l, "person.update", object{"publisher": "lecker", "person": boss.ID, "role": "editor"})
		}},
		{"when its maker is erased", func(l *lobby, boss people.Person) {
			call[console.None](l.operator(), l, "person.erase", object{"person": boss.ID})
		}},
		{"with its publisher", func(l *lobby, _ people.Person) {
			if err := l.Vacate(l.t.Context(), "lecker"); err != nil {
				l.t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLobby(t)
			boss := l.person("boss@example.org", "lecker owner", "kiosk viewer")
			made := call[accounts.Invitation](l.as(boss), l, "person.invite", object{"publisher": "lecker", "email": "ann@example.org", "role": "owner"})
			tt.end(l, boss)
			if _, err := l.Accept(t.Context(), l.secretOf(made.Link), newcomer(""), browser()); pull.KindOf(err) != pull.Unknown {
				t.Fatal(err)
			}
			if _, _, err := l.People.ByEmail(t.Context(), "ann@example.org"); pull.KindOf(err) != pull.Unknown {
				t.Fatalf("somebody got in: %v", err)
			}
		})
	}
}

func TestASecondInviteNeverTakesAnAccountOver(t *testing.T) {
	l := newLobby(t)
	invite := func(publisher string) string {
		owner := l.as(l.person(publisher+"@example.org", publisher+" owner"))
		made := call[accounts.Invitation](owner, l, "person.invite", object{"publisher": publisher, "email": "ann@example.org", "role": "editor"})
		return l.secretOf(made.Link)
	}
	lecker, kiosk := invite("lecker"), invite("kiosk")
	ann, err := l.Accept(t.Context(), lecker, newcomer(""), browser())
	if err != nil {
		t.Fatal(err)
	}
	// The owner of the other publisher holds the other link too.
	n := newcomer("")
	n.Password = "a password of the other owner"
	if _, err := l.Accept(t.Context(), kiosk, n, browser()); !slices.Equal(fields(err), []string{"password"}) {
		t.Fatal(err)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", n.Password, browser()); pull.KindOf(err) != pull.Denied {
		t.Fatalf("the account was taken over: %v", err)
	}
	e, err := l.Accept(t.Context(), kiosk, newcomer(""), browser())
	if err != nil || e.Person.ID != ann.Person.ID || len(e.Person.Roles) != 2 || e.Person.Name != "Ann" {
		t.Fatalf("%+v, %v", e.Person, err)
	}
}

func TestGuessingThePasswordByAnInviteIsSlowedDown(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner"))
	made := call[accounts.Invitation](owner, l, "person.invite", object{"publisher": "lecker", "email": "ann@example.org", "role": "editor"})
	l.person("ann@example.org")
	n := newcomer("")
	n.Password = "guess after guess"
	kinds := map[pull.ErrorKind]int{}
	for range 20 {
		_, err := l.Accept(t.Context(), l.secretOf(made.Link), n, browser())
		kinds[console.KindOf(err)]++
	}
	if kinds[pull.Limited] < 20-people.FreePerAccount-1 {
		t.Fatalf("%v", kinds)
	}
}

// failing are people who cannot be written.
type failing struct {
	accounts.People
	fail bool
}

func (f *failing) Put(ctx context.Context, p people.Person, revision uint64) (uint64, error) {
	if f.fail {
		return 0, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("the store is full")}
	}
	return f.People.Put(ctx, p, revision)
}

func TestALinkWhoseUseFailsWorksAgain(t *testing.T) {
	l := newLobby(t)
	secret := first(t, l)
	f := &failing{People: l.People, fail: true}
	l.People = f
	if _, err := l.Accept(t.Context(), secret, newcomer("ann@example.org"), browser()); pull.KindOf(err) != pull.Unavailable {
		t.Fatal(err)
	}
	f.fail = false
	if _, err := l.Accept(t.Context(), secret, newcomer("ann@example.org"), browser()); err != nil {
		t.Fatal(err)
	}
}

func TestANewPasswordEndsWhatTheOldOneOpened(t *testing.T) {
	l := newLobby(t)
	boss := l.as(l.person("boss@example.org", "admin"))
	ann := l.person("ann@example.org", "lecker viewer")
	other := l.session(ann)
	old := call[accounts.Invitation](boss, l, "person.reset", object{"person": ann.ID})
	made := call[accounts.Invitation](boss, l, "person.reset", object{"person": ann.ID})
	if _, err := l.Invited(t.Context(), l.secretOf(old.Link)); pull.KindOf(err) != pull.Unknown {
		t.Fatalf("the older link works on: %v", err)
	}
	if _, _, err := l.Session(t.Context(), other); err != nil {
		t.Fatalf("a link that nobody has used ended a session: %v", err)
	}
	for range people.FreePerAccount + 1 {
		_, _ = l.SignIn(t.Context(), "ann@example.org", "forgotten it", accounts.Browser{Address: "203.0.113.9"})
	}
	n := newcomer("eve@example.org")
	n.Password = "an entirely new one"
	e, err := l.Accept(t.Context(), l.secretOf(made.Link), n, browser())
	if err != nil || e.Person.ID != ann.ID || e.Person.Email != "ann@example.org" || e.Person.Name != ann.Name || len(e.Person.Roles) != 1 {
		t.Fatalf("%+v, %v", e.Person, err)
	}
	if _, _, err := l.Session(t.Context(), other); pull.KindOf(err) != pull.Denied {
		t.Fatalf("the old session goes on: %v", err)
	}
	if _, _, err := l.Session(t.Context(), e.Secret); err != nil {
		t.Fatal(err)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", n.Password, accounts.Browser{Address: "203.0.113.9"}); err != nil {
		t.Fatalf("whoever has a new password waits for the old one's tries: %v", err)
	}
	if _, err := l.Accept(t.Context(), l.secretOf(made.Link), n, browser()); pull.KindOf(err) != pull.Unknown {
		t.Fatalf("the link worked twice: %v", err)
	}
	l.silent(l.secretOf(made.Link), n.Password, l.read(ann.ID).Hash)
}

func TestAResetLinkEndsWithItsPersonAndItsAdmin(t *testing.T) {
	for name, end := range map[string]func(l *lobby, boss, ann people.Person){
		"after a week": func(l *lobby, _, _ people.Person) { l.wait(people.InviteLimit + time.Second) },
		"person": func(l *lobby, _, ann people.Person) {
			call[console.None](l.operator(), l, "person.erase", object{"person": ann.ID})
		},
		"admin": func(l *lobby, boss, _ people.Person) {
			call[accounts.Person](l.operator(), l, "person.change", object{"person": boss.ID, "admin": false, "roles": object{"lecker": "owner"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t)
			l.person("second@example.org", "admin")
			boss, ann := l.person("boss@example.org", "admin"), l.person("ann@example.org", "lecker viewer")
			made := call[accounts.Invitation](l.as(boss), l, "person.reset", object{"person": ann.ID})
			end(l, boss, ann)
			if _, err := l.Accept(t.Context(), l.secretOf(made.Link), newcomer(""), browser()); pull.KindOf(err) != pull.Unknown {
				t.Fatal(err)
			}
		})
	}
}
