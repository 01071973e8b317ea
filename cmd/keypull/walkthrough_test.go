package main_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
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
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		binary := filepath.Join(folder, filepath.Base(name)+".test")
		// The packages have no folder that anything could be run in.
		goTool(t, "test", "-c", "-vet=off", "-overlay", file, "-o", binary, name)
		suite := exec.CommandContext(t.Context(), binary, "-test.v") //nolint:gosec // just built
		suite.Dir = folder
		out, err := suite.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS") || strings.Contains(string(out), "--- SKIP") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
