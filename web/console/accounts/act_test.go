package accounts_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/web/console/accounts"
)

func TestAPublisherReadsItsOwnActsAlone(t *testing.T) {
	l := newLobby(t)
	lecker := l.as(l.person("boss@example.org", "lecker owner"))
	kiosk := l.as(l.person("eve@example.org", "kiosk owner"))
	for i := range 7 {
		l.wait(time.Minute)
		publisher, ctx := "lecker", lecker
		if i%2 == 1 {
			publisher, ctx = "kiosk", kiosk
		}
		call[accounts.NewToken](ctx, l, "token.create", object{"publisher": publisher, "name": publisher, "role": "viewer"})
	}
	l.refuse(kiosk, pull.Unknown, "token.create", object{"publisher": "lecker", "name": "kiosk", "role": "viewer"})
	var seen []string
	in := object{"publisher": "lecker", "limit": 2}
	for range 10 {
		page := call[accounts.ActPage](lecker, l, "act.list", in)
		for _, a := range page.Acts {
			if a.Publisher != "lecker" {
				t.Fatalf("%+v", a)
			}
			seen = append(seen, a.Outcome)
		}
		if page.Next == "" {
			break
		}
		in["cursor"] = page.Next
	}
	if len(seen) != 5 {
		t.Fatalf("%v", seen)
	}
	other := call[accounts.ActPage](lecker, l, "act.list", object{"publisher": "lecker", "cursor": "00000000000000000000-a"})
	for _, a := range other.Acts {
		if a.Publisher != "lecker" {
			t.Fatalf("a cursor leads to another publisher: %+v", a)
		}
	}
	if all := call[accounts.ActPage](l.operator(), l, "act.all", object{}); len(all.Acts) != 8 || all.Next != "" {
		t.Fatalf("%d acts", len(all.Acts))
	}
	for _, in := range []object{{"limit": -1}, {"limit": 201}, {"cursor": "../../token"}, {"cursor": "a b"}} {
		in["publisher"] = "lecker"
		l.refuse(lecker, pull.Invalid, "act.list", in)
	}
}
