package pull_test

import (
	"regexp"
	"slices"
	"testing"

	"keypull/pull"
)

var blank = regexp.MustCompile(`\{\w+\}`)

func TestEveryTextIsThereInEveryLanguageWithTheSameBlanks(t *testing.T) {
	for word, texts := range pull.Words() {
		want := blank.FindAllString(texts["en"], -1)
		slices.Sort(want)
		for _, language := range pull.Languages() {
			if texts[language] == "" {
				t.Errorf("%s has no text in %s", word, language)
			}
			got := blank.FindAllString(texts[language], -1)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Errorf("%s in %s has the blanks %v, in English %v", word, language, got, want)
			}
		}
		if len(texts) != len(pull.Languages()) {
			t.Errorf("%s has %d languages", word, len(texts))
		}
	}
}
