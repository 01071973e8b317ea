package what_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what"
	"keypull/pull/what/textform"
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
		if textform.Normal(phrase) == "" || isCommand(phrase) {
			return
		}
		ix := what.NewIndex([]what.Keyword{{ID: "k", Phrases: phrases("en", phrase)}}, what.Options{})
		if m := ix.Match(phrase, "en"); (m.Decision == what.Run) != what.FitsMessage(phrase) {
			t.Fatalf("%d bytes fit: %v, and give %+v", len(phrase), what.FitsMessage(phrase), m)
		}
	})
}
