package journal_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/journal"
)

// The first places are those of a list that is sorted as a whole, and nothing is lost.
func TestTheFirstOfAListAreThoseOfASortedOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 400).Draw(t, "list")
		places := rapid.IntRange(0, 60).Draw(t, "places")
		sorted := slices.Sorted(slices.Values(all))
		journal.SortFirst(all, places, cmp.Compare)
		n := min(places, len(all))
		if !slices.Equal(all[:n], sorted[:n]) {
			t.Fatalf("%v, want %v", all[:n], sorted[:n])
		}
		if slices.Sort(all); !slices.Equal(all, sorted) {
			t.Fatalf("%v, want %v", all, sorted)
		}
	})
}

func BenchmarkSortFirst(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time
	list := make([]int, 10_000)
	for i := range list {
		list[i] = random.IntN(3000)
	}
	for name, places := range map[string]int{"first": 31, "whole": len(list)} {
		b.Run(name, func(b *testing.B) {
			all := make([]int, len(list))
			for b.Loop() {
				copy(all, list)
				journal.SortFirst(all, places, cmp.Compare)
			}
		})
	}
}
