package settings_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/settings"
)

func TestParseDuration(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
		bad  bool
	}{
		{"60s", time.Minute, false}, {"1h30m", 90 * time.Minute, false}, {"7d", 168 * time.Hour, false},
		{"1d12h", 36 * time.Hour, false}, {"0s", 0, false}, {"1.5h", 90 * time.Minute, false},
		{"", 0, true}, {"d", 0, true}, {"-5s", 0, true}, {"+5s", 0, true}, {"1d-5h", 0, true}, {"1.5d", 0, true},
		{"60", 0, true}, {"106752d", 0, true}, {"106751d24h", 0, true}, {"99999999999d", 0, true}, {"5 m", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := settings.ParseDuration(tt.text)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestFormatDurationIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Min(0).Draw(t, "duration"))
		got, err := settings.ParseDuration(settings.FormatDuration(d))
		if err != nil || got != d {
			t.Errorf("%q is read as %v, %v", settings.FormatDuration(d), got, err)
		}
	})
	for d, want := range map[time.Duration]string{
		time.Hour: "1h", 90 * time.Second: "1m30s", 168 * time.Hour: "7d", 10 * time.Minute: "10m", 3600*24*1e9 + 1e9: "1d1s",
	} {
		if got := settings.FormatDuration(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"url", "items", "max_age", "stale_if_error"}
	for name, want := range map[string]string{
		"urll": "url", "rul": "url", "item": "items", "maxage": "max_age", "stale_on_error": "stale_if_error",
		"xyz": "", "": "", "Items": "items",
	} {
		if got := settings.Nearest(name, known); got != want {
			t.Errorf("%q is nearest to %q, want %q", name, got, want)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"60s", "7d", "1d12h30m", "106751d23h", "1.5h", "-1s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := settings.ParseDuration(text)
		if err != nil {
			return
		}
		again, err := settings.ParseDuration(settings.FormatDuration(d))
		if d < 0 || err != nil || again != d {
			t.Errorf("%q is %v, read again as %v, %v", text, d, again, err)
		}
	})
}
