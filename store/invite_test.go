package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/store"
)

func invite(hash string) people.Invite {
	return people.Invite{Hash: hash, Email: "a@b", Roles: map[string]people.Role{"lecker": people.Viewer},
		Created: monday, Expires: monday.Add(people.InviteLimit), By: "anna"}
}

func TestAnInviteIsTakenOnce(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		invites := store.NewInvites(kv)
		must(t, invites.Put(t.Context(), invite("one")))
		wantKind(t, "the same again", invites.Put(t.Context(), invite("one")), pull.Conflict)
		for range 2 {
			seen, err := invites.Get(t.Context(), "one", monday)
			must(t, err)
			if diff := cmp.Diff(invite("one"), seen); diff != "" {
				t.Error(diff)
			}
		}
		taken, err := invites.Take(t.Context(), "one", monday)
		must(t, err)
		if diff := cmp.Diff(invite("one"), taken); diff != "" {
			t.Error(diff)
		}
		_, err = invites.Take(t.Context(), "one", monday)
		wantKind(t, "take again", err, pull.Unknown)
		_, err = invites.Get(t.Context(), "one", monday)
		wantKind(t, "get", err, pull.Unknown)
	})
}

func TestOfManyWhoTakeAnInviteOneGetsIt(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		invites := store.NewInvites(kv)
		must(t, invites.Put(t.Context(), invite("one")))
		won := race(t, pull.Unknown, func(int) error {
			_, err := invites.Take(t.Context(), "one", monday)
			return err
		})
		if won != 1 {
			t.Errorf("%d got it", won)
		}
	})
}

func TestAnInviteEnds(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		invites := store.NewInvites(kv)
		for _, hash := range []string{"late", "later", "withdrawn"} {
			i := invite(hash)
			if hash == "later" {
				i.Expires = i.Expires.Add(time.Second)
			}
			must(t, invites.Put(t.Context(), i))
		}
		must(t, invites.Delete(t.Context(), "withdrawn"))
		wantKind(t, "withdraw again", invites.Delete(t.Context(), "withdrawn"), pull.Unknown)
		end := invite("late").Expires
		_, err := invites.Take(t.Context(), "late", end)
		wantKind(t, "take", err, pull.Unknown)
		all, err := invites.All(t.Context())
		must(t, err)
		swept, err := invites.Sweep(t.Context(), end)
		must(t, err)
		if left := keysBelow(t, kv, "invite"); len(all) != 2 || swept != 1 || !slices.Equal(left, []string{"invite.later"}) {
			t.Errorf("%d listed, %d swept, left %v", len(all), swept, left)
		}
	})
}
