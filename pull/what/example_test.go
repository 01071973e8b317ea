package what_test

import (
	"fmt"

	"keypull/pull/what"
)

func ExampleIndex_Match() {
	ix := what.NewIndex([]what.Keyword{
		{ID: "cake", Phrases: map[string][]string{"fr": {"gâteau"}}},
		{ID: "weather", Argument: what.ArgumentRequired, Phrases: map[string][]string{"en": {"weather"}, "ja": {"天気"}}},
	}, what.Options{})
	for _, text := range []string{"GATEAU!", "weather New York", "天気東京", "stop please", "château"} {
		m := ix.Match(text)
		fmt.Println(m.Decision, m.Tier, m.Candidates)
	}
	// Output:
	// run folded [{cake  gâteau fr}]
	// run argument [{weather New York weather en}]
	// run argument [{weather 東京 天気 ja}]
	// reserved command []
	// none  []
}
