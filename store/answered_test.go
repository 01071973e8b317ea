package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/store"
	"keypull/store/mem"
)

func answer() people.Response {
	return people.Response{Fingerprint: "f", Status: 201, Header: map[string]string{"ETag": "1"}, Body: []byte("made\x00\xff"), At: monday}
}

func reserve(t testing.TB, a *store.Answered, key string, now time.Time) uint64 {
	t.Helper()
	_, revision, err := a.Reserve(t.Context(), key, "f", now)
	must(t, err)
	if revision == 0 {
		t.Fatal("not reserved")
	}
	return revision
}

func TestARepeatedRequestGetsTheSameAnswer(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		a := store.NewAnswered(kv)
		_, found, err := a.Get(t.Context(), "key")
		must(t, err)
		if found {
			t.Error("found before")
		}
		must(t, a.Put(t.Context(), "key", answer(), reserve(t, a, "key", monday)))
		for range 2 {
			got, revision, err := a.Reserve(t.Context(), "key", "f", monday.Add(time.Hour))
			must(t, err)
			if diff := cmp.Diff(answer(), got); diff != "" || revision != 0 {
				t.Error(revision, diff)
			}
		}
		got, found, err := a.Get(t.Context(), "key")
		must(t, err)
		if diff := cmp.Diff(answer(), got); diff != "" || !found {
			t.Error(found, diff)
		}
		_, _, err = a.Reserve(t.Context(), "key", "other", monday)
		wantKind(t, "another request", err, pull.Conflict)
		if !errors.Is(err, store.ErrOtherRequest) {
			t.Errorf("another request: %v", err)
		}
	})
}

func TestARequestUnderWaySaysSoForAMinute(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		a := store.NewAnswered(kv)
		first := reserve(t, a, "key", monday)
		_, _, err := a.Reserve(t.Context(), "key", "f", monday.Add(store.UnderWay))
		var refused *pull.Error
		if !errors.Is(err, store.ErrUnderWay) || !errors.As(err, &refused) || !refused.RetryAt.Equal(monday.Add(store.UnderWay)) {
			t.Errorf("under way: %v", err)
		}
		_, found, err := a.Get(t.Context(), "key")
		if found || err != nil {
			t.Errorf("get: %v, %v", found, err)
		}
		_, _, err = a.Reserve(t.Context(), "key", "other", monday)
		if !errors.Is(err, store.ErrOtherRequest) {
			t.Errorf("another request: %v", err)
		}
		second := reserve(t, a, "key", monday.Add(store.UnderWay+time.Second))
		wantKind(t, "the first, too late", a.Put(t.Context(), "key", answer(), first), pull.Conflict)
		must(t, a.Release(t.Context(), "key", first))
		must(t, a.Put(t.Context(), "key", answer(), second))
	})
}

func TestARequestThatIsReleasedMayBeTriedAgain(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		a := store.NewAnswered(kv)
		must(t, a.Release(t.Context(), "key", reserve(t, a, "key", monday)))
		must(t, a.Put(t.Context(), "key", answer(), reserve(t, a, "key", monday)))
	})
}

func TestOfManyWhoReserveOneIsToDoIt(t *testing.T) {
	for name, void := range map[string]bool{"a new key": false, "a void reservation": true} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, kv store.KV) {
				a := store.NewAnswered(kv)
				if void {
					reserve(t, a, "key", monday.Add(-time.Hour))
				}
				won := race(t, pull.Conflict, func(int) error {
					_, _, err := a.Reserve(t.Context(), "key", "f", monday)
					return err
				})
				if won != 1 {
					t.Errorf("%d are to do it", won)
				}
			})
		})
	}
}

func TestAnAnswerHasAStatusAndABodyThatFits(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		a := store.NewAnswered(kv)
		revision := reserve(t, a, "key", monday)
		none, long, wide := answer(), answer(), answer()
		none.Status = 0
		long.Body = make([]byte, store.MaxAnswerBytes+1)
		wide.Header = map[string]string{"X": string(make([]byte, store.MaxValueBytes))}
		for name, bad := range map[string]people.Response{"no status": none, "a long body": long, "a long header": wide} {
			wantKind(t, name, a.Put(t.Context(), "key", bad, revision), pull.Invalid)
		}
		long.Body = long.Body[1:]
		must(t, a.Put(t.Context(), "key", long, revision))
	})
}

func TestSweepTakesOldAnswers(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		a := store.NewAnswered(kv)
		for key, at := range map[string]time.Time{"old": monday.Add(-time.Second), "new": monday} {
			reserve(t, a, key, at)
		}
		swept, err := a.Sweep(t.Context(), monday)
		must(t, err)
		if left := keysBelow(t, kv, "answered"); swept != 1 || !slices.Equal(left, []string{"answered.new"}) {
			t.Errorf("%d swept, left %v", swept, left)
		}
	})
}

// Keys may hold any bytes, and no two share a place.
func TestNoTwoKeysShareAnAnswer(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.OneOf(rapid.StringN(0, 20, 40), rapid.StringMatching(`[a-f0-9_.A-F-]{0,6}`))
		one, two := key.Draw(rt, "one"), key.Draw(rt, "two")
		a := store.NewAnswered(mem.Open(store.Options{}))
		reserve(t, a, one, monday)
		_, revision, err := a.Reserve(t.Context(), two, "f", monday)
		if one == two != errors.Is(err, store.ErrUnderWay) || one != two && revision == 0 {
			rt.Fatalf("%q and %q: %d, %v", one, two, revision, err)
		}
	})
}
