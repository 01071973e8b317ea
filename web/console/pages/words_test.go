package pages_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keypull/web/console/pages"
)

// dynamic are the beginnings of keys that are put together at run time; every
// other key must stand somewhere as it is.
func dynamic() []string {
	return []string{"ask.outcome_", "audit.", "done.", "failure.", "language.", "month.", "nav.", "problem.person.", "reader.state_", "role.", "time.ago.", "time.in.", "today.age_none", "today.took_none", "unit."}
}

func dictionary(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := fs.ReadFile(os.DirFS("words"), language+".json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatalf("words/%s.json: %v", language, err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if got := len(lines) - 2; got != len(words) {
		t.Errorf("words/%s.json has %d lines for %d keys; write one a line, each once", language, got, len(words))
	}
	if keys := lines[1 : len(lines)-1]; !slices.IsSortedFunc(keys, byKey) {
		t.Errorf("words/%s.json is not sorted by key", language)
	}
	return words
}

// byKey compares two lines of the file by what stands in the first quotes.
func byKey(a, b string) int {
	key := func(line string) string {
		key, _, _ := strings.Cut(strings.TrimLeft(line, ` "`), `"`)
		return key
	}
	return strings.Compare(key(a), key(b))
}

func TestEveryLanguageHasTheSameWords(t *testing.T) {
	places := regexp.MustCompile(`\{[a-z_]+\}`)
	english := dictionary(t, "en")
	for _, language := range pages.Languages() {
		words := dictionary(t, language)
		for _, key := range slices.Sorted(maps.Keys(english)) {
			sentence, ok := words[key]
			if !ok || strings.TrimSpace(sentence) == "" {
				t.Errorf("%s lacks %s", language, key)
				continue
			}
			want, got := places.FindAllString(english[key], -1), places.FindAllString(sentence, -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(slices.Compact(want), slices.Compact(got)) {
				t.Errorf("%s: %s has the places %v, English %v", language, key, got, want)
			}
		}
		for key := range words {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %s, which English lacks", language, key)
			}
		}
	}
}

func TestEveryWordIsUsedAndEveryUsedWordThere(t *testing.T) {
	english := dictionary(t, "en")
	used := map[string]bool{}
	call := regexp.MustCompile(`\b(t|plural) "([a-z0-9_.-]+)"|\b(?:T|Plural)\([^",\n]*, "([a-z0-9_.-]+)"`)
	quoted := regexp.MustCompile(`"([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)"|"([a-z]+)"`)
	for _, name := range sourceFiles(t) {
		text, err := fs.ReadFile(os.DirFS(filepath.Dir(name)), filepath.Base(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			used[m[1]+m[2]] = true
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			key := m[2] + m[3]
			_, plain := english[key]
			_, one := english[key+".one"]
			_, other := english[key+".other"]
			if known := plain || one && other || slices.Contains(dynamic(), key); !known {
				t.Errorf("%s uses the word %s, which is not there", name, key)
			}
		}
	}
	for key := range english {
		stem := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		known := used[key] || used[stem] || slices.ContainsFunc(dynamic(), func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !known {
			t.Errorf("nobody uses the word %s", key)
		}
	}
}

// sourceFiles are the templates, and the Go files of this package and of the
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
		{"a large number", pages.T("fr", "preview.characters.other", "n", 12345), "12\u202f345 caractères"},
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
