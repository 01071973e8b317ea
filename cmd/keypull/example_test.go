package main

import (
	"flag"
	"path/filepath"
	"testing"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/config/configtest"
	"keypull/pull/settings"
)

var updateExample = flag.Bool("update-example", false, "write config.example.toml anew")

func TestExampleIsCurrent(t *testing.T) {
	committed(t, filepath.Join("..", "..", "config.example.toml"), configtest.Example(t, allKinds()), *updateExample)
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
