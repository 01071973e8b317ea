package catalogue_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// indexOf returns the index of keywords as a publisher's edition makes it.
func indexOf(keywords []catalogue.Keyword) *what.Index {
	all := make([]what.Keyword, 0, len(keywords))
	for _, k := range keywords {
		all = append(all, what.Keyword{ID: k.ID, Phrases: k.Phrases, Argument: what.Argument(k.Argument), Tie: k.Tie})
	}
	return what.NewIndex(all, what.Options{})
}

// wordsOf are words by language, so few that keywords meet, and hard ones
// among them.
var wordsOf = map[string][]string{
	"en": {"news", "news!", "recipe", "recipes", "the", "stop", "help", "please", "it", "x", "7", "run", "cake", "bake", "pâté", "pate", "☀️", "$", "C++", "IT", "what's on"},
	"de": {"wetter", "Wetter", "straße", "strasse", "öl", "oel", "ende", "bitte", "kurs", "käse", "im", "abo"},
	"ru": {"погода", "погоды", "новости", "стоп", "помощь", "ёлка", "елка", "й", "курс", "pogoda", "не"},
	"ar": {"طقس", "الطقس", "اخبار", "أخبار", "ايقاف", "من", "كِتاب", "كتاب"},
	"hi": {"मौसम", "समाचार", "रुको", "में", "खबर", "ख़बर"},
	"ja": {"天気", "天気予報", "ニュース", "にゅーす", "停止", "レシピ", "雨", "か", "が"},
	"zh": {"天气", "天氣", "新闻", "停止", "的", "股价", "请"},
	"ko": {"날씨", "뉴스", "중지", "요리", "요리를"},
	"th": {"อากาศ", "ข่าว", "หยุด", "ครับ", "สูตร"},
}

// drawPhrase draws a phrase of one word to three, or now and then of far more
// than a message has.
func drawPhrase(t *rapid.T, language string) string {
	words := rapid.SliceOfN(rapid.SampledFrom(wordsOf[language]), 1, 3).Draw(t, "words")
	if rapid.IntRange(0, 30).Draw(t, "long") == 0 {
		words = append(words, strings.Repeat(words[0]+" ", 150))
	}
	return strings.Join(words, rapid.SampledFrom([]string{" ", " ", "-", ", ", ""}).Draw(t, "between"))
}

func TestAPhraseRunsItsKeywordOrTheLinterNamesIt(t *testing.T) {
	languages := []string{"en", "de", "ru", "ar", "hi", "ja", "zh", "ko", "th"}
	telling := map[string]bool{
		catalogue.CodeDuplicate: true, catalogue.CodeShadowed: true, catalogue.CodeReserved: true,
		catalogue.CodeUnreachable: true, catalogue.CodeTooShort: true, catalogue.CodeEmpty: true,
	}
	rapid.Check(t, func(t *rapid.T) {
		var keywords []catalogue.Keyword
		for i := range rapid.IntRange(1, 8).Draw(t, "keywords") {
			k := catalogue.Keyword{ID: "k" + strconv.Itoa(i), Phrases: map[string][]string{},
				Argument: rapid.SampledFrom([]string{"none", "optional", "required"}).Draw(t, "argument")}
			for _, language := range rapid.SliceOfNDistinct(rapid.SampledFrom(languages), 1, 3, rapid.ID).Draw(t, "languages") {
				for range rapid.IntRange(1, 3).Draw(t, "phrases") {
					k.Phrases[language] = append(k.Phrases[language], drawPhrase(t, language))
				}
			}
			keywords = append(keywords, k)
		}
		ix, l := indexOf(keywords), catalogue.NewLinter(catalogue.Publisher{Languages: languages, Keywords: keywords})
		for _, k := range keywords {
			named := map[string]bool{}
			for _, f := range l.Findings()[k.ID] {
				if telling[f.Code] {
					named[f.Path] = true
				}
			}
			for language, phrases := range k.Phrases {
				for i, phrase := range phrases {
					m := ix.Match(phrase, language)
					runs := m.Decision == what.Run && m.Candidates[0].Keyword == k.ID
					if path := fmt.Sprintf("phrases.%s[%d]", language, i); !runs && !named[path] {
						t.Fatalf("%q (%s) of %s gives %+v, and nothing is said of it", phrase, language, k.ID, m)
					}
				}
			}
		}
	})
}
