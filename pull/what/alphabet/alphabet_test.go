package alphabet_test

import (
	"testing"

	"keypull/pull/what/alphabet"
)

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
		if got := alphabet.Fits(tt.phrase, tt.language); got != tt.want {
			t.Errorf("%q in %q: %v", tt.phrase, tt.language, got)
		}
	}
	if !alphabet.Romanised("ja-JP") || alphabet.Romanised("ru") {
		t.Error("brands stand in Latin letters in Japanese, not in Russian")
	}
}
