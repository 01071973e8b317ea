package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func browser() accounts.Browser { return accounts.Browser{Address: "192.0.2.1", Agent: "browser"} }

func TestSigningInOpensASessionOfItsOwnEachTime(t *testing.T) {
	l := newLobby(t)
	p := l.person("ann@example.org", "lecker editor")
	first, err := l.SignIn(t.Context(), " Ann@Example.ORG ", goodPassword, browser())
	if err != nil {
		t.Fatal(err)
	}
	second, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, accounts.Browser{Address: "192.0.2.7:5555", Agent: "other"})
	if err != nil {
		t.Fatal(err)
	}
	if first.Secret == second.Secret || first.Session.ID == second.Session.ID || first.Session.CSRF == second.Session.CSRF {
		t.Fatal("two sessions share a secret")
	}
	if first.Person.Hash != "" || first.Session.ID == first.Secret {
		t.Fatalf("%+v tells a hash, or keeps the secret", first)
	}
	who, s, err := l.Session(t.Context(), second.Secret)
	if err != nil || who.ID != p.ID || who.Person != p.ID || who.Session != s.ID || who.Face != console.FacePage || who.Admin ||
		!who.May("lecker", console.Write) || who.May("lecker", console.Own) || who.Sees("kiosk") {
		t.Fatalf("%+v, %v", who, err)
	}
	if s.Address != "192.0.2.7" || s.Agent != "other" {
		t.Fatalf("the session is from %q by %q", s.Address, s.Agent)
	}
	// What a browser brought along never becomes a session.
	if _, _, err := l.Session(t.Context(), "chosen-by-somebody-else"); pull.KindOf(err) != pull.Denied {
		t.Fatal(err)
	}
	l.silent(first.Secret, first.Session.ID, goodPassword)
	if acts := l.log(); len(acts) != 2 || acts[0].Operation != "session.open" || acts[0].Outcome != people.Done || acts[0].Who != p.ID {
		t.Fatalf("%+v", acts)
	}
}

func TestAnUnknownAccountAndAWrongPasswordSoundTheSame(t *testing.T) {
	l := newLobby(t)
	p := l.person("ann@example.org")
	_, unknown := l.SignIn(t.Context(), "nobody-knows@example.org", "hunter2-hunter2", browser())
	_, wrong := l.SignIn(t.Context(), "ann@example.org", "hunter2-hunter2", browser())
	if pull.KindOf(unknown) != pull.Denied || unknown.Error() != wrong.Error() {
		t.Fatalf("%v; %v", unknown, wrong)
	}
	acts := l.log()
	if len(acts) != 2 {
		t.Fatalf("%+v", acts)
	}
	for _, a := range acts {
		if a.Operation != "session.open" || a.Outcome != "denied" || a.Address != "192.0.2.1" || a.Publisher != "" {
			t.Errorf("%+v", a)
		}
	}
	if !slices.ContainsFunc(acts, func(a people.Act) bool { return a.Who == p.ID }) {
		t.Error("nobody is told that an account was tried")
	}
	l.silent("nobody-knows", "hunter2")
}

func TestAHundredGuessesAtOnceAreSlowedDown(t *testing.T) {
	l := boltLobby(t)
	l.person("ann@example.org")
	var (
		mu      sync.Mutex
		kinds   = map[pull.ErrorKind]int{}
		guesses sync.WaitGroup
	)
	for i := range 100 {
		guesses.Go(func() {
			_, err := l.SignIn(t.Context(), "ann@example.org", "wrong password", accounts.Browser{Address: fmt.Sprintf("192.0.2.%d:%d", i, i+1)})
			var e *pull.Error
			if pull.KindOf(err) == pull.Limited && (!errors.As(err, &e) || !e.RetryAt.After(l.clock())) {
				t.Errorf("%v tells no moment to try again", err)
			}
			mu.Lock()
			defer mu.Unlock()
			kinds[pull.KindOf(err)]++
		})
	}
	guesses.Wait()
	if kinds[pull.Denied] > people.FreePerAccount+1 || kinds[pull.Denied]+kinds[pull.Limited] != 100 {
		t.Fatalf("%v", kinds)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser()); pull.KindOf(err) != pull.Limited {
		t.Fatalf("the right password got past the wait: %v", err)
	}
	l.wait(people.MaxWait)
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser()); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
}

func TestManyAccountsFromOneAddressAreOneGuesser(t *testing.T) {
	l := newLobby(t)
	denied := 0
	for i := range 3 * people.FreePerAddress {
		_, err := l.SignIn(t.Context(), fmt.Sprintf("p%d@example.org", i), "wrong password", accounts.Browser{Address: fmt.Sprintf("192.0.2.1:%d", 1000+i)})
		if pull.KindOf(err) == pull.Denied {
			denied++
		}
	}
	if denied > people.FreePerAddress+1 {
		t.Fatalf("%d guesses from one address, each from another port", denied)
	}
}

func TestASessionEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(t *testing.T, l *lobby, p people.Person, secret string)
	}{
		{"when it was not used", func(_ *testing.T, l *lobby, _ people.Person, _ string) { l.wait(people.IdleLimit) }},
		{"in the end, however much it is used", func(t *testing.T, l *lobby, _ people.Person, secret string) {
			for range int(people.AbsoluteLimit/(6*time.Hour)) - 1 {
				l.wait(6 * time.Hour)
				if _, _, err := l.Session(t.Context(), secret); err != nil {
					t.Fatalf("too early: %v", err)
				}
			}
			l.wait(6 * time.Hour)
		}},
		{"by signing out", func(t *testing.T, l *lobby, _ people.Person, secret string) {
			if err := l.SignOut(t.Context(), secret, browser()); err != nil {
				t.Fatal(err)
			}
		}},
		{"with its person", func(t *testing.T, l *lobby, p people.Person, _ string) {
			call[console.None](l.operator(), l, "person.erase", object{"person": p.ID})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLobby(t)
			p := l.person("ann@example.org", "lecker owner")
			secret := l.session(p)
			if _, _, err := l.Session(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
			tt.end(t, l, p, secret)
			if _, _, err := l.Session(t.Context(), secret); pull.KindOf(err) != pull.Denied {
				t.Fatalf("it goes on: %v", err)
			}
			if err := l.SignOut(t.Context(), secret, browser()); err != nil {
				t.Fatalf("signing out of it: %v", err)
			}
		})
	}
}

func TestARoleThatIsTakenIsGoneAtOnce(t *testing.T) {
	l := newLobby(t)
	l.person("boss@example.org", "lecker owner")
	p := l.person("ann@example.org", "lecker owner", "kiosk viewer")
	secret := l.session(p)
	call[console.None](l.operator(), l, "person.remove", object{"publisher": "lecker", "person": p.ID})
	who, _, err := l.Session(t.Context(), secret)
	if err != nil || who.Sees("lecker") || !who.Sees("kiosk") {
		t.Fatalf("%+v, %v", who, err)
	}
}

// meddling are sessions to which something happens before they are written.
type meddling struct {
	accounts.Sessions
	puts   int
	before func() error
}

func (m *meddling) Put(ctx context.Context, s people.Session, revision uint64) (uint64, error) {
	m.puts++
	if m.before != nil {
		if err := m.before(); err != nil {
			return 0, err
		}
	}
	return m.Sessions.Put(ctx, s, revision)
}

func TestTheUseOfASessionIsWrittenOnceAMinute(t *testing.T) {
	l := newLobby(t)
	secret := l.session(l.person("ann@example.org"))
	m := &meddling{Sessions: l.Sessions}
	l.Sessions = m
	for range 20 {
		l.wait(10 * time.Second)
		if _, _, err := l.Session(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	if m.puts != 3 {
		t.Fatalf("%d writes in 200 seconds", m.puts)
	}
}

func TestASessionThatIsEndedWhileItIsUsedStaysEnded(t *testing.T) {
	l := newLobby(t)
	secret := l.session(l.person("ann@example.org"))
	stored := l.Sessions
	l.Sessions = &meddling{Sessions: stored, before: func() error { return stored.Delete(t.Context(), people.HashSecret(secret)) }}
	l.wait(time.Hour)
	for range 2 {
		if _, _, err := l.Session(t.Context(), secret); pull.KindOf(err) != pull.Denied {
			t.Fatalf("it came back: %v", err)
		}
	}
}

func TestAFullStoreKeepsNobodyFromReading(t *testing.T) {
	l := newLobby(t)
	secret := l.session(l.person("ann@example.org"))
	l.Sessions = &meddling{Sessions: l.Sessions, before: func() error { return &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("the store is full")} }}
	l.wait(time.Hour)
	if _, _, err := l.Session(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
}

func TestAPasswordThatIsChangedMeanwhileOpensNothing(t *testing.T) {
	l := newLobby(t)
	p := l.person("ann@example.org")
	stored := l.Sessions
	l.Sessions = &meddling{Sessions: stored, before: func() error {
		now, revision, err := l.People.Get(t.Context(), p.ID)
		if err != nil {
			return err
		}
		now.Hash = "another"
		_, err = l.People.Put(t.Context(), now, revision)
		return err
	}}
	if e, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser()); pull.KindOf(err) != pull.Denied || e.Secret != "" {
		t.Fatalf("%+v, %v", e, err)
	}
	if left, err := stored.Of(t.Context(), p.ID); err != nil || len(left) > 0 {
		t.Fatalf("%+v, %v", left, err)
	}
}

func TestADamagedHashIsAWrongPassword(t *testing.T) {
	l := newLobby(t)
	p := l.person("ann@example.org")
	_, revision, err := l.People.Get(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	p.Hash = "$argon2id$v=19$m=999999999,t=1,p=1$AAAA$AAAA"
	if _, err := l.People.Put(t.Context(), p, revision); err != nil {
		t.Fatal(err)
	}
	_, err = l.SignIn(t.Context(), "ann@example.org", goodPassword, browser())
	if pull.KindOf(err) != pull.Denied || strings.Contains(err.Error(), "hash") {
		t.Fatal(err)
	}
}
