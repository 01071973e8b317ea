package settings_test

import (
	"testing"

	"keypull/pull/settings"
)

func TestAnAddressIsCompletedWhereItsBeginningIsLeftOut(t *testing.T) {
	for typed, want := range map[string]string{
		"example.org":                "https://example.org",
		" example.org/feed ":         "https://example.org/feed",
		"www.example.org?feed=rss2":  "https://www.example.org?feed=rss2",
		"müller.example/a b":         "",
		"//example.org/feed":         "https://example.org/feed",
		"feed://example.org/rss":     "https://example.org/rss",
		"feed:https://example.org/x": "https://example.org/x",
		"example.org:8443/feed":      "https://example.org:8443/feed",
		"localhost:9000/feed.xml":    "http://localhost:9000/feed.xml",
		"127.0.0.1:9000":             "http://127.0.0.1:9000",
		"[::1]:9000/x":               "http://[::1]:9000/x",
		"10.1.2.3/quote?s={symbol}":  "http://10.1.2.3/quote?s={symbol}",
		"https://example.org":        "",
		"HTTP://example.org":         "",
		"mailto:me@example.org":      "",
		"me@example.org":             "",
		"news":                       "",
		"the news of today":          "",
		"/feed":                      "",
		"{symbol}.example.org":       "",
		"":                           "",
	} {
		got, completed := settings.WholeAddress(typed)
		if want == "" && (completed || got != typed) || want != "" && (!completed || got != want) {
			t.Errorf("%q became %q, %v; want %q", typed, got, completed, want)
		}
	}
}
