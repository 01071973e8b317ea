package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/store"
	"keypull/store/mem"
)

func anna() people.Person {
	return people.Person{ID: "annaannaannaanna", Email: "anna@lecker.example", Name: "Anna", Admin: true,
		Roles: map[string]people.Role{"lecker": people.Owner}, Hash: "hash", Created: monday, Changed: monday}
}

func ben() people.Person {
	return people.Person{ID: "benbenbenbenbenb", Email: "ben@lecker.example", Created: monday, Changed: monday}
}

func TestAPersonIsFoundByIDAndByEmail(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		all := store.NewPeople(kv)
		person := anna()
		person.Email = " Anna@Lecker.Example"
		revision, err := all.Put(t.Context(), person, 0)
		must(t, err)
		byID, atID, err := all.Get(t.Context(), person.ID)
		must(t, err)
		byEmail, atEmail, err := all.ByEmail(t.Context(), "ANNA@lecker.example ")
		must(t, err)
		if diff := cmp.Diff([]people.Person{anna(), anna()}, []people.Person{byID, byEmail}); diff != "" {
			t.Error(diff)
		}
		if atID != revision || atEmail != revision || revision == 0 {
			t.Errorf("revisions %d and %d, want %d", atID, atEmail, revision)
		}
		_, err = all.Put(t.Context(), ben(), 0)
		must(t, err)
		list, err := all.All(t.Context())
		must(t, err)
		if diff := cmp.Diff([]people.Person{anna(), ben()}, list); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAStalePersonIsRefusedAndAnAbsentOneUnknown(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		all := store.NewPeople(kv)
		old, err := all.Put(t.Context(), anna(), 0)
		must(t, err)
		_, err = all.Put(t.Context(), anna(), 0)
		wantKind(t, "create again", err, pull.Conflict)
		now, err := all.Put(t.Context(), anna(), old)
		must(t, err)
		_, err = all.Put(t.Context(), anna(), old)
		wantKind(t, "stale put", err, pull.Conflict)
		wantKind(t, "stale delete", all.Delete(t.Context(), anna().ID, old), pull.Conflict)
		_, err = all.Put(t.Context(), ben(), now)
		wantKind(t, "change of nobody", err, pull.Conflict)
		_, _, err = all.Get(t.Context(), ben().ID)
		wantKind(t, "get", err, pull.Unknown)
		_, _, err = all.Get(t.Context(), fmt.Sprintf("%0300d", 1))
		wantKind(t, "get of an id that cannot be", err, pull.Unknown)
		_, _, err = all.ByEmail(t.Context(), ben().Email)
		wantKind(t, "by email", err, pull.Unknown)
		wantKind(t, "delete", all.Delete(t.Context(), ben().ID, now), pull.Unknown)
	})
}

func TestAnEmailIsOnePersonsUntilItIsGivenUp(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		all := store.NewPeople(kv)
		at, err := all.Put(t.Context(), anna(), 0)
		must(t, err)
		other := ben()
		other.Email = "ANNA@lecker.example"
		_, err = all.Put(t.Context(), other, 0)
		wantKind(t, "second", err, pull.Conflict)
		moved := anna()
		moved.Email = "anna@new.example"
		at, err = all.Put(t.Context(), moved, at)
		must(t, err)
		_, _, err = all.ByEmail(t.Context(), anna().Email)
		wantKind(t, "the address given up", err, pull.Unknown)
		_, err = all.Put(t.Context(), other, 0)
		must(t, err)
		must(t, all.Delete(t.Context(), moved.ID, at))
		if keys := keysBelow(t, kv, "person-email"); len(keys) != 1 {
			t.Errorf("claims left: %v", keys)
		}
	})
}

func TestOfManyWithTheSameEmailOneIsMade(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		all := store.NewPeople(kv)
		won := race(t, pull.Conflict, func(i int) error {
			_, err := all.Put(t.Context(), people.Person{ID: fmt.Sprintf("person%d", i), Email: "a@b"}, 0)
			return err
		})
		list, err := all.All(t.Context())
		must(t, err)
		if won != 1 || len(list) != 1 {
			t.Errorf("%d were told so, and %d are there", won, len(list))
		}
	})
}

// Wherever the process ends, nobody shares an email, whoever is found by an
// email has it, and both can go on.
func TestACrashLeavesNoEmailThatIsLost(t *testing.T) {
	for writes := range int32(4) {
		t.Run(fmt.Sprintf("after %d writes", writes), func(t *testing.T) {
			onEach(t, func(t *testing.T, kv store.KV) {
				at, err := store.NewPeople(kv).Put(t.Context(), anna(), 0)
				must(t, err)
				moved := anna()
				moved.Email = "new@lecker.example"
				_, putErr := store.NewPeople(newFailing(kv, writes)).Put(t.Context(), moved, at)
				if (putErr == nil) != (writes >= 2) {
					t.Fatalf("the put ended with %v", putErr)
				}
				after := store.NewPeople(kv)
				now, at, err := after.Get(t.Context(), moved.ID)
				must(t, err)
				found, _, err := after.ByEmail(t.Context(), now.Email)
				must(t, err)
				if found.ID != moved.ID {
					t.Fatalf("%s leads to %s", now.Email, found.ID)
				}
				free := ben()
				free.Email = anna().Email
				if now.Email == free.Email {
					free.Email = moved.Email
				}
				_, _, err = after.ByEmail(t.Context(), free.Email)
				wantKind(t, free.Email, err, pull.Unknown)
				_, err = after.Put(t.Context(), free, 0)
				must(t, err)
				now.Email = "third@lecker.example"
				_, err = after.Put(t.Context(), now, at)
				must(t, err)
			})
		})
	}
}

func TestACrashBeforeThePersonLeavesTheEmailFree(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		if _, err := store.NewPeople(newFailing(kv, 1)).Put(t.Context(), anna(), 0); err == nil {
			t.Fatal("no crash")
		}
		other := ben()
		other.Email = anna().Email
		all := store.NewPeople(kv)
		_, _, err := all.ByEmail(t.Context(), anna().Email)
		wantKind(t, "by email", err, pull.Unknown)
		_, err = all.Put(t.Context(), other, 0)
		must(t, err)
		_, err = all.Put(t.Context(), anna(), 0)
		wantKind(t, "the one who came too late", err, pull.Conflict)
	})
}

func TestPeopleAreAsAPlainListOfPeopleSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		kv := mem.Open(store.Options{})
		model, at := map[string]people.Person{}, map[string]uint64{}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "id")
			email := rapid.SampledFrom([]string{"1@x", "2@x", "3@x"}).Draw(rt, "email")
			writes := rapid.SampledFrom([]int32{0, 1, 2, 9, 9, 9}).Draw(rt, "writes")
			all := store.NewPeople(newFailing(kv, writes))
			if rapid.Bool().Draw(rt, "delete") {
				_ = all.Delete(ctx, id, at[id]) // the store is asked below
			} else {
				taken := false
				for other, p := range model {
					taken = taken || other != id && p.Email == email
				}
				_, err := all.Put(ctx, people.Person{ID: id, Email: email}, at[id])
				if writes == 9 && (err == nil) == taken {
					rt.Fatalf("%s with %s, taken %v: %v", id, email, taken, err)
				}
			}
			clear(model)
			clear(at)
			clean := store.NewPeople(kv)
			list, err := clean.All(ctx)
			must(t, err)
			seen := map[string]bool{}
			for _, p := range list {
				if seen[p.Email] {
					rt.Fatalf("%s is had twice", p.Email)
				}
				seen[p.Email] = true
				found, revision, err := clean.ByEmail(ctx, p.Email)
				if err != nil || found.ID != p.ID {
					rt.Fatalf("%s leads to %q, not to %q: %v", p.Email, found.ID, p.ID, err)
				}
				model[p.ID], at[p.ID] = p, revision
			}
		}
	})
}
