package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// brokenly has f break a store that is in use, and wants every call to say so
// from there on, and Close not to wait for what will never end.
func brokenly(t *testing.T, f func(t *testing.T, path string, db *bolt.DB)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keypull.db")
	if err := os.WriteFile(path, written(t), 0o600); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, store.Options{})
	if _, err := serves(t, db); err != nil {
		t.Fatal(err)
	}
	f(t, path, db)
	<-db.Broken()
	if err := works(t, db); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("error %v, want ErrDamaged", err)
	}
	if _, err := db.Get(t.Context(), "k.1"); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("get: error %v, want ErrDamaged", err)
	}
	if _, err := db.Queue("asks").Accept(t.Context(), []store.Entry{{ID: "lost"}}); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("accept: error %v, want ErrDamaged", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// overwrite writes over a running store's file behind its back.
func overwrite(t *testing.T, path string, at int64, b []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(b, at)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestDamageToARunningStoreEndsItWithASentence(t *testing.T) {
	garbage := make([]byte, 1<<20)
	for i := range garbage {
		garbage[i] = byte(i * 7)
	}
	for name, damage := range map[string]func(t *testing.T, path string){
		"every page":        func(t *testing.T, path string) { t.Helper(); overwrite(t, path, 2*4096, garbage) },
		"both meta pages":   func(t *testing.T, path string) { t.Helper(); overwrite(t, path, 0, garbage[:2*4096]) },
		"all bytes of it":   func(t *testing.T, path string) { t.Helper(); cutTo(t, path, 0) },
		"all but two pages": func(t *testing.T, path string) { t.Helper(); cutTo(t, path, 2*4096) },
	} {
		t.Run(name, func(t *testing.T) {
			brokenly(t, func(t *testing.T, path string, db *bolt.DB) {
				t.Helper()
				damage(t, path)
				for i := 0; db.Err() == nil && i < 10; i++ {
					_, _ = serves(t, db)
					_, _ = db.Put(t.Context(), fmt.Sprint("again.", i), nil, store.Any)
				}
			})
		})
	}
}

// TestOneLostMetaPageNeverTakesACommitBackUnnoticed damages the page of the last
// commit, or that of the one before it, which the next commit writes anew.
func TestOneLostMetaPageNeverTakesACommitBackUnnoticed(t *testing.T) {
	ended := 0
	for _, at := range []int64{0, 4096} {
		path := filepath.Join(t.TempDir(), "keypull.db")
		db := open(t, path, store.Options{})
		for i := range 3 {
			if _, err := db.Put(t.Context(), fmt.Sprint("k", i), nil, store.Any); err != nil {
				t.Fatal(err)
			}
		}
		overwrite(t, path, at, make([]byte, 4096))
		for i := 3; i < 6 && db.Err() == nil; i++ {
			if _, err := db.Put(t.Context(), fmt.Sprint("k", i), nil, store.Any); err != nil {
				break
			}
		}
		pairs, err := db.Scan(t.Context(), "", "", 10)
		switch {
		case errors.Is(err, store.ErrDamaged):
			ended++
		case err != nil || len(pairs) != 6:
			t.Errorf("%d of 6 are left, error %v", len(pairs), err)
		}
	}
	if ended != 1 {
		t.Errorf("%d of 2 ended with a sentence, want that of the last commit", ended)
	}
}

func cutTo(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsAcknowledgedIntoAFileThatIsGoneOrReplaced(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"removed":  os.Remove,
		"moved":    func(path string) error { return os.Rename(path, path+".old") },
		"replaced": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			brokenly(t, func(t *testing.T, path string, db *bolt.DB) {
				t.Helper()
				if err := lose(path); err != nil {
					t.Fatal(err)
				}
				if got, err := db.Queue("asks").Accept(t.Context(), []store.Entry{{ID: "z"}}); !errors.Is(err, store.ErrDamaged) {
					t.Errorf("accepted %+v, error %v; want ErrDamaged", got, err)
				}
			})
		})
	}
}

func TestAWriteInDoubtEndsTheStore(t *testing.T) {
	brokenly(t, func(t *testing.T, _ string, db *bolt.DB) {
		t.Helper()
		if err := db.Doubt(errors.New("input/output error")); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("error %v, want ErrDamaged", err)
		}
	})
}

func TestABucketThatLostItsNameIsASentence(t *testing.T) {
	content := written(t)
	path := filepath.Join(t.TempDir(), "keypull.db")
	for _, name := range []string{"log:asks", "logids:asks", "q:asks", "qids:asks", "meta", "kv"} {
		changed := renamed(content, name)
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, name, path); got != "sentence" {
			t.Errorf("%s with another letter: %s", name, got)
		}
	}
}

// renamed changes the last letter of a bucket's name wherever it stands as a
// whole in front of the number of a bucket's page.
func renamed(content []byte, name string) []byte {
	changed := bytes.Clone(content)
	for at := 0; ; at++ {
		i := bytes.Index(changed[at:], []byte(name))
		if i < 0 {
			return changed
		}
		at += i
		// Names stand in the list as well, and as parts of others. What follows a name
		// by itself is a number, which may be that of a new line.
		behind := changed[at+len(name):]
		if before := changed[at-1]; before == '\n' || before == 's' || before == ':' || behind[0] == '\n' && behind[1] != 0 {
			continue
		}
		changed[at+len(name)-1]++
	}
}
