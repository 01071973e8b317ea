package what_test

import (
	"strings"
	"testing"

	"keypull/pull/what"
)

// TestWrittenTellsTheLanguageOfAMessage has greetings and sentences that ask for nothing
// that a publisher of many languages has.
func TestWrittenTellsTheLanguageOfAMessage(t *testing.T) {
	all := strings.Fields("en de fr es it pt nl pl tr ru ar ja zh id hi th")
	for text, want := range map[string]string{
		"Guten Morgen": "de", "Bonjour": "fr", "¡Buenas tardes!": "es", "Buongiorno a tutti": "it", "Boa noite": "pt",
		"Goedenavond": "nl", "Dzień dobry": "pl", "Merhaba": "tr", "Добрый день": "ru", "صباح الخير": "ar",
		"こんばんは": "ja", "早上好": "zh", "Selamat malam": "id", "नमस्ते": "hi", "สวัสดีครับ": "th", "Good evening": "en",

		"Gestern habe ich mit meiner Schwester im Garten gesessen": "de",
		"Hier j'ai mangé chez ma grand-mère avec mes cousins":      "fr",
		"Ayer fui al cine con mis amigos y no me gustó":            "es",
		"Ontem fui à praia com os meus amigos":                     "pt",
		"Вчера мы с другом ходили в кино":                          "ru",
		"昨日は友達と映画を見に行きました":                                         "ja",
		"我昨天和朋友一起去看了电影":                                            "zh",

		"taxi": "", "pizza salami": "", "Berlin": "", "iPhone 15": "", "🙂": "", "": "", "Hej": "",
	} {
		if got := what.Written(text, all); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := what.Written("Hallo", []string{"en", "fr", "de-AT"}); got != "de-AT" {
		t.Errorf("a tag of the publisher's own: %q", got)
	}
	if got := what.Written("Dobrý den, jak se máte", []string{"en", "fr"}); got != "" {
		t.Errorf("a language that the publisher has not: %q", got)
	}
	if got := what.Written(strings.Repeat("und ", 1000), all); got != "" {
		t.Errorf("a book: %q", got)
	}
}
