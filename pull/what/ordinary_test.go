package what_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what"
)

func TestStemsAreEqualForTheSameWordsInAnotherForm(t *testing.T) {
	for _, tt := range []struct {
		language, a, b string
		same           bool
	}{
		{"en", "recipe", "Recipes!", true},
		{"en", "chocolate cake", "cakes with chocolate", true},
		{"en-GB", "baked potato", "baking potatoes", true},
		{"en", "part 1", "part 2", false},
		{"en", "news", "weather", false},
		{"fr", "recette du jour", "recettes des jours", true},
		{"de", "Äpfel", "apfel", true},
		{"ru", "погода", "погоды", true},
		{"ru", "recipe", "recipes", true},
		{"ja", "天気", "天気予報", false},
		{"xx", "recipe", "recipes", true},
		{"", "gateau", "gateaux", true},
	} {
		a, b := what.Stems(tt.a, tt.language), what.Stems(tt.b, tt.language)
		if a == "" || b == "" || (a == b) != tt.same {
			t.Errorf("%s: %q has the stems %q, %q has %q", tt.language, tt.a, a, tt.b, b)
		}
	}
}

func TestWhatIsNotInflectedHasNoStems(t *testing.T) {
	for _, phrase := range []string{"", " ", "?", "☀️", "WIPRO", "1COV", "24 7", "7751"} {
		if got := what.Stems(phrase, "en"); got != "" {
			t.Errorf("%q has the stems %q", phrase, got)
		}
	}
}

func TestOrdinaryWordsAreThoseOfTheirLanguage(t *testing.T) {
	for _, tt := range []struct {
		phrase, language string
		want             bool
	}{
		{"the", "en", true},
		{"Without", "en-US", true},
		{"it", "en", true},
		{"RUN", "en", true},
		{"run", "fr", false},
		{"weather", "en", false},
		{"news", "en", false},
		{"car", "en", false},
		{"car", "fr", false},
		{"pour", "fr", true},
		{"pour", "en", false},
		{"météo", "fr", false},
		{"für", "de", true},
		{"не", "ru", true},
		{"天气", "zh", false},
		{"雨", "ja", false},
		{"طقس", "ar", false},
		{"खबर", "hi", false},
		{"the", "xx", false},
		{"", "en", false},
	} {
		if got := what.IsOrdinary(tt.phrase, tt.language); got != tt.want {
			t.Errorf("%q in %s: %v", tt.phrase, tt.language, got)
		}
	}
}

func TestPolitenessIsToldFromKeywords(t *testing.T) {
	for _, tt := range []struct {
		phrase, language string
		want             bool
	}{
		{"Hello!", "en", true}, {"good morning", "en", true}, {"thank you", "en", true}, {"please", "en", true},
		{"team", "en", false}, {"deal", "en", false}, {"tack", "en", false}, {"news", "en", false}, {"☀️", "en", false},
		{"merci", "fr", true}, {"bonjour", "de", true}, {"danke", "de", true}, {"tack", "sv", true}, {"спасибо", "ru", true}, {"", "en", false},
	} {
		if got := what.IsPolite(tt.phrase, tt.language); got != tt.want {
			t.Errorf("%q in %s: %v", tt.phrase, tt.language, got)
		}
	}
}

func TestLettersFitTheLanguagesThatAreWrittenInThem(t *testing.T) {
	for _, tt := range []struct {
		phrase, language string
		want             bool
	}{
		{"weather", "en", true}, {"погода", "en", false}, {"ЦСКА", "en", false}, {"天気", "fr", false}, {"☀️", "en", true}, {"24", "ru", true},
		{"погода", "ru", true}, {"pogoda", "ru", false}, {"NATO", "ru", true}, {"цена iPhone", "ru", true}, {"tv", "ru", true}, {"F1 2026", "ru", true},
		{"vreme", "sr", true}, {"време", "sr", true}, {"pogoda", "ru-Latn", true}, {"погода", "sr_Latn_RS", false},
		{"にゅーす", "ja", true}, {"ー", "ja", true}, {"Nintendo", "ja", false}, {"뉴스", "ko-KR", true}, {"天氣", "zh-Hant", true},
		{"طقس", "fa", true}, {"ราคา", "th", true}, {"καιρός", "el", true}, {"weather", "el", false}, {"погода", "xx", true}, {"погода", "", true}, {"", "en", true},
	} {
		if got := what.ScriptFits(tt.phrase, tt.language); got != tt.want {
			t.Errorf("%q in %q: %v", tt.phrase, tt.language, got)
		}
	}
	if !what.Romanised("ja-JP") || what.Romanised("ru") {
		t.Error("brands stand in Latin letters in Japanese, not in Russian")
	}
}

func TestALongPhraseIsTold(t *testing.T) {
	eleven := "one two three four five six seven eight nine ten eleven"
	if !what.Wordy(eleven) || what.Wordy(strings.TrimSuffix(eleven, " eleven")) || what.Wordy(strings.Repeat("天", 40)) {
		t.Error("eleven words are too many, and ten are not")
	}
}

func TestWhatDoesNotFitAMessageIsNeverFound(t *testing.T) {
	letters := rapid.SampledFrom([]rune("aé天ﷺ👩 \u0301"))
	rapid.Check(t, func(t *rapid.T) {
		phrase := strings.Repeat(rapid.StringOfN(letters, 1, 8, -1).Draw(t, "piece"), rapid.IntRange(1, 200).Draw(t, "times"))
		if what.Normal(phrase) == "" || isCommand(phrase) {
			return
		}
		ix := what.NewIndex([]what.Keyword{{ID: "k", Phrases: phrases("en", phrase)}}, what.Options{})
		if m := ix.Match(phrase, "en"); (m.Outcome == what.Run) != what.FitsMessage(phrase) {
			t.Fatalf("%d bytes fit: %v, and give %+v", len(phrase), what.FitsMessage(phrase), m)
		}
	})
}
