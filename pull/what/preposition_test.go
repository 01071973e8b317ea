package what_test

import (
	"slices"
	"testing"

	"keypull/pull/what"
)

// TestPrepositionsAreNoKeywordBesideAnother holds that "about" asks for what it is called
// alone, and links where something stands beside it.
func TestPrepositionsAreNoKeywordBesideAnother(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "news", Phrases: map[string][]string{"en": {"news"}, "de": {"nachrichten"}, "fr": {"actus"}}, Argument: what.ArgumentOptional},
		{ID: "events", Phrases: map[string][]string{"en": {"events"}, "de": {"termine"}, "fr": {"agenda"}}},
		{ID: "about", Phrases: map[string][]string{"en": {"about", "about us"}, "de": {"über", "über uns"}, "fr": {"sur"}}},
	}, what.Options{Publisher: "Gazette"})
	for _, tt := range []struct{ text, keyword, argument string }{
		{"about", "about", ""}, {"über", "about", ""}, {"sur", "about", ""}, {"about us please", "about", ""}, {"tell me about", "about", ""},
		{"news about the museum", "news", "museum"}, {"nachrichten über das museum", "news", "museum"}, {"actus sur le musée", "news", "musée"},
		{"news about", "news", ""}, {"tell me about the bridge", "", ""}, {"about the bridge", "", ""}, {"erzähl mir was über die brücke", "", ""},
	} {
		m := ix.Match(tt.text, "en", "de", "fr")
		got := what.Candidate{}
		if m.Decision == what.Run {
			got = m.Candidates[0]
		}
		if got.Keyword != tt.keyword || got.Argument != tt.argument {
			t.Errorf("%q runs %q with %q (%s)", tt.text, got.Keyword, got.Argument, m.Decision)
		}
		if m.Decision == what.Offer && slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool { return c.Keyword == "about" }) {
			t.Errorf("%q is offered the preposition", tt.text)
		}
	}
}
