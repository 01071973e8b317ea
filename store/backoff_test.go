package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/store"
)

func TestARestComesBackUntilItIsForgotten(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		rests := store.NewBackOffs(kv)
		long := strings.Repeat("a.", 4000) + "example:443"
		must(t, rests.Keep(t.Context(), "example.org:443", monday))
		must(t, rests.Keep(t.Context(), "example.org:443", monday.Add(time.Hour)))
		must(t, rests.Keep(t.Context(), "[::1]:80", monday.Add(time.Nanosecond)))
		must(t, rests.Keep(t.Context(), long, monday))
		must(t, rests.Keep(t.Context(), long, time.Time{}))
		must(t, rests.Keep(t.Context(), "never.example:80", time.Time{}))
		got, err := store.NewBackOffs(kv).Load(t.Context())
		must(t, err)
		want := map[string]time.Time{"example.org:443": monday.Add(time.Hour), "[::1]:80": monday.Add(time.Nanosecond)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestARestThatCannotBeReadHidesNoOther(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		rests := store.NewBackOffs(kv)
		must(t, rests.Keep(t.Context(), "example.org:443", monday))
		_, err := kv.Put(t.Context(), "rest.000", []byte("{"), store.Any)
		must(t, err)
		got, err := rests.Load(t.Context())
		if err == nil || len(got) != 1 {
			t.Errorf("%v, %v", got, err)
		}
	})
}
