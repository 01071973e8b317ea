package main_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block is a piece of Go in the docs that names the file it would be.
var block = regexp.MustCompile("(?ms)^```go\n// ([a-z_/]+\\.go)\n\n(.*?)^```$")

// TestTheWalkThroughsOfTheDocsWork lays the kinds of docs/developers.md over
// the source tree and runs their suites.
func TestTheWalkThroughsOfTheDocsWork(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "developers.md")) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	overlay, packages := map[string]string{}, map[string]bool{}
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		file := filepath.Join(folder, strings.ReplaceAll(m[1], "/", "_"))
		if err := os.WriteFile(file, []byte(m[2]), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, filepath.FromSlash(m[1]))] = file
		packages["./"+m[1][:strings.LastIndex(m[1], "/")]] = true
	}
	const kinds = 2
	if len(packages) != kinds {
		t.Fatalf("found the packages %v, want %d", packages, kinds)
	}
	replace, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(packages))
	goTool(t, append([]string{"vet", "-overlay", file}, names...)...)
	out := string(goTool(t, append([]string{"test", "-count=1", "-v", "-overlay", file}, names...)...))
	if strings.Contains(out, "--- SKIP") || strings.Contains(out, "no tests to run") {
		t.Errorf("a suite did not run:\n%s", out)
	}
}
