package pages_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/web/console/pages"
)

func TestEveryUsedWordIsThere(t *testing.T) {
	call := regexp.MustCompile(`\b(?:t|plural) "([a-z0-9_.-]+)"|\b(?:T|Plural)\([^",\n]*, "([a-z0-9_.-]+)"`)
	for _, name := range sourceFiles(t) {
		text, err := fs.ReadFile(os.DirFS(filepath.Dir(name)), filepath.Base(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if key := m[1] + m[2]; !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, "_") && !pages.Has(key) {
				t.Errorf("%s uses the word %s, which is not there", name, key)
			}
		}
	}
}

// sourceFiles returns the templates, and the Go files of this package and of the
// site that shows it, tests aside.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	views, err := filepath.Glob("views/*.html")
	if err != nil {
		t.Fatal(err)
	}
	all := views
	for _, pattern := range []string{"*.go", "../site/*.go"} {
		goFiles, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, goFiles...)
	}
	all = slices.DeleteFunc(all, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	if len(all) < 10 {
		t.Fatalf("only %d files are looked through", len(all))
	}
	return all
}

func TestWordsAreSpokenInTheEditorsLanguage(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"a word", pages.T("fr", "nav.today"), "Aujourd’hui"},
		{"a region", pages.T("de-AT", "nav.today"), "Heute"},
		{"capitals", pages.T("FR", "nav.today"), "Aujourd’hui"},
		{"a language that is not spoken", pages.T("pt", "nav.today"), "Today"},
		{"no language", pages.T("", "nav.today"), "Today"},
		{"a key that is none", pages.T("fr", "nav.nowhere"), "nav.nowhere"},
		{"a place", pages.T("de", "copy.do", "what", "Adresse"), "Kopieren: Adresse"},
		{"a place is filled once", pages.T("en", "field.entry", "entry", "{problem}", "problem", "x"), "{problem}: x"},
		{"a large number", pages.Plural("fr", "preview.characters", 12345), "12\u202f345 caractères"},
		{"one", pages.Plural("en", "preview.segments", 1), "1 segment"},
		{"none", pages.Plural("en", "preview.segments", 0), "0 segments"},
		{"none in French", pages.Plural("fr", "form.problems", 0), "Un point demande votre attention"},
		{"many", pages.Plural("de", "preview.segments", 1200), "1.200 Segmente"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}
