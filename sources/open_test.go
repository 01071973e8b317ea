package sources_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"keypull/sources"
)

func TestAFileIsReadOnceAndWithinItsLimit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "prices.csv")
	if err := os.WriteFile(path, []byte("name,price\nBrot,3.20\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	body, stamp, err := sources.ReadFile(path, 21, "")
	if err != nil || len(body) != 21 || stamp == "" {
		t.Fatalf("it reads %q with the stamp %q, %v", body, stamp, err)
	}
	if body, again, err := sources.ReadFile(path, 21, stamp); body != nil || again != stamp || err != nil {
		t.Errorf("a file that is what it was is read again: %q, %v", body, err)
	}
	if _, _, err := sources.ReadFile(path, 20, ""); !errors.Is(err, sources.ErrTooLong) {
		t.Errorf("a file beyond the limit is %v; want %v", err, sources.ErrTooLong)
	}
	if _, _, err := sources.ReadFile(filepath.Dir(path), 20, ""); err == nil {
		t.Error("a folder passes for a file")
	}
}
