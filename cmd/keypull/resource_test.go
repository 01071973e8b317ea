package main_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mostLines is what a further resource may cost outside of its own files, words
// aside; docs/developers/console.md says so.
const mostLines = 4

// resourceLines are the lines that a resource called snippet adds to files that are
// there, behind the line that each begins with.
var resourceLines = []struct{ file, behind, line string }{
	{"pull/catalogue/publisher.go", "\tChannels ", "\tSnippets []Snippet `name:\"snippet\" label:\"Snippets\" help:\"Texts to use again.\"`"},
	{"pull/catalogue/resource.go", "var parts = []row{", "\tlist(ResourceSnippet, func(p *Publisher) *[]Snippet { return &p.Snippets }, func(s *Snippet) string { return s.ID }, nil),"},
	{"web/console/publishing.go", "\t\tpublishers{p}.operations(), ", "\t\tsnippets{p}.operations(),"},
	{"web/console/site/site.go", "\ts.sourceRoutes()", "\ts.snippetRoutes()"},
}

// resourceWords are what the pages of the resource say.
var resourceWords = map[string]string{
	"nav.snippets": "Snippets", "snippet.lead": "Texts to use again.", "snippet.new": "New snippet", "snippet.new_lead": "A text to use again.",
	"snippet.first": "Write the first", "snippet.none": "No snippet yet", "snippet.none_text": "Write one.", "snippet.delete": "Delete",
	"snippet.delete_title": "Delete {name}?", "snippet.delete_text": "It is gone then.", "done.snippet_saved": "Saved.", "done.snippet_deleted": "Deleted.",
	"audit.snippet.create": "added a snippet", "audit.snippet.update": "changed a snippet", "audit.snippet.delete": "deleted a snippet",
}

// TestAResourceCostsItsOwnFilesAndFourLines lays the resource of testdata/resource over the
// source tree, and walks it through page, API and command line.
func TestAResourceCostsItsOwnFilesAndFourLines(t *testing.T) {
	t.Parallel()
	if len(resourceLines) > mostLines {
		t.Errorf("a resource costs %d lines outside of its own files", len(resourceLines))
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	o := overlay{t: t, root: root, folder: t.TempDir(), replace: map[string]string{}}
	own := filepath.Join("testdata", "resource")
	err = filepath.WalkDir(own, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // a file of this repository
		o.put(strings.TrimPrefix(filepath.ToSlash(path), "testdata/resource/"), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range resourceLines {
		o.add(l.file, l.behind, l.line)
	}
	o.say(resourceWords)

	o.passes("cmd/keypull", "TestSnippets")
}

// overlay is the source tree with some files changed.
type overlay struct {
	t            *testing.T
	root, folder string
	replace      map[string]string
}

// passes builds the tests of a package with the changed files, and holds that one
// of them passes. Most of the program depends on what has changed: not to optimise it
// takes a third of the time away.
func (o overlay) passes(folder, test string) {
	o.t.Helper()
	binary := filepath.Join(o.folder, "overlaid.test")
	goTool(o.t, "test", "-c", "-vet=off", "-gcflags=keypull/...=-N -l", "-ldflags=-w", "-overlay", o.file(), "-o", binary, "./"+folder)
	run := exec.CommandContext(o.t.Context(), binary, "-test.v", "-test.run", "^"+test) //nolint:gosec // just built
	run.Dir = filepath.Join(o.root, filepath.FromSlash(folder))
	if out, err := run.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+test) {
		o.t.Errorf("%v\n%s", err, out)
	}
}

// put has a file of the tree be another one.
func (o overlay) put(name, text string) {
	o.t.Helper()
	file := filepath.Join(o.folder, strings.ReplaceAll(name, "/", "_"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	o.replace[filepath.Join(o.root, filepath.FromSlash(name))] = file
}

func (o overlay) read(name string) string {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.root, filepath.FromSlash(name)))
	if err != nil {
		o.t.Fatal(err)
	}
	return string(text)
}

// add puts a line behind the first one that begins so.
func (o overlay) add(name, behind, line string) {
	o.t.Helper()
	before, rest, ok := strings.Cut(o.read(name), "\n"+behind)
	first, after, whole := strings.Cut(rest, "\n")
	if !ok || !whole {
		o.t.Fatalf("no line of %s begins with %q", name, behind)
	}
	o.put(name, before+"\n"+behind+first+"\n"+line+"\n"+after)
}

// say adds words to the console's, in every language that it speaks.
func (o overlay) say(words map[string]string) {
	o.t.Helper()
	files, err := filepath.Glob(filepath.Join(o.root, "pull", "words", "*", "console.json"))
	if err != nil || len(files) == 0 {
		o.t.Fatal(files, err)
	}
	for _, file := range files {
		name := "pull/words/" + filepath.Base(filepath.Dir(file)) + "/console.json"
		var all map[string]any
		if err := json.Unmarshal([]byte(o.read(name)), &all); err != nil {
			o.t.Fatal(err)
		}
		for key, text := range words {
			all[key] = text
		}
		text, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			o.t.Fatal(err)
		}
		o.put(name, string(text))
	}
}

// file describes the overlay to the go command.
func (o overlay) file() string {
	o.t.Helper()
	text, err := json.Marshal(map[string]any{"Replace": o.replace})
	if err != nil {
		o.t.Fatal(err)
	}
	name := filepath.Join(o.folder, "overlay.json")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		o.t.Fatal(err)
	}
	return name
}
