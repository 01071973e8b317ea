package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

var updateExample = flag.Bool("update-example", false, "write config.example.toml anew")

func example(t *testing.T, ks kinds) string {
	t.Helper()
	text, err := exampleConfig(ks)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestExampleIsCurrent(t *testing.T) {
	path := filepath.Join("..", "..", "config.example.toml")
	text := example(t, allKinds())
	if *updateExample {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(path) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), text); diff != "" {
		t.Errorf("write it anew by: keypull config > config.example.toml\n%s", diff)
	}
}

func TestExampleServesAsItStands(t *testing.T) {
	for name, ks := range map[string]kinds{"the kinds of this binary": allKinds(), "the kinds of these tests": testKinds()} {
		t.Run(name, func(t *testing.T) {
			text := example(t, ks)
			if found := loadExample(t, text, ks, nil); len(found) > 0 {
				t.Errorf("%v in\n%s", found, text)
			}
		})
	}
}

func TestExampleServesWithEveryTableSwitchedOn(t *testing.T) {
	one := regexp.MustCompile(`(?m)^( *)#([^ \n])`)
	keep := regexp.MustCompile(`(?m)^( *)#([a-z])`)
	for name, ks := range map[string]kinds{"the kinds of this binary": allKinds(), "the kinds of these tests": testKinds()} {
		t.Run(name, func(t *testing.T) {
			text := example(t, ks)
			at := strings.Index(text, "#[[")
			if at < 0 {
				at = len(text)
			}
			// The tables before the first that is off keep their optional keys off.
			text = keep.ReplaceAllString(text[:at], "$1##$2") + text[at:]
			expectValid(t, one.ReplaceAllString(text, "$1$2"), ks)
		})
	}
}

func TestExampleIsValidWithEverythingSwitchedOn(t *testing.T) {
	all := regexp.MustCompile(`(?m)^( *)##?([^ #\n])`)
	for name, ks := range map[string]kinds{"the kinds of this binary": allKinds(), "the kinds of these tests": testKinds()} {
		t.Run(name, func(t *testing.T) {
			expectValid(t, all.ReplaceAllString(example(t, ks), "$1$2"), ks)
		})
	}
}

// expectValid wants no finding but two that are right: a secret without an
// example may be refused by its kind, since nobody prints a token that looks
// true, and a kind may say that two of its keys exclude each other.
func expectValid(t *testing.T, text string, ks kinds) {
	t.Helper()
	for _, f := range loadExample(t, text, ks, exampleSecrets(t, ks)) {
		line := strings.Split(text, "\n")[max(f.Line-1, 0)]
		secret := strings.Contains(line, `= "${`) && f.Code != "env"
		if !secret && f.Code != "settings" {
			t.Errorf("%v in\n%s", f, line)
		}
	}
}

// loadExample returns everything there is to say about the text.
func loadExample(t *testing.T, text string, ks kinds, env map[string]string) findings {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, found := loadConfig(path, environment(env), ks)
	return append(found, c.lint(allKinds())...)
}

// exampleSecrets are the variables that the example names: each secret's own
// example, else a word.
func exampleSecrets(t *testing.T, ks kinds) map[string]string {
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
	for _, k := range ks.sources {
		add(k.Name, k.New())
	}
	for _, k := range ks.messengers {
		add(k.Name, k.New())
	}
	add("matcher", &catalogue.Matcher{})
	return env
}

func TestEveryKindIsDescribedWhole(t *testing.T) {
	ks := allKinds()
	names := map[string]bool{}
	verify := func(name, title, help string, v any) {
		if title == "" || help == "" || names[name] {
			t.Errorf("kind %q: its name is taken, or title or help are missing", name)
		}
		names[name] = true
		if err := settings.Verify(v, checks()); err != nil {
			t.Errorf("kind %s: %v", name, err)
		}
	}
	for _, k := range ks.sources {
		verify("source "+k.Name, k.Title, k.Help, k.New())
	}
	for _, k := range ks.messengers {
		verify("channel "+k.Name, k.Title, k.Help, k.New())
	}
	if err := settings.Verify(defaultConfig(), checks()); err != nil {
		t.Error(err)
	}
}
