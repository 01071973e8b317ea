package speech_test

import (
	"testing"

	"keypull/pull/what/speech"
)

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
		if got := speech.IsOrdinary(tt.phrase, tt.language); got != tt.want {
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
		if got := speech.IsPoliteIn(tt.phrase, tt.language); got != tt.want {
			t.Errorf("%q in %s: %v", tt.phrase, tt.language, got)
		}
	}
}
