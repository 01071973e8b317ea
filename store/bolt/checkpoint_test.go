package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/store"
	"keypull/store/bolt"
)

// logged opens a store and returns what it tells.
func logged(t *testing.T, path string, o store.Options) (*bolt.DB, *bytes.Buffer, error) {
	t.Helper()
	said := new(bytes.Buffer)
	o.Logger = slog.New(slog.NewTextHandler(said, nil))
	db, err := bolt.Open(path, o)
	if err == nil {
		t.Cleanup(func() { _ = db.Close() })
	}
	return db, said, err
}

// crashed copies the files of a store that is open, as they are after a crash.
func crashed(t *testing.T, path string) (at string) {
	t.Helper()
	at = filepath.Join(t.TempDir(), filepath.Base(path))
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at+strings.TrimPrefix(f, path), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return at
}

// segment returns the newest file of a store's log.
func segment(t *testing.T, path string) string {
	t.Helper()
	files, err := filepath.Glob(path + ".wal.[0-9]*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%q, error %v; want a log", files, err)
	}
	return slices.MaxFunc(files, func(a, b string) int { return len(a) - len(b) })
}

// TestALogThatIsDamagedLosesTheRecordItIsDamagedIn flips a byte of each of some
// records, or cuts the log there. Where its end is missing, only who takes what is
// there goes on.
func TestALogThatIsDamagedLosesTheRecordItIsDamagedIn(t *testing.T) {
	const things = 20
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	ends := make([]int, things) // of the log behind each thing
	for i := range things {
		if _, err := db.Put(t.Context(), fmt.Sprint("k.", i), bytes.Repeat([]byte{byte(i)}, 50+i), store.Any); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(segment(t, path))
		if err != nil {
			t.Fatal(err)
		}
		ends[i] = len(bytes.TrimRight(content, "\x00"))
	}
	for i := range things {
		for name, spoil := range map[string]func(log string) error{
			"overwritten": func(log string) error { return flipAt(log, ends[i]-10-i) },
			"cut":         func(log string) error { return os.Truncate(log, int64(ends[i]-10-i)) },
		} {
			t.Run(fmt.Sprint(name, i), func(t *testing.T) {
				at := crashed(t, path)
				if err := spoil(segment(t, at)); err != nil {
					t.Fatal(err)
				}
				endless := name == "cut" || i == things-1
				db, said, err := logged(t, at, store.Options{})
				if endless {
					if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "ends before") {
						t.Fatalf("error %v, want it refused", err)
					}
					db, said, err = logged(t, at, store.Options{Anew: true})
				}
				if err != nil || endless != strings.Contains(said.String(), "was cut") {
					t.Fatalf("error %v; it told %q", err, said)
				}
				for j := range things {
					_, err := db.Get(t.Context(), fmt.Sprint("k.", j))
					lost := j == i || name == "cut" && j > i
					if lost != errors.Is(err, store.ErrNotFound) {
						t.Errorf("thing %d: error %v; lost: %v", j, err, lost)
					}
				}
				if !endless && !strings.Contains(said.String(), fmt.Sprintf("lost=%d ", i+1)) {
					t.Errorf("it told %q", said)
				}
			})
		}
	}
}

func flipAt(file string, at int) error {
	content, err := os.ReadFile(file) //nolint:gosec // of this test
	if err != nil {
		return err
	}
	content[at] ^= 0x55
	return os.WriteFile(file, content, 0o600)
}

// TestABackupInThePlaceOfTheStoreIsWhatItWas although a log lies beside it.
func TestABackupInThePlaceOfTheStoreIsWhatItWas(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	backup := path + ".backup"
	db := open(t, path, store.Options{})
	put := func(key string) {
		if _, err := db.Put(ctx, key, nil, store.Any); err != nil {
			t.Fatal(err)
		}
	}
	put("before")
	if _, err := db.BackupFile(ctx, backup, false); err != nil {
		t.Fatal(err)
	}
	put("after")
	at := crashed(t, path)
	for round := range 3 {
		if err := os.Rename(at+".backup", at); err != nil {
			t.Fatal(err)
		}
		again, said, err := logged(t, at, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for key, there := range map[string]bool{"before": true, "after": false, "later": false} {
			if _, err := again.Get(ctx, key); there != (err == nil) {
				t.Errorf("round %d: %s: %v", round, key, err)
			}
		}
		if aside, _ := filepath.Glob(at + ".wal.*.before-*"); len(aside) == 0 || !strings.Contains(said.String(), "set aside") {
			t.Errorf("round %d: %q stand aside, and it told %q", round, aside, said)
		}
		if _, err := again.Put(ctx, "later", nil, store.Any); err != nil {
			t.Fatal(err)
		}
		at = crashed(t, at)
		if content, err := os.ReadFile(backup); err != nil || os.WriteFile(at+".backup", content, 0o600) != nil { //nolint:gosec // of this test
			t.Fatal(err)
		}
	}
}

// TestALogOfAnotherStoreIsRefused where it holds something and no copy explains it.
func TestALogOfAnotherStoreIsRefused(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	db = open(t, path, store.Options{})
	if _, err := db.Put(ctx, "k", nil, store.Any); err != nil {
		t.Fatal(err)
	}
	for name, replace := range map[string]func(at string) error{
		"an older file": func(at string) error { return os.WriteFile(at, old, 0o600) },
		"no file":       os.Remove,
	} {
		at := crashed(t, path)
		if err := replace(at); err != nil {
			t.Fatal(err)
		}
		if _, _, err := logged(t, at, store.Options{}); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "--start-anew") {
			t.Errorf("%s: error %v, want ErrDamaged and what to do", name, err)
		}
		if aside, _ := filepath.Glob(at + ".wal.*.before-*"); len(aside) != 0 {
			t.Errorf("%s: %q were set aside", name, aside)
		}
		if _, said, err := logged(t, at, store.Options{Anew: true}); err != nil || !strings.Contains(said.String(), "set aside") {
			t.Errorf("%s, anew: error %v, and it told %q", name, err, said)
		}
	}
}

// TestReadersSeeOneMomentWhileCheckpointsAreMade has writers, readers and
// checkpoints at once: what was acknowledged is never missing.
func TestReadersSeeOneMomentWhileCheckpointsAreMade(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	done := make(chan error, 1)
	go func() {
		for range 30 {
			if _, err := db.Backup(ctx, io.Discard); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for i := 0; ; i++ {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return
		default:
		}
		key, gone := fmt.Sprint("k.", i), fmt.Sprint("k.", i-1)
		if _, err := db.Put(ctx, key, []byte(key), store.Absent); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			if err := db.Delete(ctx, gone, store.Any); err != nil {
				t.Fatal(err)
			}
		}
		pairs, err := db.Scan(ctx, "k", "", 10)
		if err != nil || len(pairs) != 1 || pairs[0].Key != key || string(pairs[0].Value) != key {
			t.Fatalf("after %d: %+v, error %v", i, pairs, err)
		}
	}
}

// TestALogThatRestsIsGone once what it held is in the file, and goes on when there
// is something to write.
func TestALogThatRestsIsGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"a", "b"} {
			if _, err := db.Put(t.Context(), key, nil, store.Any); err != nil {
				t.Fatal(err)
			}
			if files, _ := filepath.Glob(path + ".wal.[0-9]*"); len(files) != 1 {
				t.Errorf("%q while %s is written", files, key)
			}
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			if files, _ := filepath.Glob(path + ".wal.*"); len(files) != 0 {
				t.Errorf("%q after a rest", files)
			}
			if _, err := db.Get(t.Context(), key); err != nil {
				t.Error(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}
