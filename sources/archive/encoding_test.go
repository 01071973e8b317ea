package archive_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"keypull/pull"
	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

// TestALongFileOfArticlesIsReadInItsEncoding streams files whose first megabyte is plain
// ASCII; that an encoding is a guess is told.
func TestALongFileOfArticlesIsReadInItsEncoding(t *testing.T) {
	const title = "Мост через реку закрыт до пятницы"
	for name, e := range map[string]encoding.Encoding{
		"utf-8": encoding.Nop, "windows-1251": charmap.Windows1251, "utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	} {
		var file strings.Builder
		for i := range 300 {
			fmt.Fprintf(&file, `{"id":"plain%d","title":"Plain %d","text":%q,"link":"https://example.org/%d"}`+"\n", i, i, strings.Repeat("plain words ", 400), i)
		}
		fmt.Fprintf(&file, `{"id":"most","title":%q,"text":%q,"link":"https://example.org/most","published":"2026-03-01T08:00:00Z"}`+"\n", title, strings.Repeat(title+". ", 20))
		body, err := e.NewEncoder().Bytes([]byte(file.String()))
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "articles.jsonl"), body, 0o600); err != nil {
			t.Fatal(err)
		}
		env := sourcetest.Env(t, folder)
		env.Folder, env.Languages = t.TempDir(), []string{"ru"}
		source := sourcetest.Open(t, archive.Kind, env, map[string]any{"file": "articles.jsonl"})
		t.Cleanup(func() { _ = source.(pull.Closer).Close() })
		s, err := source.Fetch(t.Context(), "archive", nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found, err := source.Select(t.Context(), s, pull.Query{Argument: "мост через реку", Language: "ru", Count: 1, At: env.Clock()})
		if err != nil || len(found.Items) != 1 || found.Items[0].Title != title {
			t.Errorf("%s: found %+v, %v", name, found.Items, err)
		}
		guessed := false
		for _, w := range s.Warnings {
			guessed = guessed || strings.Contains(w.String(), "1251")
		}
		if guessed != (name == "windows-1251") {
			t.Errorf("%s: the editor is told %v", name, s.Warnings)
		}
	}
}
