package bolt_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// slow is a destination that takes nothing until it is opened.
type slow struct{ begun, open chan struct{} }

func (s *slow) Write(b []byte) (int, error) {
	select {
	case s.begun <- struct{}{}:
	default:
	}
	<-s.open
	return len(b), nil
}

// TestAStoreGrowsPastItsFirstMapWhileItIsCopied has a destination that stands
// still while the file becomes many times as large: nobody waits for it.
func TestAStoreGrowsPastItsFirstMapWhileItIsCopied(t *testing.T) {
	defer bolt.SmallMaps(256 << 20)()
	db := open(t, filepath.Join(t.TempDir(), "keypull.db"), store.Options{MinFree: -1})
	w := &slow{begun: make(chan struct{}, 1), open: make(chan struct{})}
	copied := make(chan error, 1)
	go func() { _, err := db.Backup(t.Context(), w); copied <- err }()
	<-w.begun
	value := make([]byte, store.MaxValueBytes)
	for i := range 60 { // some 90 MiB, since values are moved that stand beside
		if _, err := db.Put(t.Context(), fmt.Sprint("k", i), value, store.Any); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Get(t.Context(), fmt.Sprint("k", i)); err != nil {
			t.Fatal(err)
		}
	}
	close(w.open)
	if err := <-copied; err != nil {
		t.Error(err)
	}
}

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
