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

func session(id, person string, seen time.Time) people.Session {
	return people.Session{ID: id, Person: person, Created: seen, Seen: seen, CSRF: "secret"}
}

func putSessions(t *testing.T, s *store.Sessions, all ...people.Session) {
	t.Helper()
	for _, o := range all {
		_, err := s.Put(t.Context(), o, 0)
		must(t, err)
	}
}

func TestASessionComesBackUntilItIsEnded(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		s := store.NewSessions(kv)
		want := session("one", "anna", monday)
		putSessions(t, s, want)
		got, at, err := s.Get(t.Context(), "one")
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		must(t, s.Delete(t.Context(), "one"))
		must(t, s.Delete(t.Context(), "one"))
		_, _, err = s.Get(t.Context(), "one")
		wantKind(t, "get", err, pull.Unknown)
		_, err = s.Put(t.Context(), got, at)
		wantKind(t, "a late write", err, pull.Conflict)
	})
}

func TestAllSessionsOfAPersonEndButTheirOwn(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		s := store.NewSessions(kv)
		putSessions(t, s, session("one", "anna", monday), session("two", "anna", monday),
			session("three", "anna", monday), session("four", "ben", monday))
		ended, err := s.DeleteOf(t.Context(), "anna", "two")
		must(t, err)
		left := keysBelow(t, kv, "session")
		if want := []string{"session.four", "session.two"}; ended != 2 || !slices.Equal(left, want) {
			t.Errorf("%d ended, left %v, want %v", ended, left, want)
		}
		of, err := s.Of(t.Context(), "anna")
		must(t, err)
		if len(of) != 1 || of[0].ID != "two" {
			t.Errorf("anna has %v", of)
		}
	})
}

func TestSweepTakesTheSessionsThatHaveEnded(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		s := store.NewSessions(kv)
		old := session("old", "anna", monday.Add(-people.AbsoluteLimit))
		old.Seen = monday
		putSessions(t, s, old, session("idle", "anna", monday.Add(-people.IdleLimit)),
			session("used", "anna", monday.Add(-people.IdleLimit+time.Second)))
		swept, err := s.Sweep(t.Context(), monday)
		must(t, err)
		if left := keysBelow(t, kv, "session"); swept != 2 || !slices.Equal(left, []string{"session.used"}) {
			t.Errorf("%d swept, left %v", swept, left)
		}
	})
}
