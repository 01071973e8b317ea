package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/config/configtest"
	"keypull/pull/settings"
)

var updateExample = flag.Bool("update-example", false, "write config.example.toml anew")

func TestExampleIsCurrent(t *testing.T) {
	path := filepath.Join("..", "..", "config.example.toml")
	text := configtest.Example(t, allKinds())
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

func TestTheExampleOfThisBinaryServes(t *testing.T) { configtest.Run(t, allKinds()) }

func TestEveryKindIsDescribedWhole(t *testing.T) {
	ks := allKinds()
	names := map[string]bool{}
	verify := func(name, title, help string, v any) {
		if title == "" || help == "" || names[name] {
			t.Errorf("kind %q: its name is taken, or title or help are missing", name)
		}
		names[name] = true
		if err := settings.Verify(v, config.Checks()); err != nil {
			t.Errorf("kind %s: %v", name, err)
		}
	}
	for _, k := range ks.Sources {
		title, help := k.In("en")
		verify("source "+k.Name, title, help, k.New())
	}
	for _, k := range ks.Messengers {
		title, help := k.In("en")
		verify("channel "+k.Name, title, help, k.New())
	}
	if err := settings.Verify(config.Default(), config.Checks()); err != nil {
		t.Error(err)
	}
}
