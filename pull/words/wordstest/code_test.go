package wordstest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"keypull/pull/words"
	"keypull/pull/words/wordstest"
)

func TestWhatNobodySaysAndWhatStandsNowhereIsFound(t *testing.T) {
	folder := t.TempDir()
	code := `package x
import "keypull/pull/words"
var _ = words.Text{Key: "said"}
func f(s *words.Set) { s.Text("lost", nil); s.Say("de", "built_"+"a", words.Args{"n": 1}); s.Say("de", "away", words.Args{}) }`
	if err := os.WriteFile(filepath.Join(folder, "x.go"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "x.html"), []byte(`{{t "page"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := words.Load(fstest.MapFS{"en/a.json": &fstest.MapFile{
		Data: []byte(`{"said": "a", "built_a": "b", "page": "c", "idle": "d"}`),
	}}, "en")
	if err != nil {
		t.Fatal(err)
	}
	unsaid, missing, err := wordstest.Find(wordstest.Case{Set: set, Code: []string{folder}, Built: []string{"built_"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"idle"}; !slices.Equal(unsaid, want) {
		t.Errorf("nobody says %v, want %v", unsaid, want)
	}
	if want := []string{"away", "lost"}; !slices.Equal(missing, want) {
		t.Errorf("missing are %v, want %v", missing, want)
	}
}
