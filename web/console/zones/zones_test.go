package zones_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/web/console/zones"
)

func TestAZoneIsFoundByWhatItsPlaceIsCalled(t *testing.T) {
	for _, tt := range []struct{ typed, language, want string }{
		{"Berlin", "en", "Europe/Berlin"}, {"berlin ", "de", "Europe/Berlin"}, {"europe/berlin", "en", "Europe/Berlin"},
		{"Deutschland", "de", "Europe/Berlin"}, {"Germany", "fr", "Europe/Berlin"}, {"Allemagne", "fr", "Europe/Berlin"}, {"Alemania", "es", "Europe/Berlin"},
		{"München", "de", "Europe/Berlin"}, {"Wien", "de", "Europe/Vienna"}, {"Österreich", "de", "Europe/Vienna"}, {"New York", "en", "America/New_York"},
		{"nueva york", "es", "America/New_York"}, {"Buenos Aires", "es", "America/Argentina/Buenos_Aires"}, {"Delhi", "en", "Asia/Kolkata"}, {"India", "en", "Asia/Kolkata"},
		{"Asia/Calcutta", "en", "Asia/Calcutta"}, {"UTC", "en", "UTC"}, {"Asia/Kolkata", "en", "Asia/Kolkata"},
		{"Brazil", "en", ""}, {"Atlantis", "en", ""}, {"", "en", ""}, {"Local", "en", ""}, {"../etc/passwd", "en", ""},
	} {
		if got, ok := zones.Find(tt.typed, tt.language); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q in %s is %q, %v; want %q", tt.typed, tt.language, got, ok, tt.want)
		}
	}
}

func TestEveryZoneOfTheListIsOne(t *testing.T) {
	list := zones.List("de")
	for _, z := range list {
		if _, err := time.LoadLocation(z.Name); err != nil || strings.TrimSpace(z.Label) == "" {
			t.Errorf("%q (%q): %v", z.Name, z.Label, err)
		}
	}
	if !slices.ContainsFunc(list, func(z zones.Zone) bool {
		return z.Name == "Europe/Vienna" && strings.Contains(z.Label, "Wien") && strings.HasSuffix(z.Label, "Österreich")
	}) {
		t.Error("Vienna is not called as people call it")
	}
}
