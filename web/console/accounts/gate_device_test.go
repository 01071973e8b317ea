package accounts_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console/accounts"
)

// flood guesses until neither the account nor the address may try any more.
func (l *lobby) flood(email, address string) {
	l.t.Helper()
	for i := range people.FreePerAddress + 2 {
		_, _ = l.SignIn(l.t.Context(), email, "a wrong password", accounts.Browser{Address: address})
		_, _ = l.SignIn(l.t.Context(), fmt.Sprintf("nobody-%d@example.org", i), "a wrong password", accounts.Browser{Address: address})
	}
	if _, err := l.SignIn(l.t.Context(), email, goodPassword, accounts.Browser{Address: address}); pull.KindOf(err) != pull.Limited {
		l.t.Fatalf("a stranger may still try: %v", err)
	}
}

func TestGuessesOfOthersKeepNoBrowserOutThatWasHereBefore(t *testing.T) {
	l := newLobby(t)
	l.person("ann@example.org")
	l.person("bob@example.org")
	first, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser())
	if err != nil || first.Device == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	l.flood("ann@example.org", "192.0.2.1")
	known := browser()
	known.Device = first.Device
	second, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, known)
	if err != nil {
		t.Fatalf("the browser was shut out: %v", err)
	}
	for name, device := range map[string]string{
		"changed": strings.ToUpper(first.Device), "cut": first.Device[:len(first.Device)-1], "long": strings.Repeat(first.Device+"~", 50), "dots": "...",
	} {
		known.Device = device
		if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, known); pull.KindOf(err) != pull.Limited {
			t.Errorf("%s: %v", name, err)
		}
	}
	known.Device = second.Device
	if _, err := l.SignIn(t.Context(), "bob@example.org", goodPassword, known); pull.KindOf(err) != pull.Limited {
		t.Errorf("ann's browser is known for bob: %v", err)
	}
	l.silent(first.Device, second.Device)
}

func TestTriesOfAKnownBrowserCountForItself(t *testing.T) {
	l := newLobby(t)
	l.person("ann@example.org")
	entry, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser())
	if err != nil {
		t.Fatal(err)
	}
	known := accounts.Browser{Address: "192.0.2.1", Device: entry.Device}
	for range people.FreePerAccount + 1 {
		_, _ = l.SignIn(t.Context(), "ann@example.org", "a wrong password", known)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, known); pull.KindOf(err) != pull.Limited {
		t.Errorf("a known browser guesses for ever: %v", err)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, accounts.Browser{Address: "192.0.2.9"}); err != nil {
		t.Errorf("its tries shut others out: %v", err)
	}
}

func TestAMarkEndsWithItsPasswordAndItsTime(t *testing.T) {
	l := newLobby(t)
	p := l.person("ann@example.org")
	entry, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser())
	if err != nil {
		t.Fatal(err)
	}
	known := accounts.Browser{Address: "192.0.2.1", Device: entry.Device}
	l.wait(accounts.DeviceLife + time.Hour)
	l.flood("ann@example.org", "192.0.2.1")
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, known); pull.KindOf(err) != pull.Limited {
		t.Errorf("an old mark counts: %v", err)
	}
	l.wait(people.ForgetAfter)
	if entry, err = l.SignIn(t.Context(), "ann@example.org", goodPassword, known); err != nil {
		t.Fatal(err)
	}
	person, revision, err := l.People.Get(t.Context(), p.ID)
	if err == nil {
		person.Hash, err = l.Passwords.Hash(t.Context(), "an entirely new one")
	}
	if err == nil {
		_, err = l.People.Put(t.Context(), person, revision)
	}
	if err != nil {
		t.Fatal(err)
	}
	l.flood("ann@example.org", "192.0.2.1")
	known.Device = entry.Device
	if _, err := l.SignIn(t.Context(), "ann@example.org", "an entirely new one", known); pull.KindOf(err) != pull.Limited {
		t.Errorf("a mark of the old password counts: %v", err)
	}
	known.Device = l.Mark(t.Context(), p.ID, known)
	if _, err := l.SignIn(t.Context(), "ann@example.org", "an entirely new one", known); err != nil {
		t.Errorf("a mark of the new one does not: %v", err)
	}
}

func TestOneBrowserIsKnownForSeveralPeople(t *testing.T) {
	l := newLobby(t)
	b := browser()
	for i := range 6 {
		l.person(fmt.Sprintf("p%d@example.org", i))
		entry, err := l.SignIn(t.Context(), fmt.Sprintf("p%d@example.org", i), goodPassword, b)
		if err != nil {
			t.Fatal(err)
		}
		b.Device = entry.Device
	}
	if n := strings.Count(b.Device, "~"); n != 3 {
		t.Errorf("%d marks", n+1)
	}
	l.flood("p4@example.org", "192.0.2.1")
	if _, err := l.SignIn(t.Context(), "p4@example.org", goodPassword, b); err != nil {
		t.Errorf("the one before the last is not known: %v", err)
	}
}
