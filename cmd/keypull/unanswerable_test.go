package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCheckFindsKeywordsThatCanNotAnswer has check look at keywords that can never be
// answered, or not as they were set up, and at their like that can: by what their
// settings tell, and where it may ask by what their sources bring.
func TestCheckFindsKeywordsThatCanNotAnswer(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"name": "Wipro", "price": 12, "note": ""}`))
	}))
	t.Cleanup(site.Close)
	text := `
[fetch]
allow_private = ["127.0.0.1/32"]

[[publisher]]
id = "p"
name = "P"
languages = ["en"]
`
	source := func(id, kind, settings string) {
		text += "\n[[publisher.source]]\nid = \"" + id + "\"\nkind = \"" + kind + "\"\n[publisher.source.settings]\n" + strings.ReplaceAll(settings, "{site}", site.URL) + "\n"
	}
	source("search", "json", `url = "{site}/search/{argument}"`)
	source("free", "quote", `url = "{site}/quote?s={symbol}"`)
	source("listed", "quote", `url = "{site}/quote?s={symbol}"`+"\n"+`symbols = [{ symbol = "WIPRO", name = "Wipro" }]`)
	source("city", "json", `url = "{site}/weather/{reader.city}"`)
	source("near", "json", `url = "{site}/weather?city={reader.city}&to={reader.address}"`)
	source("number", "json", `url = "{site}/orders?of={reader.address}"`)
	source("told", "hook", `url = "{site}/ask"`+"\n"+`secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`+"\n"+`reader = ["time_zone"]`)
	source("faq", "text", `answers = [{ questions = ["Unsubscribe"], text = "Below each letter." }, { questions = ["How much is it?"], text = "Ten." }]`)
	source("plain", "text", `answers = [{ questions = ["How do I stop the Sunday letters?", "What is on the menu?"], text = "Below each letter." }]`)
	source("body", "json", `url = "{site}/body"`+"\n"+`fields = { title = "name", price = "price", note = "note" }`)
	found := regexp.MustCompile(`"code":"(unanswerable|unfilled|reserved|unreachable)"`)
	for _, tt := range []struct {
		source, more string
		// want is what check finds, and online what it finds only once it has asked.
		want, online string
	}{
		{"search", "", "unanswerable", ""}, {"search", `query = "*"`, "unanswerable", ""}, {"search", `query = "tiramisu"`, "", ""},
		{"plain", `until = 2020-02-01T00:00:00Z`, "unreachable", ""}, {"plain", `until = 9999-02-01T00:00:00Z`, "", ""},
		{"search", `argument = "required"`, "", ""}, {"search", `argument = "optional"`, "", ""},
		{"free", "argument = \"optional\"\nbare = true", "unanswerable", ""}, {"free", `argument = "optional"`, "", ""}, {"free", `query = "*"`, "unanswerable", ""},
		{"listed", "argument = \"optional\"\nbare = true", "", ""},
		{"city", "", "", ""}, {"city", `argument = "optional"`, "", ""}, {"near", "", "", ""}, {"told", "", "", ""}, {"number", "", "", ""},
		{"faq", "argument = \"optional\"\nbare = true", "reserved", ""}, {"faq", `argument = "optional"`, "", ""}, {"plain", "argument = \"optional\"\nbare = true", "", ""},
		{"body", `template = "{{ item.title }} {{ item.facts.note }}"`, "", "unfilled"}, {"body", `template = "{{ item.title }} {{ item.facts.price }}"`, "", ""},
		{"body", `template = "{{ item.title }}{% if item.facts.note %} {{ item.facts.note }}{% endif %}"`, "", ""},
		{"body", `reply = [{ show = "title" }, { show = "note" }]`, "", "unfilled"}, {"body", `reply = [{ show = "title" }, { show = "price" }]`, "", ""},
		{"body", `template = ""`, "", ""},
	} {
		path := filepath.Join(t.TempDir(), "config.toml")
		keyword := "\n[[publisher.keyword]]\nid = \"one\"\nsource = \"" + tt.source + "\"\nphrases = { en = [\"one word\"] }\n" + tt.more + "\n"
		if err := os.WriteFile(path, []byte(text+keyword), 0o600); err != nil {
			t.Fatal(err)
		}
		for how, want := range map[string]string{"--offline": tt.want, "--json": tt.want + tt.online} {
			_, out, _ := command(t.Context(), "check", "--json", how, path)
			got := ""
			if m := found.FindStringSubmatch(out); m != nil {
				got = m[1]
			}
			if got != want {
				t.Errorf("%s of %s with %q found %q, want %q: %s", how, tt.source, tt.more, got, want, out)
			}
			if wrong := strings.Contains(out, `"severity":"error","code":"`+got+`"`); wrong != (want == "unanswerable") {
				t.Errorf("%s of %s with %q: %s", how, tt.source, tt.more, out)
			}
		}
	}
}

// TestCheckFindsWhatCanNotAnswerInTheStore has what was set up in the console be looked at
// as well, without asking anybody.
func TestCheckFindsWhatCanNotAnswerInTheStore(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "config.toml")
	text := "[store]\nurl = \"bolt:" + filepath.Join(folder, "k.db") + "\"\n[secrets]\nkey_file = \"" + filepath.Join(folder, "k.key") + "\"\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, do := range [][2]string{
		{"publisher.create", `{"publisher": {"id": "p", "name": "P", "languages": ["en"]}}`},
		{"source.create", `{"publisher": "p", "source": {"id": "search", "kind": "json", "settings": {"url": "http://127.0.0.1:9/{argument}"}}}`},
		{"source.create", `{"publisher": "p", "source": {"id": "faq", "kind": "text", "settings": {"answers": [{"questions": ["Unsubscribe"], "text": "Below."}, {"questions": ["Why?"], "text": "So."}]}}}`},
		{"keyword.create", `{"publisher": "p", "keyword": {"id": "never", "source": "search", "phrases": {"en": ["weather"]}}}`},
		{"keyword.create", `{"publisher": "p", "keyword": {"id": "partly", "source": "faq", "argument": "optional", "bare": true, "phrases": {"en": ["questions"]}}}`},
		{"keyword.create", `{"publisher": "p", "keyword": {"id": "well", "source": "faq", "argument": "optional", "phrases": {"en": ["answers", "k"]}}}`},
	} {
		if code, _, said := command(t.Context(), "do", do[0], do[1], "-c", path); code != 0 {
			t.Fatal(said)
		}
	}
	_, out, _ := command(t.Context(), "check", "--offline", "--json", path)
	for _, want := range []string{`"path":"p/keyword/never.argument","severity":"error","code":"unanswerable"`, `"path":"p/keyword/partly.bare","severity":"warning","code":"reserved"`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not in %s", want, out)
		}
	}
	if strings.Contains(out, "keyword/well") {
		t.Errorf("found %s", out)
	}
}
