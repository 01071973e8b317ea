package email

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What people answer from their own programs of mail is what they wrote, and no more.
func TestAnAnswerIsWhatItsWriterWrote(t *testing.T) {
	all, err := filepath.Glob("testdata/answers/*.eml")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for _, file := range all {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(file) //nolint:gosec // a file of this package
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(file, ".eml") + ".want.txt")
			if err != nil {
				t.Fatal(err)
			}
			l := open([]byte(strings.ReplaceAll(string(raw), "\n", "\r\n")))
			if l == nil {
				t.Fatal("it is no letter")
			}
			if got := whole(l) + "\n"; got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
