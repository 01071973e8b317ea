package sources_test

import (
	"testing"

	"keypull/sources"
)

// TestAPageIsAboutWhatItsSiteIsNotCalled reads titles of pages that have one thing of an outlet's.
func TestAPageIsAboutWhatItsSiteIsNotCalled(t *testing.T) {
	for _, c := range []struct{ at, page, want string }{
		{"https://www.town.example/a/pool", `<title>Town | Pool</title>`, "Pool"},
		{"https://belleville.example/piscine", `<title>Piscine – Ville de Belleville</title>`, "Piscine"},
		{"https://x.example/pool", `<title>Town | Pool</title>`, ""},
		{"https://x.example/pool", `<meta property="og:site_name" content="Town"><title>Pool | Town</title>`, "Pool"},
		{"https://x.example/p", `<title>Town</title><h1>Pool</h1>`, "Pool"},
		{"https://x.example/p", `<html lang="ja"><h1>市役所の営業時間</h1>`, ""},
		{"https://x.example/kontakty", `<h1>Pool</h1>`, ""},
	} {
		root, _, err := sources.ParsePage([]byte(c.page))
		if err != nil {
			t.Fatal(err)
		}
		if got := sources.SubjectOf(sources.Document{URL: c.at, Body: []byte(c.page)}, root); got != c.want {
			t.Errorf("%s at %s is about %q, want %q", c.page, c.at, got, c.want)
		}
	}
}
