package store_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/store"
	"keypull/store/mem"
)

func appendActs(t *testing.T, acts *store.Acts, all ...people.Act) {
	t.Helper()
	for _, a := range all {
		must(t, acts.Append(t.Context(), a))
	}
}

// targets pages through the record and returns what the acts were done to.
func targets(t *testing.T, acts *store.Acts, publisher string, limit int) (found []string) {
	t.Helper()
	for after := ""; ; {
		page, next, err := acts.Page(t.Context(), publisher, after, limit)
		must(t, err)
		if len(page) > limit || len(page) < limit && next != "" || len(page) == 0 && after != "" {
			t.Fatalf("a page of %d with the cursor %q", len(page), next)
		}
		for _, a := range page {
			found = append(found, a.Target)
		}
		if next == "" {
			return found
		}
		after = next
	}
}

func act(publisher string, minute int) people.Act {
	return people.Act{At: monday.Add(time.Duration(minute) * time.Minute), Who: "anna", Publisher: publisher,
		Operation: "keyword put", Target: fmt.Sprint(publisher, minute), Outcome: people.Done}
}

func TestActsComeLatestFirst(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		acts := store.NewActs(kv, rand.Reader)
		appendActs(t, acts, act("a", 1), act("", 2), act("b", 3), act("a", 5), act("a", 4), act("a-b", 6))
		for publisher, want := range map[string][]string{
			"": {"a-b6", "a5", "a4", "b3", "2", "a1"}, "a": {"a5", "a4", "a1"}, "b": {"b3"}, "c": nil,
		} {
			for _, limit := range []int{1, 2, 3, store.MaxPage} {
				if diff := cmp.Diff(want, targets(t, acts, publisher, limit)); diff != "" {
					t.Errorf("publisher %q in pages of %d: %s", publisher, limit, diff)
				}
			}
		}
	})
}

func TestAnActIsKeptAsFarAsItFits(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		acts := store.NewActs(kv, rand.Reader)
		long := json.RawMessage(`"` + strings.Repeat("x", people.MaxChange) + `"`)
		appendActs(t, acts, people.Act{At: monday, Face: people.FaceAPI, Before: json.RawMessage(`{"a":1}`), After: long})
		page, _, err := acts.Page(t.Context(), "", "", 1)
		must(t, err)
		if len(page) != 1 || page[0].ID == "" || string(page[0].Before) != `{"a":1}` || page[0].After != nil {
			t.Errorf("got %+v", page)
		}
	})
}

func TestAPageThatCannotBeIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		acts := store.NewActs(kv, rand.Reader)
		for _, limit := range []int{0, store.MaxPage + 1} {
			_, _, err := acts.Page(t.Context(), "", "", limit)
			wantKind(t, fmt.Sprint("limit ", limit), err, pull.Invalid)
		}
		for _, after := range []string{"a b", ".", strings.Repeat("x", store.MaxKeyBytes)} {
			_, _, err := acts.Page(t.Context(), "a", after, 1)
			wantKind(t, after, err, pull.Invalid)
		}
	})
}

func TestTrimTakesActsWithTheirPlaceInTheIndex(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		acts := store.NewActs(kv, rand.Reader)
		appendActs(t, acts, act("a", 1), act("", 2), act("a", 3), act("a", 4))
		trimmed, err := acts.Trim(t.Context(), monday.Add(3*time.Minute))
		must(t, err)
		if got := targets(t, acts, "", 10); trimmed != 2 || !slices.Equal(got, []string{"a4", "a3"}) {
			t.Errorf("%d trimmed, left %v", trimmed, got)
		}
		if keys := keysBelow(t, kv, "act-of"); len(keys) != 2 {
			t.Errorf("the index has %v", keys)
		}
	})
}

func TestACrashWhileTrimmingLeavesNothingThatIsNeverTrimmed(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		appendActs(t, store.NewActs(kv, rand.Reader), act("a", 1), act("a", 2), act("a", 3))
		end := monday.Add(time.Hour)
		if _, err := store.NewActs(newFailing(kv, 4), rand.Reader).Trim(t.Context(), end); err == nil {
			t.Fatal("no crash")
		}
		_, err := store.NewActs(kv, rand.Reader).Trim(t.Context(), end)
		must(t, err)
		if left := keysBelow(t, kv, ""); len(left) > 0 {
			t.Errorf("left %v", left)
		}
	})
}

func TestPagesShowEveryActOnceWhateverTheirTimes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		acts := store.NewActs(mem.Open(store.Options{}), rand.Reader)
		minutes := rapid.SliceOfN(rapid.IntRange(0, 20), 0, 30).Draw(rt, "minutes")
		for _, m := range minutes {
			appendActs(t, acts, act("a", m))
		}
		cut := rapid.IntRange(0, 21).Draw(rt, "trim before")
		_, err := acts.Trim(t.Context(), monday.Add(time.Duration(cut)*time.Minute))
		must(t, err)
		want := slices.DeleteFunc(slices.Clone(minutes), func(m int) bool { return m < cut })
		slices.Sort(want)
		slices.Reverse(want)
		var names []string
		for _, m := range want {
			names = append(names, fmt.Sprint("a", m))
		}
		limit := rapid.IntRange(1, 31).Draw(rt, "limit")
		for _, publisher := range []string{"", "a"} {
			if diff := cmp.Diff(names, targets(t, acts, publisher, limit)); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
}
