package eval

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
)

// TestPlainRequestsAreAnswered puts everyday keywords into the plain frames in
// which people ask for something. Each file holds the keywords of one language in
// its first line, parted by |, and a frame in each other, with {} for the keyword.
func TestPlainRequestsAreAnswered(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/frames/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d languages: %v", len(files), err)
	}
	var ran, all int
	for _, file := range files {
		language := strings.TrimSuffix(filepath.Base(file), ".txt")
		raw, err := os.ReadFile(file) //nolint:gosec // of the folder above
		if err != nil {
			t.Fatal(err)
		}
		first, rest, _ := strings.Cut(string(raw), "\n")
		words := strings.Split(strings.TrimPrefix(first, "# "), "|")
		frames := strings.Split(strings.TrimSpace(rest), "\n")
		ix := everyday(language, words)
		answered, n := 0, 0
		for _, frame := range frames {
			for _, word := range words {
				m := ix.Match(strings.ReplaceAll(frame, "{}", word), language)
				n++
				switch {
				case m.Decision == what.None:
				case !slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool { return c.Keyword == word }):
					t.Errorf("%s: %q with %q: %s %v", language, frame, word, m.Decision, m.Candidates)
				case m.Decision == what.Run:
					ran++
					answered++
				default:
					answered++
				}
			}
		}
		if all += n; n < 45*8 || answered*100 < n*95 {
			t.Errorf("%s: %d of %d requests are answered or offered, want 95 %%", language, answered, n)
		}
	}
	if ran*100 < all*93 {
		t.Errorf("%d of %d requests are answered, want 93 %%", ran, all)
	}
}

// everyday returns an outlet with a keyword for each word.
func everyday(language string, words []string) *what.Index {
	return everydayWith(what.ArgumentNone, language, words)
}

func everydayWith(argument what.Argument, language string, words []string) *what.Index {
	all := make([]what.Keyword, len(words))
	for i, word := range words {
		all[i] = what.Keyword{ID: word, Argument: argument, Phrases: map[string][]string{language: {word}}}
	}
	return what.NewIndex(all, what.Options{})
}
