package accounts_test

import (
	"fmt"
	"slices"
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

func TestPendingInvitesAreShownToThoseTheyConcern(t *testing.T) {
	l := newLobby(t)
	first(t, l)
	boss := l.person("boss@example.org", "lecker owner")
	call[accounts.Invitation](l.as(boss), l, "person.invite", object{"publisher": "lecker", "email": "ann@example.org", "name": "Ann", "role": "editor"})
	call[accounts.Invitation](l.operator(), l, "person.enrol", object{"email": "two@example.org", "roles": object{"lecker": "viewer", "kiosk": "viewer"}})
	call[accounts.Invitation](l.operator(), l, "person.enrol", object{"email": "root@example.org", "admin": true})
	reset := call[accounts.Invitation](l.operator(), l, "person.reset", object{"person": boss.ID})
	list := call[accounts.PendingInvites](l.as(boss), l, "invite.list", object{"publisher": "lecker"})
	if len(list.Invites) != 1 || list.Invites[0].Email != "ann@example.org" || list.Invites[0].Role != people.Editor ||
		list.Invites[0].Roles != nil || list.Invites[0].By != "Name of boss@example.org" || list.Invites[0].Suspended {
		t.Fatalf("%+v", list)
	}
	all := call[accounts.PendingInvites](l.operator(), l, "invite.all", object{})
	if len(all.Invites) != 4 {
		t.Fatalf("%+v", all)
	}
	i := slices.IndexFunc(all.Invites, func(i accounts.PendingInvite) bool { return i.Person == boss.ID })
	call[console.None](l.operator(), l, "invite.withdraw", object{"invite": all.Invites[i].ID})
	if _, err := l.Invited(t.Context(), l.secretOf(reset.Link)); pull.KindOf(err) != pull.Unknown {
		t.Fatal(err)
	}
	call[accounts.Member](l.operator(), l, "person.update", object{"publisher": "lecker", "person": boss.ID, "role": "viewer"})
	if list = call[accounts.PendingInvites](l.operator(), l, "invite.list", object{"publisher": "lecker"}); !list.Invites[0].Suspended {
		t.Fatalf("%+v", list)
	}
	l.wait(people.InviteLimit)
	if list = call[accounts.PendingInvites](l.operator(), l, "invite.list", object{"publisher": "lecker"}); len(list.Invites) != 0 {
		t.Fatalf("%+v", list)
	}
}

func TestInvitesAreAddressesAndNotWithoutEnd(t *testing.T) {
	l := newLobby(t)
	owner := l.as(l.person("boss@example.org", "lecker owner", "kiosk owner"))
	for _, email := range []string{"", "ann", "a b@example.org", "a@b@c"} {
		l.refuse(owner, pull.Invalid, "person.invite", object{"publisher": "lecker", "email": email, "role": "viewer"}, "email")
	}
	invite := func(publisher, email string) object {
		return object{"publisher": publisher, "email": email, "role": "viewer"}
	}
	for i := range 200 {
		call[accounts.Invitation](owner, l, "person.invite", invite("lecker", fmt.Sprintf("p%d@example.org", i)))
	}
	l.refuse(owner, pull.Conflict, "person.invite", invite("lecker", "one-more@example.org"))
	call[accounts.Invitation](owner, l, "person.invite", invite("lecker", "p7@example.org"))
	call[accounts.Invitation](owner, l, "person.invite", invite("kiosk", "one-more@example.org"))
}
