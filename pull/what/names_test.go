package what_test

import (
	"fmt"
	"slices"
	"testing"

	"keypull/pull/what"
)

func TestThingsAreFoundAsPeopleTypeThem(t *testing.T) {
	all := []what.Names{
		what.NewNames("tiramisu", "Tiramisù", "tirami su classico"),
		what.NewNames("weather-berlin", "Wetter in Berlin"),
		what.NewNames("news", "Nachrichten"),
		what.NewNames("newsletter", "the letter"),
		what.NewNames("creme", "Crème brûlée"),
	}
	for text, want := range map[string][]int{
		"tiramisu": {0}, "TIRAMISÙ": {0}, "tir": {0}, "classico": {0}, "miramisu": {0}, "tiarmisu": {0}, "tirmisu": {0}, "tiramissu": {0}, "tiramusi": {0},
		"tirams": {0}, "clasico": {0}, "weather-b": {1}, "berlin wet": {1}, "wetetr": {1}, "berln weather": {1},
		"news": {2, 3}, "nesw": {2, 3}, "nachrihcten": {2}, "letter": {3}, "brulee": {4}, "creme burlee": {4}, "brulée": {4},
		"": nil, "   ": nil, "xyzzy": nil, "q": nil, "nwes letter": {3},
	} {
		var got []int
		for _, f := range what.Find(all, text, 5) {
			got = append(got, f.Place)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", text, got, want)
		}
	}
	if f := what.Find(all, "clasico", 1)[0]; f.Name != 2 || f.Fit != what.FitNear {
		t.Errorf("found by %+v", f)
	}
	if got := what.FindAll(all, "letter"); !slices.Equal(got, []int{3}) {
		t.Errorf("the list shows %v", got)
	}
}

// manyNames returns the names of very many things.
func manyNames(n int) []what.Names {
	all := make([]what.Names, n)
	for i := range all {
		word := ""
		for x := i*7919 + 104729; x > 0; x /= 20 {
			word += "bcdfghjklmnpqrstvwxz"[x%20:x%20+1] + "aeiou"[x%5:x%5+1]
		}
		all[i] = what.NewNames(word, "le "+word, fmt.Sprintf("%s numero %d", word, i))
	}
	return all
}

func BenchmarkFind(b *testing.B) {
	all := manyNames(10_000)
	for _, text := range []string{"a", "bacuda", "bacdua", "le xozizu", "nothing like it"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				what.Find(all, text, 20)
			}
		})
	}
}
