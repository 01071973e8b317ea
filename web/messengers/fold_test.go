package messengers_test

import (
	"testing"

	"keypull/web/messengers"
)

func TestATextIsFoldedIntoTheAlphabetOfShortMessages(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Maize 90 kg: KES 4,100": "Maize 90 kg: KES 4,100", "é à ü ñ Ç € [x]": "é à ü ñ Ç € [x]",
		"garçon": "garcon", "fenêtre, cœur": "fenetre, coeur", "“Łódź” – 5 €😀": `"Lodz" - 5 €`, "Ελλάδα": "Ελλάδα", "Привет": "Привет",
		"e\u0301te\u0301": "été", "see ab 本": "see ab ?", "see 日本": "see 日本",
	} {
		if got := messengers.Folded(text); got != want {
			t.Errorf("%q is folded into %q, want %q", text, got, want)
		}
	}
}
