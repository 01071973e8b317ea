package what_test

import (
	"testing"

	"keypull/pull/what"
)

// TestAKeywordWithinASayingIsNotAskedFor reads sayings around an everyday word, alone and
// within a sentence, and wishes for the same word.
func TestAKeywordWithinASayingIsNotAskedFor(t *testing.T) {
	for _, tt := range []struct{ language, keyword, saying, within, wish string }{
		{"en", "joke", "is this some kind of joke", "they cut the power again, is this some kind of joke", "send me a joke"},
		{"en", "ticket", "just the ticket", "a cup of soup would be just the ticket", "I need the ticket"},
		{"de", "wetter", "das Wetter spielt verrückt", "bei uns spinnt alles, das Wetter spielt verrückt", "das Wetter bitte"},
		{"de", "spiel", "viel aufs Spiel gesetzt", "er hat damit viel aufs Spiel gesetzt", "das Spiel bitte"},
		{"fr", "titre", "à juste titre", "il s'est plaint, à juste titre", "le titre svp"},
		{"fr", "jeu", "c'est un jeu d'enfant", "t'inquiète, c'est un jeu d'enfant", "le jeu svp"},
		{"es", "agua", "como pez en el agua", "aquí me siento como pez en el agua", "quiero agua"},
		{"it", "ora", "non vedo l'ora", "domani si parte, non vedo l'ora", "che ora è"},
		{"pt", "conserto", "já não tem conserto", "isto já não tem conserto", "quero um conserto"},
		{"nl", "boek", "dat gaat buiten zijn boekje", "daarmee ging hij buiten zijn boekje", "het boek graag"},
		{"pl", "pogoda", "barowa pogoda", "dziś u nas barowa pogoda", "pogoda proszę"},
		{"sv", "pris", "berömmelsens pris", "så är det, berömmelsens pris", "vad är priset"},
		{"da", "fest", "festen er slut", "gå nu bare hjem, festen er slut", "jeg vil have fest"},
		{"tr", "trafik", "trafikte kaldım", "geç kalacağım, trafikte kaldım", "trafik lütfen"},
		{"ru", "вода", "вилами по воде", "это всё вилами по воде писано", "хочу воду"},
		{"uk", "школа", "знову прогуляв школу", "він знову прогуляв школу", "школа будь ласка"},
		{"ar", "خبر", "أصبح في خبر كان", "المحل القديم أصبح في خبر كان", "أريد خبر"},
		{"hi", "मज़ाक", "ये कैसा मज़ाक है", "बिजली फिर गई, ये कैसा मज़ाक है", "एक मज़ाक बताओ"},
		{"cs", "počasí", "psí počasí", "venku je zase psí počasí", "počasí prosím"},
		{"ro", "hârtie", "doar pe hârtie", "planul lor arată bine doar pe hârtie", "vreau hârtie"},
	} {
		ix := what.NewIndex([]what.Keyword{{ID: "everyday", Phrases: phrases(tt.language, tt.keyword)}}, what.Options{})
		for _, message := range []string{tt.saying, tt.within} {
			if m := ix.Match(message, tt.language); m.Decision != what.None {
				t.Errorf("%s: %q is %s", tt.language, message, m.Decision)
			}
		}
		if m := ix.Match(tt.wish, tt.language); m.Decision != what.Run {
			t.Errorf("%s: %q is %s", tt.language, tt.wish, m.Decision)
		}
	}
}
