package accounts_test

import (
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func TestPeopleChangeWhatIsTheirOwn(t *testing.T) {
	l := newLobby(t)
	ann := l.person("ann@example.org", "lecker viewer")
	ctx := l.as(ann)
	in := object{"name": "Ann", "language": "de", "zone": "Europe/Berlin"}
	me := call[accounts.Me](ctx, l, "me.update", in)
	if me.Name != "Ann" || me.Language != "de" || me.Zone != "Europe/Berlin" || me.Roles["lecker"] != people.Viewer || me.Email != ann.Email {
		t.Fatalf("%+v", me)
	}
	if got := call[accounts.Me](ctx, l, "me.get", object{}); got.Name != "Ann" || got.ID != ann.ID {
		t.Fatalf("%+v", got)
	}
	for field, value := range map[string]string{"name": " ", "language": "xx", "zone": "Local"} {
		wrong := object{"name": "Ann", "language": "de", "zone": "Europe/Berlin"}
		wrong[field] = value
		l.refuse(ctx, pull.Invalid, "me.update", wrong, field)
	}
	// What is nobody's to change of themselves is no field.
	for _, field := range []string{"admin", "roles", "email", "hash", "id"} {
		l.refuse(ctx, pull.Invalid, "me.update", object{"name": "Ann", field: nil})
	}
	if p := l.read(ann.ID); p.Admin || p.Hash != ann.Hash || p.Name != "Ann" {
		t.Fatalf("%+v", p)
	}
}

func TestANewPasswordNeedsTheOldOneAndEndsTheOtherSessions(t *testing.T) {
	l := newLobby(t)
	ann := l.person("ann@example.org", "lecker viewer")
	other, ctx := l.session(ann), l.as(ann)
	reset := call[accounts.Invitation](l.operator(), l, "person.reset", object{"person": ann.ID})
	by, _ := console.Caller(ctx)
	for _, tt := range []struct{ current, new, field string }{
		{"not the old one", "an entirely new one", "current"},
		{"", "an entirely new one", "current"},
		{goodPassword, "short", "new"},
		{goodPassword, "ann@example.org", "new"},
	} {
		l.refuse(ctx, pull.Invalid, "me.password", object{"current": tt.current, "new": tt.new}, tt.field)
	}
	if l.read(ann.ID).Hash != ann.Hash {
		t.Fatal("the password was changed")
	}
	call[console.None](ctx, l, "me.password", object{"current": goodPassword, "new": "an entirely new one"})
	if _, _, err := l.Session(t.Context(), other); pull.KindOf(err) != pull.Denied {
		t.Fatalf("the other session goes on: %v", err)
	}
	if _, _, err := l.Sessions.Get(t.Context(), by.Session); err != nil {
		t.Fatalf("the own session ended: %v", err)
	}
	if _, err := l.Invited(t.Context(), l.secretOf(reset.Link)); pull.KindOf(err) != pull.Unknown {
		t.Fatalf("a link of before sets the password: %v", err)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", goodPassword, browser()); pull.KindOf(err) != pull.Denied {
		t.Fatalf("the old password opens: %v", err)
	}
	if _, err := l.SignIn(t.Context(), "ann@example.org", "an entirely new one", browser()); err != nil {
		t.Fatal(err)
	}
}

func TestWhoFindsAnOpenBrowserDoesNotGuessThePassword(t *testing.T) {
	l := newLobby(t)
	ctx := l.as(l.person("ann@example.org"))
	kinds := map[pull.ErrorKind]int{}
	for range 20 {
		_, err := l.console.Do(ctx, "me.password", []byte(`{"current":"a guess","new":"an entirely new one"}`))
		kinds[console.KindOf(err)]++
	}
	if kinds[pull.Limited] < 20-people.FreePerAccount-1 {
		t.Fatalf("%v", kinds)
	}
}
