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
		runs(t, ix, tt.text, tt.keyword, tt.argument, "en", "de", "fr")
		if m := ix.Match(tt.text, "en", "de", "fr"); m.Decision == what.Offer && slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool { return c.Keyword == "about" }) {
			t.Errorf("%q is offered the preposition", tt.text)
		}
	}
}

// TestAskingWhatAThingIsAsksNothingOfTheService holds that a phrase which only asks what something is
// means the service where nothing stands behind it, and the thing where one does.
func TestAskingWhatAThingIsAsksNothingOfTheService(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{{ID: "about", Phrases: map[string][]string{
		"en": {"what is this", "what is the", "who are you"}, "de": {"was ist das", "was ist"}, "fr": {"c'est quoi", "qu'est-ce que"}, "es": {"qué es", "qué es esto"}, "it": {"che cos'è"}, "pt": {"o que é"}, "nl": {"wat is"}, "pl": {"co to jest"},
	}}}, what.Options{Publisher: "Gazette"})
	for _, tt := range []struct{ language, text, keyword string }{
		{"fr", "c'est quoi ?", "about"}, {"fr", "c'est quoi s'il vous plaît", "about"}, {"fr", "c'est quoi ce truc ?", "about"},
		{"en", "what is this?", "about"}, {"es", "¿qué es?", "about"},
		{"fr", "c'est quoi la quiche ?", ""}, {"fr", "c'est quoi la pâte ?", ""}, {"fr", "c'est quoi une tourte", ""}, {"de", "was ist das Watt?", ""}, {"de", "was ist eine Quiche?", ""},
		{"es", "¿qué es la paella?", ""}, {"it", "che cos'è il pesto?", ""}, {"pt", "o que é a feijoada?", ""}, {"nl", "wat is de hutspot?", ""},
	} {
		runs(t, ix, tt.text, tt.keyword, "", tt.language)
	}
}

// TestANameBehindAPrepositionIsTheArgumentOfAQuestion holds that the name with which a question
// ends is what its keyword is asked for, whatever else asks in it, and without the everyday
// words in front of it; and that a name in what is told is none.
func TestANameBehindAPrepositionIsTheArgumentOfAQuestion(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "cinema", Phrases: map[string][]string{"en": {"cinema"}, "de": {"kino"}, "fr": {"cinéma"}, "es": {"cine"}, "it": {"cinema"}}, Argument: what.ArgumentOptional, Slot: "place"},
		{ID: "fuel", Phrases: map[string][]string{"en": {"petrol"}, "de": {"benzin"}, "fr": {"essence"}, "es": {"gasolina"}, "it": {"benzina"}}, Argument: what.ArgumentOptional, Slot: "place"},
	}, what.Options{})
	for _, tt := range []struct{ language, text, keyword, argument string }{
		{"en", "what is showing at the cinema in Whitby?", "cinema", "Whitby"},
		{"de", "Was läuft heute im Kino in Husum?", "cinema", "Husum"},
		{"es", "¿Qué ponen en el cine en Jaca?", "cinema", "Jaca"},
		{"en", "where is petrol cheap in Whitby", "fuel", "Whitby"},
		{"de", "wo ist benzin günstig in Husum", "fuel", "Husum"},
		{"en", "news of the film: my aunt worked at the cinema in Whitby for years", "", ""},
	} {
		runs(t, ix, tt.text, tt.keyword, tt.argument, tt.language)
	}
}

// TestATypingErrorIsOfferedOnlyWhereSomethingIsAsked holds that a phrase in another spelling is
// weighed with what stands beside it, too.
func TestATypingErrorIsOfferedOnlyWhereSomethingIsAsked(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{{ID: "weather", Phrases: phrases("en", "weather forecasts"), Argument: what.ArgumentOptional}}, what.Options{})
	if m := ix.Match("wether forecasts in Graz", "en"); m.Decision != what.Run || m.Candidates[0].Argument != "Graz" {
		t.Errorf("what is asked for is %+v", m)
	}
	for _, told := range []string{"weather forecast was wrong again, we got soaked", "she hated every wether forecasts she ever saw"} {
		if m := ix.Match(told, "en"); m.Decision != what.None {
			t.Errorf("%q is %+v", told, m)
		}
	}
}

// TestANamedKeywordGoesBeforeTheEntriesOfOthers holds that an everyday word behind a keyword and a preposition is its
// argument, whatever other keyword has an entry of that name.
func TestANamedKeywordGoesBeforeTheEntriesOfOthers(t *testing.T) {
	storage := what.NewVocabulary([]what.Term{{Value: "Bread", Names: []string{"Brot", "pain", "pan", "chleb"}}})
	ix := what.NewIndex([]what.Keyword{
		{ID: "recipe", Phrases: map[string][]string{"en": {"recipe"}, "de": {"rezept"}, "fr": {"recette"}, "es": {"receta"}, "pl": {"przepis"}}, Argument: what.ArgumentOptional},
		{ID: "storage", Phrases: map[string][]string{"en": {"storage"}}, Vocabulary: storage, Bare: true},
		{ID: "pantry", Phrases: map[string][]string{"en": {"pantry"}}, Vocabulary: storage, Bare: true},
	}, what.Options{})
	for _, tt := range []struct{ language, text, argument string }{
		{"en", "recipe for bread", "bread"}, {"de", "rezept für brot", "brot"}, {"fr", "recette de pain", "pain"}, {"es", "receta de pan", "pan"}, {"pl", "przepis na chleb", "chleb"},
	} {
		runs(t, ix, tt.text, "recipe", tt.argument, tt.language)
	}
}
