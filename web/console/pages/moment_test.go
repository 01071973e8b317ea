package pages_test

import (
	"testing"
	"time"

	"keypull/web/console/pages"
)

func TestMomentsAreToldAsPeopleTellThem(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	seen := now().In(paris)
	for _, tt := range []struct {
		ago        time.Duration
		en, fr, de string
	}{
		{0, "just now", "à l’instant", "gerade eben"},
		{59 * time.Second, "just now", "à l’instant", "gerade eben"},
		{time.Minute, "1 min ago", "il y a 1 min", "vor 1 Min."},
		{59*time.Minute + 59*time.Second, "59 min ago", "il y a 59 min", "vor 59 Min."},
		{23 * time.Hour, "23 h ago", "il y a 23 h", "vor 23 Std."},
		{24 * time.Hour, "19 November, 15:02", "19 novembre à 15:02", "19. November, 15:02"},
		{365 * 24 * time.Hour, "20 November 2025, 15:02", "20 novembre 2025 à 15:02", "20. November 2025, 15:02"},
		{-30 * time.Second, "in a moment", "dans un instant", "gleich"},
		{-5 * time.Minute, "in 5 min", "dans 5 min", "in 5 Min."},
		{-3 * time.Hour, "in 3 h", "dans 3 h", "in 3 Std."},
		{-40 * 24 * time.Hour, "30 December, 15:02", "30 décembre à 15:02", "30. Dezember, 15:02"},
	} {
		for language, want := range map[string]string{"en": tt.en, "fr": tt.fr, "de": tt.de} {
			if got := pages.Ago(language, seen.Add(-tt.ago).UTC(), seen); got != want {
				t.Errorf("%s ago in %s: %q, want %q", tt.ago, language, got, want)
			}
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageWritesThem(t *testing.T) {
	for _, tt := range []struct {
		n          any
		en, fr, de string
	}{
		{0, "0", "0", "0"}, {999, "999", "999", "999"}, {1000, "1,000", "1\u202f000", "1.000"},
		{int64(-1234567), "−1,234,567", "−1\u202f234\u202f567", "−1.234.567"},
		{1234.5, "1,234.5", "1\u202f234,5", "1.234,5"}, {uint64(1 << 40), "1,099,511,627,776", "1\u202f099\u202f511\u202f627\u202f776", "1.099.511.627.776"},
	} {
		for language, want := range map[string]string{"en": tt.en, "fr": tt.fr, "de": tt.de} {
			if got, err := pages.Number(language, tt.n); err != nil || got != want {
				t.Errorf("%v in %s: %q, %v, want %q", tt.n, language, got, err, want)
			}
		}
	}
	if got, err := pages.Number("en", "12"); err == nil {
		t.Errorf("a text is the number %s", got)
	}
}
