package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// A check knows the names of recipes only once it has fetched them.
func TestCheckHoldsKeywordsAgainstWhatTheSourcesTell(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<html><script type="application/ld+json">{"@context":"https://schema.org","@type":"Recipe",
			"name":"Tarte aux pommes","recipeIngredient":["1 apple"],"recipeInstructions":["Bake."]}</script></html>`))
	}))
	t.Cleanup(site.Close)
	path := filepath.Join(t.TempDir(), "config.toml")
	config := "[fetch]\nallow_private = [\"127.0.0.1/32\"]\n[[publisher]]\nid = \"p\"\nname = \"P\"\nlanguages = [\"en\"]\n" + `contact = "reader@example.org"
privacy = "https://example.org/privacy"
[[publisher.source]]
id = "r"
kind = "recipe"
settings = { urls = ["` + site.URL + `/tarte"] }
[[publisher.keyword]]
id = "there"
source = "r"
phrases = { en = ["tarte aux pommes"] }
[[publisher.keyword]]
id = "missing"
source = "r"
phrases = { en = ["quiche lorraine"] }
`
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, errs := command(t.Context(), "check", "--json", path)
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, `"unnamed"`) || !strings.Contains(out, "quiche lorraine") {
		t.Errorf("found %s%s, want the one keyword that names no recipe", out, errs)
	}
}

// What a source says of what it brought is told with its line, and refuses nothing.
func TestCheckTellsWhatSourcesWarnOf(t *testing.T) {
	path := writeConfig(t, sourceBlock("lamps", "table", "", `rows = "name,price,price\nlamp,5,6"`), keywordBlock("lamps", "lamps"))
	if code, out, errs := command(t.Context(), "check", path); code != cli.Done || !strings.Contains(out, "source lamps: the column “price” is there twice") {
		t.Errorf("check ended with %d and said %s%s", code, out, errs)
	}
}

// A hook that is only pushed to can't be asked: it is no dead source, and knows no subscribers.
func TestAHookThatIsOnlyPushedToIsNotDown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	config := "[[publisher]]\nid = \"p\"\nname = \"P\"\nlanguages = [\"en\"]\n" + `contact = "reader@example.org"
privacy = "https://example.org/privacy"
[[publisher.source]]
id = "register"
kind = "hook"
settings = { push_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", reader = ["address"] }
[[publisher.source]]
id = "vault"
kind = "text"
settings = { answers = [{ text = "Quietly." }] }
[[publisher.keyword]]
id = "dossier"
source = "vault"
phrases = { en = ["dossier"] }
audience = { subscriber = ["register"] }
`
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, errs := command(t.Context(), "check", "--json", path)
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, "audience.subscriber[0]") || strings.Contains(out, "dead_source") {
		t.Errorf("found %s%s, want that the register knows no subscribers", out, errs)
	}
}
