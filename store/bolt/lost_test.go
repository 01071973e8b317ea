package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"keypull/store"
	"keypull/store/bolt"
)

// putAll writes some things, and getAll looks how many are there.
func putAll(t *testing.T, db *bolt.DB, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if _, err := db.Put(t.Context(), fmt.Sprint("k.", i), []byte("value"), store.Any); err != nil {
			t.Fatal(err)
		}
	}
}

func getAll(t *testing.T, db *bolt.DB) int {
	t.Helper()
	pairs, err := db.Scan(t.Context(), "k", "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	return len(pairs)
}

// segments returns the files of a store's log.
func segments(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(path + ".wal.[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(files, func(a, b string) int { return len(a) - len(b) })
	return files
}

func remove(t *testing.T, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if err := os.Remove(p); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAStoreThatLacksItsLogIsRefused has a store whose process was killed lose its
// log, or a part of it, in whatever way.
func TestAStoreThatLacksItsLogIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	putAll(t, db, 0, 10)
	early := crashed(t, path)
	if _, err := db.Backup(t.Context(), io.Discard); err != nil { // two segments are needed from here on
		t.Fatal(err)
	}
	putAll(t, db, 10, 15)
	half := crashed(t, path)
	putAll(t, db, 15, 20)
	if n := len(segments(t, path)); n != 2 {
		t.Fatalf("%d segments", n)
	}
	for name, c := range map[string]struct {
		lose func(at string)
		kept int // by a start that takes what is there
	}{
		"removed": {func(at string) { remove(t, segments(t, at)...) }, 10},
		"renamed": {func(at string) {
			for i, s := range segments(t, at) {
				if err := os.Rename(s, fmt.Sprintf("%s.%d.gz", at, i)); err != nil {
					t.Fatal(err)
				}
			}
		}, 10},
		"emptied": {func(at string) {
			for _, s := range segments(t, at) {
				if err := os.Truncate(s, 0); err != nil {
					t.Fatal(err)
				}
			}
		}, 10},
		"without the first": {func(at string) { remove(t, segments(t, at)[0]) }, 10},
		"without the last":  {func(at string) { remove(t, segments(t, at)[1]) }, 10},
		"cut": {func(at string) {
			content, err := os.ReadFile(segments(t, at)[1])
			if err == nil {
				err = os.Truncate(segments(t, at)[1], int64(len(bytes.TrimRight(content, "\x00"))-10))
			}
			if err != nil {
				t.Fatal(err)
			}
		}, 19},
		"an older copy of the last": {func(at string) { copied(t, segments(t, half)[1], segments(t, at)[1]) }, 15},
		"an older log": {func(at string) {
			remove(t, segments(t, at)...)
			for _, s := range segments(t, early) {
				copied(t, s, at+strings.TrimPrefix(s, early))
			}
		}, 10},
		"an older store": {func(at string) { copied(t, early, at) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			at := crashed(t, path)
			c.lose(at)
			for range 2 {
				_, said, err := logged(t, at, store.Options{})
				if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "--start-anew") || strings.Contains(said.String(), "damaged") {
					t.Fatalf("error %v, want one that says what to do; it told %q", err, said)
				}
			}
			again, said, err := logged(t, at, store.Options{Anew: true})
			if err != nil || !strings.Contains(said.String(), "WARN") {
				t.Fatalf("anew: error %v; it told %q", err, said)
			}
			if n := getAll(t, again); n != c.kept {
				t.Errorf("anew %d of 20 are there, want %d", n, c.kept)
			}
			putAll(t, again, 100, 101)
			at = crashed(t, at)
			if again, _, err = logged(t, at, store.Options{}); err != nil || getAll(t, again) != c.kept+1 {
				t.Errorf("what was written after that: %v", err)
			}
		})
	}
	// And where nothing is lost, nothing is said.
	again, said, err := logged(t, crashed(t, path), store.Options{})
	if err != nil || getAll(t, again) != 20 || strings.Contains(said.String(), "WARN") || strings.Contains(said.String(), "ERROR") {
		t.Errorf("error %v; it told %q", err, said)
	}
}

func copied(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestALiveFolderThatIsCopiedFileByFileIsRefused while the log goes on and is brought
// into the store.
func TestALiveFolderThatIsCopiedFileByFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	putAll(t, db, 0, 10)
	at := filepath.Join(t.TempDir(), "keypull.db")
	copied(t, path, at)
	for i := range 2 { // what the first copy needs is gone by then
		if _, err := db.Backup(t.Context(), io.Discard); err != nil {
			t.Fatal(err)
		}
		putAll(t, db, 10+10*i, 20+10*i)
	}
	for _, s := range segments(t, path) {
		copied(t, s, at+strings.TrimPrefix(s, path))
	}
	if _, _, err := logged(t, at, store.Options{}); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("error %v, want ErrDamaged", err)
	}
}

// TestALogThatGoesWhileItIsWrittenEndsTheStoreWithAllInIt by removing, renaming or
// cutting it.
func TestALogThatGoesWhileItIsWrittenEndsTheStoreWithAllInIt(t *testing.T) {
	for name, take := range map[string]func(s string) error{
		"removed": os.Remove,
		"renamed": func(s string) error { return os.Rename(s, s+".old") },
		"cut":     func(s string) error { return os.Truncate(s, 100) },
		"emptied": func(s string) error { return os.Truncate(s, 0) },
		"replaced": func(s string) error {
			return errors.Join(os.Rename(s, s+".old"), os.WriteFile(s, make([]byte, 8<<20), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keypull.db")
			synctest.Test(t, func(t *testing.T) {
				db, err := bolt.Open(path, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				putAll(t, db, 0, 10)
				if err := take(segment(t, path)); err != nil {
					t.Fatal(err)
				}
				putAll(t, db, 10, 20)
				time.Sleep(11 * time.Second)
				synctest.Wait()
				select {
				case <-db.Broken():
				default:
					t.Fatal("it goes on")
				}
				if err := db.Err(); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "wal.1") {
					t.Errorf("it ended with %v", err)
				}
				if _, err := db.Put(t.Context(), "k.more", nil, store.Any); err == nil {
					t.Error("it still takes something")
				}
				_ = db.Close()
			})
			if again, said, err := logged(t, crashed(t, path), store.Options{}); err != nil || getAll(t, again) != 20 {
				t.Errorf("error %v; it told %q", err, said)
			}
		})
	}
}

// TestAFirstStartThatWasCutIsBegunAgain whatever of the new file is on the disk.
func TestAFirstStartThatWasCutIsBegunAgain(t *testing.T) {
	for name, left := range map[string]func(path string) error{
		"an empty file":     func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"a file of nothing": func(path string) error { return os.WriteFile(path, make([]byte, 4*os.Getpagesize()), 0o600) },
		"a part":            func(path string) error { return os.WriteFile(path+".begun", []byte("part"), 0o600) },
	} {
		path := filepath.Join(t.TempDir(), "keypull.db")
		if err := left(path); err != nil {
			t.Fatal(err)
		}
		db, said, err := logged(t, path, store.Options{})
		if err != nil || said.Len() > 0 {
			t.Fatalf("%s: error %v; it told %q", name, err, said)
		}
		putAll(t, db, 0, 3)
		if _, err := os.Stat(path + ".begun"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the part is still there: %v", name, err)
		}
	}
}

// TestAStoreThatDidNotKnowItsLogIsTakenOver with what its log holds, which lies under
// its former name; the copy that is kept has all of it too.
func TestAStoreThatDidNotKnowItsLogIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	putAll(t, db, 0, 5)
	if _, err := db.Backup(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	putAll(t, db, 5, 12)
	at := formerly(t, crashed(t, path))
	again, said, err := logged(t, at, store.Options{})
	if err != nil || getAll(t, again) != 12 {
		t.Fatalf("error %v; it told %q", err, said)
	}
	if former, _ := filepath.Glob(at + ".log.[0-9]*"); len(former) > 0 {
		t.Errorf("%q lie there still", former)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(at + ".before-*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q, %v; want a copy of what it was", kept, err)
	}
	content, err := os.ReadFile(kept[0])
	if err != nil || !bytes.Contains(content, []byte("k.11")) {
		t.Errorf("the copy lacks what was in the log: %v", err)
	}
	if again, _, err = logged(t, at, store.Options{}); err != nil || getAll(t, again) != 12 {
		t.Errorf("once more: %v", err)
	}
}

// formerly makes a store that was killed one of the version before, which did not know
// its log.
func formerly(t *testing.T, at string) string {
	t.Helper()
	file, err := bbolt.Open(at, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = file.Update(func(tx *bbolt.Tx) error {
		meta := tx.Bucket([]byte("meta"))
		return errors.Join(meta.Put([]byte("format"), []byte{3}), meta.Delete([]byte("segment")))
	})
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	for _, s := range segments(t, at) {
		if err := os.Rename(s, strings.Replace(s, ".wal.", ".log.", 1)); err != nil {
			t.Fatal(err)
		}
	}
	return at
}

// TestIDsThatWereWrittenInPlainGoWhenAStoreIsTakenOver from entries that wait, and
// from what those have left that were finished: in the store, and in its log.
func TestIDsThatWereWrittenInPlainGoWhenAStoreIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	q := db.Queue("asks")
	id := func(i int) string { return fmt.Sprintf("p/c/wamid.4915112345%03d", i) }
	accept := func(q store.Queue, id string) (seq uint64, known bool) {
		t.Helper()
		got, err := q.Accept(t.Context(), []store.Entry{{ID: id, Partition: "p.ann", At: time.Now(), Payload: []byte(strings.Repeat("news", 50))}})
		if err != nil {
			t.Fatal(err)
		}
		return got[0].Seq, got[0].Duplicate
	}
	var done []uint64
	for i := range 400 {
		seq, _ := accept(q, id(i))
		if i%10 > 0 {
			done = append(done, seq)
		}
		if i%100 == 50 {
			if err := db.File(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := q.Ack(t.Context(), done...); err != nil {
		t.Fatal(err)
	}
	if err := db.File(); err != nil {
		t.Fatal(err)
	}
	accept(q, id(400))
	at := formerly(t, crashed(t, path))
	plain := func() (n int) {
		files, err := filepath.Glob(at + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.Contains(f, ".before-") {
				continue
			}
			content, err := os.ReadFile(f) //nolint:gosec // of this test
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(content, []byte("wamid.4915112345"))
		}
		return n
	}
	if plain() < 41 {
		t.Fatalf("%d ids stood there before", plain())
	}
	again := open(t, at, store.Options{})
	if n := plain(); n != 0 {
		t.Errorf("%d ids stand there still", n)
	}
	if err := again.Check(t.Context()); err != nil {
		t.Error(err)
	}
	for i := range 401 {
		if _, known := accept(again.Queue("asks"), id(i)); !known {
			t.Errorf("%s is not known any more", id(i))
		}
	}
	entries, err := again.Queue("asks").Claim(t.Context(), store.MaxPage)
	if err != nil || len(entries) != 41 || len(entries[0].Payload) != 200 {
		t.Errorf("%d entries wait, %v; want 41", len(entries), err)
	}
}
