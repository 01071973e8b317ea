package what_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/what"
)

// TestAChangedCatalogueIsUnderstoodLikeANewOne changes a catalogue again and
// again, and holds each index that took over the former one's work against one
// that was built from nothing.
func TestAChangedCatalogueIsUnderstoodLikeANewOne(t *testing.T) {
	words := []string{"tiramisu", "apple pie", "apple tart", "pie", "harbour news", "news of the harbour", "weather", "пельмени", "天气", "ALL", "gâteau", "gateau"}
	messages := append([]string{"tirramisu", "apple", "pies", "please send me the apple tart", "wether graz", "pelmeni", "harbor news", "gato", "北京天气"}, words...)
	rapid.Check(t, func(t *rapid.T) {
		keywords := map[string]what.Keyword{}
		var former *what.Index
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			for range rapid.IntRange(1, 4).Draw(t, "keywords") {
				id := fmt.Sprint("k", rapid.IntRange(0, 9).Draw(t, "id"))
				if rapid.Bool().Draw(t, "gone") {
					delete(keywords, id)
					continue
				}
				keywords[id] = what.Keyword{
					ID: id, Phrases: phrases(rapid.SampledFrom([]string{"en", "fr"}).Draw(t, "language"), rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, 3, rapid.ID[string]).Draw(t, "phrases")...),
					Argument: rapid.SampledFrom([]what.Argument{what.ArgumentNone, what.ArgumentOptional}).Draw(t, "argument"),
				}
			}
			var list []what.Keyword
			for _, id := range slices.Sorted(maps.Keys(keywords)) {
				list = append(list, keywords[id])
			}
			changed, anew := what.NewIndex(list, what.Options{Former: former}), what.NewIndex(list, what.Options{})
			for _, m := range messages {
				if diff := cmp.Diff(withoutOrder(anew.Match(m, "en")), withoutOrder(changed.Match(m, "en"))); diff != "" {
					t.Fatalf("%q among %v:\n%s", m, list, diff)
				}
			}
			former = changed
		}
	})
}

// withoutOrder leaves out what depends on the order in which keywords are found:
// which of equals stand first, and what each look-up cost.
func withoutOrder(m what.Match) what.Match {
	m.Probes, m.Runners = 0, nil
	if m.Decision == what.Offer {
		m.Candidates = []what.Candidate{{Argument: fmt.Sprint(len(m.Candidates))}}
	}
	return m
}

func BenchmarkNewIndexAfterAChange(b *testing.B) {
	ks := crowd(10_000)
	former := what.NewIndex(ks, what.Options{})
	for i := 0; b.Loop(); i++ {
		changed := slices.Clone(ks)
		changed[i%len(changed)].Phrases = phrases("en", fmt.Sprint("changed ", i))
		former = what.NewIndex(changed, what.Options{Former: former})
	}
}
