package command_test

import (
	"testing"

	"keypull/pull/what/command"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// TestAQuestionAboutAPlaceAsksForNoLanguage asks with a greeting for what has nothing to do with
// languages, in those whose words for "in" ask for one before its name.
func TestAQuestionAboutAPlaceAsksForNoLanguage(t *testing.T) {
	t.Parallel()
	for language, said := range map[string][]string{
		"nl": {"goedemiddag, wat is het weer in Utrecht", "hallo, hoe is het verkeer in het centrum", "wat kost het kaartje in het museum"},
		"de": {"guten Tag, wie wird das Wetter in Graz", "hallo, was läuft heute in der Oper"}, "en": {"good afternoon, what is the weather in Utrecht", "hello, what's on in the theatre"},
		"fr": {"bonjour, quel temps fait-il en Bretagne", "bonjour, qu'est-ce qui passe en ville"}, "es": {"buenas tardes, ¿qué tiempo hace en Jaca?"}, "it": {"buongiorno, che tempo fa in montagna"},
		"pt": {"boa tarde, como está o tempo em Braga"}, "pl": {"dzień dobry, jaka jest pogoda w Gdyni"}, "he": {"שלום, מה מזג האוויר בחיפה"}, "sv": {"hej, hur är vädret på Gotland"},
		"da": {"hej, hvordan er vejret på Fyn"}, "nb": {"hei, hvordan er været på Hamar"}, "cs": {"dobrý den, jaké je počasí v Brně"}, "ru": {"добрый день, какая погода в Казани"},
		"tr": {"merhaba, İzmir'de hava nasıl"}, "ro": {"bună ziua, cum e vremea în Cluj"}, "ca": {"bona tarda, quin temps fa a Girona"}, "vi": {"xin chào, thời tiết ở Huế thế nào"}, "id": {"selamat siang, bagaimana cuaca di Bandung"},
	} {
		for _, text := range said {
			tongues := speech.Mark(textform.Tokenise(text, nil), language)
			if c, ok := command.Worded(textform.Normal(text), tongues); ok {
				t.Errorf("%s: %q is %s", language, text, c)
			}
			if c, _ := command.Said(textform.Normal(text), textform.Tokenise(text, nil), false); c != "" {
				t.Errorf("%s: %q is %s by its words", language, text, c)
			}
		}
	}
	for language, said := range map[string][]string{
		"nl": {"in het Engels graag", "kan het in het Frans", "praat nederlands"}, "de": {"auf Englisch bitte"},
	} {
		for _, text := range said {
			tongues := speech.Mark(textform.Tokenise(text, nil), language)
			if c, ok := command.Worded(textform.Normal(text), tongues); !ok || c != command.Lang {
				t.Errorf("%s: %q is %q", language, text, c)
			}
		}
	}
}
