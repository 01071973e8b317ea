package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keypull/cmd/keypull/config"
)

// of the machine are operations on files of the server: they are the socket's
// alone.
func ofTheMachine() map[string]bool {
	return map[string]bool{"store.backup": true, "keys.backup": true, "backup.make": true, "service.status": true, "service.reload": true, "key.rotate": true}
}

// TestEveryFaceDoesWhatTheOthersDo walks the list of operations, the API's
// addresses and what the pages call.
func TestEveryFaceDoesWhatTheOthersDo(t *testing.T) {
	c, found := config.Read(filepath.Join(t.TempDir(), "config.toml"), nil, func(string) (string, bool) { return "", false }, allKinds())
	if found.Errors() > 0 {
		t.Fatal(found)
	}
	h, err := openInstallation(t.Context(), c, slog.New(slog.DiscardHandler), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	paged := calledByPages(t)
	// The page on which a kind is chosen shows what kind.list lists, from the
	// same list of kinds.
	paged["kind.list"] = true
	// The page of a conversation shows the requests in it.
	paged["request.get"] = true
	// Pages ask for names by console.Names.
	paged["thing.names"] = true
	for _, o := range h.console.Operations() {
		if ofTheMachine()[o.Name] {
			if o.Path != "" || paged[o.Name] {
				t.Errorf("%s reaches files of the machine from afar", o.Name)
			}
			continue
		}
		if o.Path == "" {
			t.Errorf("the console can %s and the API can't", o.Name)
		}
		if !paged[o.Name] {
			t.Errorf("the API can %s and the console can't", o.Name)
		}
		delete(paged, o.Name)
	}
	for name := range paged {
		t.Errorf("a page calls %s, which is no operation", name)
	}
}

// calledByPages returns the operations that the pages name.
func calledByPages(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "web", "console", "site", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	named := map[string]bool{}
	call, made := regexp.MustCompile(`\b(?:console|accounts|profile|undo|corrections|links|proofs|alarms|desk)\.([A-Z]\w+)\b`), declaredOperations(t)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if name, ok := made[m[1]]; ok {
				named[name] = true
			}
		}
	}
	return named
}

// declaredOperations returns the names of operations, by the variables that hold
// their handles.
func declaredOperations(t *testing.T) map[string]string {
	t.Helper()
	declared := map[string]string{}
	handle := regexp.MustCompile(`(\w+)\s+=\s+(?:\w+\.)?Declare\[[^(]*\]\((?:\w+\.)?Declaration\{\s*Name:\s+"([a-z]+\.[a-z_]+)"`)
	for _, folder := range []string{"console", filepath.Join("console", "accounts"), filepath.Join("console", "profile"), filepath.Join("console", "undo"), filepath.Join("console", "corrections"), "links", "proofs", "alarms", "desk"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "web", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name) //nolint:gosec // a file of this repository
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range handle.FindAllStringSubmatch(string(text), -1) {
				declared[m[1]] = m[2]
			}
		}
	}
	if len(declared) < 10 {
		t.Fatalf("only %d operations are declared", len(declared))
	}
	return declared
}
