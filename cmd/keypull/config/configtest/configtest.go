// Package configtest holds what the example of a configuration must be for
// whatever kinds it is written.
package configtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keypull/cmd/keypull/config"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Run wants the example to be served as it stands, and to be valid with its
// tables and with everything switched on.
func Run(t *testing.T, ks config.Kinds) {
	t.Helper()
	t.Run("as it stands", func(t *testing.T) {
		text := Example(t, ks)
		if found := loadExample(t, text, ks, nil); len(found) > 0 {
			t.Errorf("%v in\n%s", found, text)
		}
	})
	t.Run("every table switched on", func(t *testing.T) {
		one := regexp.MustCompile(`(?m)^( *)#([^ \n])`)
		keep := regexp.MustCompile(`(?m)^( *)#([a-z])`)
		text := Example(t, ks)
		at := strings.Index(text, "#[[")
		if at < 0 {
			at = len(text)
		}
		// The tables before the first that is off keep their optional keys off.
		text = keep.ReplaceAllString(text[:at], "$1##$2") + text[at:]
		expectValid(t, one.ReplaceAllString(text, "$1$2"), ks)
	})
	t.Run("everything switched on", func(t *testing.T) {
		all := regexp.MustCompile(`(?m)^( *)##?([^ #\n])`)
		expectValid(t, all.ReplaceAllString(Example(t, ks), "$1$2"), ks)
	})
}

// Example returns the example for some kinds.
func Example(t *testing.T, ks config.Kinds) string {
	t.Helper()
	text, err := config.Example(ks)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// expectValid wants no finding but three that are right: a secret without an
// example may be refused by its kind, since nobody prints a token that looks
// true, a kind may say that two of its keys exclude each other, and the example of a
// text for others is of another audience than that beside it.
func expectValid(t *testing.T, text string, ks config.Kinds) {
	t.Helper()
	for _, f := range loadExample(t, text, ks, exampleSecrets(t, ks)) {
		line := strings.Split(text, "\n")[max(f.Line-1, 0)]
		secret := strings.Contains(line, `= "${`) && f.Code != "env"
		others := f.Code == catalogue.CodeAudience && f.Severity == catalogue.Warning
		if !secret && !others && f.Code != "settings" {
			t.Errorf("%v in\n%s", f, line)
		}
	}
}

// loadExample returns everything there is to say about the text.
func loadExample(t *testing.T, text string, ks config.Kinds, env map[string]string) config.Findings {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, found := config.Load(path, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, ks)
	return append(found, c.Lint(ks, func(string, string) catalogue.About { return catalogue.About{} })...)
}

// exampleSecrets returns the variables that the example names: each secret's own
// example, else a word.
func exampleSecrets(t *testing.T, ks config.Kinds) map[string]string {
	t.Helper()
	env := map[string]string{}
	add := func(kind string, v any) {
		fields, err := settings.Fields(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			env[settings.Variable(kind, f.Name)] = f.Example
			if f.Example == "" {
				env[settings.Variable(kind, f.Name)] = "example-secret-value"
			}
		}
	}
	for _, k := range ks.Sources {
		add(k.Name, k.New())
	}
	for _, k := range ks.Messengers {
		add(k.Name, k.New())
	}
	for _, k := range messengers.AppKindsOf(ks.Messengers) {
		add(k.Name, k.New())
	}
	add("matcher", &catalogue.Matcher{})
	return env
}
