package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/store"
)

func TestATokenComesBackUntilItIsRevoked(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		tokens := store.NewTokens(kv)
		one := people.Token{ID: "aaaaaaaa", Name: "import", Hash: "h", Publisher: "lecker", Role: people.Editor, Created: monday, By: "anna"}
		two := people.Token{ID: "bbbbbbbb", Name: "backup", Hash: "i", Role: people.Admin, Created: monday, Expires: monday}
		at, err := tokens.Put(t.Context(), one, 0)
		must(t, err)
		_, err = tokens.Put(t.Context(), two, 0)
		must(t, err)
		_, err = tokens.Put(t.Context(), two, 0)
		wantKind(t, "the same id again", err, pull.Conflict)
		one.Used = monday
		at, err = tokens.Put(t.Context(), one, at)
		must(t, err)
		got, _, err := tokens.Get(t.Context(), one.ID)
		must(t, err)
		all, err := tokens.All(t.Context())
		must(t, err)
		if diff := cmp.Diff([]people.Token{one, one, two}, append([]people.Token{got}, all...)); diff != "" {
			t.Error(diff)
		}
		must(t, tokens.Delete(t.Context(), one.ID))
		wantKind(t, "delete again", tokens.Delete(t.Context(), one.ID), pull.Unknown)
		_, _, err = tokens.Get(t.Context(), one.ID)
		wantKind(t, "get", err, pull.Unknown)
		_, err = tokens.Put(t.Context(), one, at)
		wantKind(t, "a late note of its use", err, pull.Conflict)
	})
}
