package pull_test

import (
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
)

// TestWhatNoKeywordKnowsIsHeldAgainstTheirNames offers the keywords whose names have half of what a message is about,
// and none for a word that they share with everything.
func TestWhatNoKeywordKnowsIsHeldAgainstTheirNames(t *testing.T) {
	k := newTalk(t)
	opened := map[string]pull.Opened{"days": {Source: &almanac{name: "Canteen"}}, "rest": {Source: &almanac{name: "Bulletin"}}}
	keyword := func(id, source, argument string, phrases ...string) catalogue.Keyword {
		return catalogue.Keyword{ID: id, Source: source, Argument: argument, Phrases: map[string][]string{"en": phrases}}
	}
	var err error
	k.edition, err = pull.NewEdition(catalogue.Publisher{
		ID: "p", Name: "Paper", Languages: []string{"en"}, TimeZone: "Europe/Paris",
		Sources: []catalogue.Source{{ID: "days", Kind: "text"}, {ID: "rest", Kind: "text"}},
		Keywords: []catalogue.Keyword{
			keyword("seniors", "days", "optional", "senior center lunches"),
			keyword("fuel", "rest", "", "fuel watch"),
			keyword("metals", "rest", "", "metal prices"),
		},
	}, opened, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for message, want := range map[string]string{
		"seniors lunch wednesday":  "I don't know “seniors lunch wednesday”. Do you mean “senior center lunches",
		"fuel prices in town":      "Do you mean “fuel watch”?",
		"price of turnips":         "I don't know “price of turnips”. Send MENU",
		"my car needs fuel again!": "", // nothing is asked for
	} {
		got := k.say(message)
		if !strings.Contains(got, want) || want == "" && strings.Contains(got, "fuel watch") {
			t.Errorf("%q: %s", message, got)
		}
	}
}
