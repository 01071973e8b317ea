package people_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/people"
)

func TestRolesIncludeThoseBelow(t *testing.T) {
	order := append(people.Roles(), people.Admin)
	for i, high := range order {
		for j, low := range order {
			if got := high.Includes(low); got != (i >= j) {
				t.Errorf("%s includes %s: %v", high, low, got)
			}
		}
		for _, none := range []people.Role{"", "root"} {
			if high.Includes(none) || none.Includes(high) || none.Includes(none) {
				t.Errorf("%q and %s include one another", none, high)
			}
		}
	}
}

func TestARoleIsReadOrRefused(t *testing.T) {
	for text, want := range map[string]people.Role{"viewer": people.Viewer, "Editor": people.Editor, "OWNER": people.Owner, "admin": people.Admin} {
		if got, err := people.ParseRole(" " + text + "\n"); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "root", "view er", strings.Repeat("x", 1000)} {
		got, err := people.ParseRole(text)
		refused := people.Refused(err)
		if got != "" || len(refused) != 1 || refused[0].Field != "role" || !strings.Contains(refused[0].Message, "viewer, editor, owner or admin") || len(err.Error()) > 200 {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// Whoever includes somebody may do all that they may.
func TestIncludingIsAnOrder(t *testing.T) {
	role := rapid.SampledFrom([]people.Role{people.Viewer, people.Editor, people.Owner, people.Admin, "", "x"})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := role.Draw(t, "a"), role.Draw(t, "b"), role.Draw(t, "c")
		if a.Includes(b) && b.Includes(c) && !a.Includes(c) {
			t.Fatalf("%q, %q, %q", a, b, c)
		}
		if a.Includes(b) && b.Includes(a) && a != b {
			t.Fatalf("%q and %q are above one another", a, b)
		}
	})
}
