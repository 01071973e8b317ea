package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notOfAStart are sentences of the same files that no start is refused with, and why.
func notOfAStart() map[string]string {
	return map[string]string{
		"store.copy_there":  "of keypull backup",
		"store.copy_itself": "of keypull backup",
		"keys.other":        "of a secret that is served without",
		"cli.upgrade":       "refuses nothing",
	}
}

// TestEverySentenceThatAStartIsRefusedWithHasItsSection where the manual tells what to do.
func TestEverySentenceThatAStartIsRefusedWithHasItsSection(t *testing.T) {
	root := filepath.Join("..", "..")
	keys := map[string]bool{"standby.follows": true, "check.orphaned": true} // said among sentences of commands
	for _, place := range []string{"store/internal/engine/*.go", "store/internal/wal/*.go", "store/bolt/*.go", "store/sealed/*.go", "cmd/keypull/safe/*.go",
		"cmd/keypull/machine/*.go", "cmd/keypull/standby/epoch.go", "cmd/keypull/socketpath.go", "cmd/keypull/installation.go", "cmd/keypull/waiting.go", "store/postgres/*.go"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(place)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %q, %v", place, files, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, m := range regexp.MustCompile(`"((?:store|keys|safe|standby|cli|database)\.[a-z_]+)"`).FindAllStringSubmatch(readText(t, path), -1) {
				keys[m[1]] = true
			}
		}
	}
	for key := range notOfAStart() {
		if !keys[key] {
			t.Errorf("%s is said nowhere: take it from the table", key)
		}
		delete(keys, key)
	}
	_, section, ok := strings.Cut(readText(t, filepath.Join(root, "docs", "operators.md")), "### When a start is refused")
	if !ok {
		t.Fatal("there is no such section")
	}
	var told []string
	for _, m := range regexp.MustCompile(`<a id="([^"]+)"></a>`).FindAllStringSubmatch(section, -1) {
		if told = append(told, m[1]); !keys[m[1]] {
			t.Errorf("no start is refused with %s", m[1])
		}
	}
	for key := range keys {
		if !slices.Contains(told, key) {
			t.Errorf("docs/operators.md has no section on %s", key)
		}
	}
	if len(keys) < 30 {
		t.Errorf("only %d sentences were found", len(keys))
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path) //nolint:gosec // of this repository
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
