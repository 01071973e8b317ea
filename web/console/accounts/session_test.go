package accounts_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func TestPeopleSeeAndEndTheirOwnSessions(t *testing.T) {
	l := newLobby(t)
	ann := l.person("ann@example.org")
	l.session(ann)
	l.wait(people.IdleLimit)
	old := l.session(ann)
	l.wait(time.Minute)
	ctx := l.as(ann)
	l.session(l.person("eve@example.org"))
	by, _ := console.Caller(ctx)
	list := call[accounts.OpenSessions](ctx, l, "session.list", object{}).Sessions
	if len(list) != 2 || !list[0].Current || list[1].Current || list[1].Agent != "browser" || list[1].Address != "192.0.2.1" {
		t.Fatalf("%+v", list)
	}
	for _, o := range list {
		if o.ID == by.Session {
			t.Fatalf("a list tells the hash of a cookie: %+v", o)
		}
	}
	l.refuse(ctx, pull.Unknown, "session.revoke", object{"session": by.Session})
	call[console.None](ctx, l, "session.revoke", object{"session": list[1].ID})
	if _, _, err := l.Session(t.Context(), old); pull.KindOf(err) != pull.Denied {
		t.Fatal(err)
	}
	l.refuse(ctx, pull.Unknown, "session.revoke", object{"session": list[1].ID})
	call[console.None](ctx, l, "session.revoke", object{"session": list[0].ID})
}
