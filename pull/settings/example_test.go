package settings_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"keypull/pull/settings"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of this folder
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is different (go test -update writes it anew):\n%s", path, diff)
	}
}

func TestSchemaOfEveryType(t *testing.T) {
	schema, err := settings.Schema(newSample())
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte("preset")) {
		t.Error("the schema holds a secret")
	}
	golden(t, "schema.json", append(got, '\n'))
}

func TestMarkdownOfEveryType(t *testing.T) {
	got, err := settings.Markdown(newSample())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "table.md", []byte(got))
}

func TestExampleOfEveryType(t *testing.T) {
	got, err := settings.Example(newSample(), settings.Layout{
		Indent: "  ", Env: "SAMPLE", Skip: []string{"zone"}, Values: map[string]any{"small": 7},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "example.toml", []byte(got))
}

func TestExampleIsValidWithEverythingSwitchedOn(t *testing.T) {
	text, err := settings.Example(newSample(), settings.Layout{Env: "SAMPLE", Skip: []string{"zone", "phrases", "template", "since", "nets", "refresh"}})
	if err != nil {
		t.Fatal(err)
	}
	on := regexp.MustCompile(`(?m)^(\s*)#([^ ])`).ReplaceAllString(text, "$1$2")
	var values map[string]any
	if err := toml.Unmarshal([]byte(on), &values); err != nil {
		t.Fatalf("%v in\n%s", err, on)
	}
	if err := settings.Fill(newSample(), values); err != nil {
		t.Error(err)
	}
}
