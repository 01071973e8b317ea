package catalogue_test

import (
	"testing"
	"time"

	"keypull/pull/catalogue"
)

func TestACrisisTextHasItsTimeAndItsLanguages(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	both := catalogue.Localised{"de": "Gesperrt.", "fr": "Fermé."}
	for _, tt := range []struct {
		name     string
		text     catalogue.Localised
		until    time.Duration
		language string
		want     string
	}{
		{"its language", both, time.Hour, "fr", "Fermé."},
		{"a region of it", both, time.Hour, "de-AT", "Gesperrt."},
		{"one for everybody", catalogue.Localised{"": "Closed."}, time.Hour, "ja", "Closed."},
		{"any text rather than none", both, time.Hour, "en", "Gesperrt."},
		{"three days", both, 72 * time.Hour, "fr", "Fermé."},
		{"longer than it may", both, 72*time.Hour + time.Second, "fr", ""},
		{"over", both, 0, "fr", ""},
		{"nothing written", nil, time.Hour, "fr", ""},
	} {
		until := now.Add(tt.until)
		c := catalogue.Crisis{Text: tt.text, Until: &until}
		if got := c.TextAt(now, tt.language); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
