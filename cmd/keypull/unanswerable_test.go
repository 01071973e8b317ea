package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckFindsKeywordsThatCanNeverAnswer has check look at keywords whose sources
// want what nobody gives them, and at their like that can answer.
func TestCheckFindsKeywordsThatCanNeverAnswer(t *testing.T) {
	const text = `
[[publisher]]
id = "p"
name = "P"
languages = ["en"]

[[publisher.source]]
id = "search"
kind = "json"
[publisher.source.settings]
url = "http://127.0.0.1:9/search/{argument}"

[[publisher.source]]
id = "free"
kind = "quote"
[publisher.source.settings]
url = "http://127.0.0.1:9/quote?s={symbol}"

[[publisher.source]]
id = "listed"
kind = "quote"
[publisher.source.settings]
url = "http://127.0.0.1:9/quote?s={symbol}"
symbols = [{ symbol = "WIPRO", name = "Wipro" }]
`
	keyword := func(id, source, more string) string {
		return "\n[[publisher.keyword]]\nid = \"" + id + "\"\nsource = \"" + source + "\"\nphrases = { en = [\"" + id + " word\"] }\n" + more + "\n"
	}
	for _, tt := range []struct {
		source, more string
		found        bool
	}{
		{"search", "", true}, {"search", `query = "tiramisu"`, false}, {"search", `argument = "required"`, false}, {"search", `argument = "optional"`, false},
		{"free", "argument = \"optional\"\nbare = true", true}, {"free", `argument = "optional"`, false},
		{"listed", "argument = \"optional\"\nbare = true", false},
	} {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(text+keyword("one", tt.source, tt.more)), 0o600); err != nil {
			t.Fatal(err)
		}
		_, out, _ := command(t.Context(), "check", "--json", path)
		if found := strings.Contains(out, `"unanswerable"`); found != tt.found {
			t.Errorf("%s with %q: %s", tt.source, tt.more, out)
		}
	}
}
