package text_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"keypull/sources/sourcetest"
	"keypull/sources/text"
)

func TestTheEditorIsToldThatTheEncodingOfAnswersIsAGuess(t *testing.T) {
	const sheet = "# Když je zavřeno?\nŽluťoučký kůň úpěl ďábelské ódy.\n"
	foreign, err := charmap.Windows1250.NewEncoder().String(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{"guessed": foreign, "plain": sheet} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "faq.md"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		env := sourcetest.Env(t, folder)
		env.Languages = []string{"cs"}
		s, err := sourcetest.Open(t, text.Kind, env, map[string]any{"file": "faq.md"}).Fetch(t.Context(), "text", nil)
		if err != nil || len(s.Items) != 1 || s.Items[0].Body != "Žluťoučký kůň úpěl ďábelské ódy." {
			t.Fatalf("%s: %+v, %v", name, s.Items, err)
		}
		if warned := len(s.Warnings) == 1 && s.Warnings[0].Key == "source.encoding_guessed"; warned != (name == "guessed") {
			t.Errorf("%s: the editor is told %v", name, s.Warnings)
		}
	}
}
