package bolt_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"keypull/store"
)

func TestABackupNeverReplacesTheStoreItself(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "keypull.db")
	db := open(t, path, store.Options{})
	if _, err := db.Put(t.Context(), "k", []byte("value"), store.Any); err != nil {
		t.Fatal(err)
	}
	symbolic, hard := filepath.Join(folder, "symbolic"), filepath.Join(folder, "hard")
	if err := errors.Join(os.Symlink(path, symbolic), os.Link(path, hard)); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{path, symbolic, hard, filepath.Join(folder, ".", "..", filepath.Base(folder), "keypull.db")} {
		if _, err := db.BackupFile(t.Context(), to, true); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: error %v, want it refused", to, err)
		}
	}
	if _, err := db.Put(t.Context(), "k", []byte("again"), store.Any); err != nil {
		t.Error(err)
	}
}
