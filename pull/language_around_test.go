package pull_test

import (
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
)

// A sentence near to a phrase of another language is answered in its own.
func TestAnOfferIsInTheLanguageAroundTheWord(t *testing.T) {
	source := &fact{now: monday}
	e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "Paper", Languages: []string{"en", "fr"}, TimeZone: "UTC",
		Keywords: []catalogue.Keyword{{ID: "contact", Source: "fact", Phrases: map[string][]string{"en": {"contact"}}}}},
		map[string]pull.Opened{"fact": {Source: source}}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, source.clock)
	defer cache.Close()
	w := told{e, &pull.Resolver{Cache: cache, Clock: source.clock}, source}
	for _, text := range []string{"il faudrait un contact pour le plombier de mon immeuble et le voisin", "qui aurait gardé le contact du plombier de notre immeuble"} {
		if got := textOf(w.say(text, monday, 0)); !strings.Contains(got, "Voulez-vous ") {
			t.Errorf("%q got %q", text, got)
		}
	}
}
