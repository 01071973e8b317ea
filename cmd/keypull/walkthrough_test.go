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
var block = regexp.MustCompile("(?s)\n```go\n// ([a-z_/]+\\.go)\n\n(.*?\n)```\n")

// message is a message file of the docs, its path behind the fence.
var message = regexp.MustCompile("(?s)\n```json ([a-z_/]+\\.json)\n(.*?\n)```\n")

// TestTheWalkThroughsOfTheDocsWork lays the kinds of docs/developers over the
// source tree and runs their suites.
func TestTheWalkThroughsOfTheDocsWork(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for _, chapter := range []string{"source.md", "messenger.md"} {
		read, err := os.ReadFile(filepath.Join(root, "docs", "developers", chapter)) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, read...)
	}
	folder := t.TempDir()
	overlay, packages := map[string]string{}, map[string]bool{}
	for _, m := range slices.Concat(block.FindAllStringSubmatch(string(text), -1), message.FindAllStringSubmatch(string(text), -1)) {
		file := filepath.Join(folder, strings.ReplaceAll(m[1], "/", "_"))
		if err := os.WriteFile(file, []byte(m[2]), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, filepath.FromSlash(m[1]))] = file
		if strings.HasSuffix(m[1], ".go") {
			packages["./"+m[1][:strings.LastIndex(m[1], "/")]] = true
		}
	}
	const kinds = 3
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

// link is a link of the docs to another file of the repository.
var link = regexp.MustCompile(`\]\(([a-zA-Z._/-]+)\)`)

func TestLinksOfTheDocsLeadSomewhere(t *testing.T) {
	root := filepath.Join("..", "..")
	var pages []string
	for _, folder := range []string{"docs", "docs/developers"} {
		found, err := filepath.Glob(filepath.Join(root, folder, "*.md"))
		if err != nil || len(found) == 0 {
			t.Fatal(folder, err)
		}
		pages = append(pages, found...)
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} {
		pages = append(pages, filepath.Join(root, name))
	}
	for _, page := range pages {
		text, err := os.ReadFile(page) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
