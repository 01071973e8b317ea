package sealed_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"keypull/store"
	"keypull/store/sealed"
)

func TestFilesAreMadeForTheirOwnerOnly(t *testing.T) {
	_, path := fresh(t)
	for _, name := range []string{path, path + ".slots"} {
		info := must[os.FileInfo](t)(os.Stat(name))
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, mode)
		}
	}
	if entries := must[[]os.DirEntry](t)(os.ReadDir(filepath.Dir(path))); len(entries) != 2 {
		t.Errorf("%d files, want 2", len(entries))
	}
}

func TestFilesThatAreNotAsTheyShouldBeAreRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(path string) error
		want  string
	}{
		{"a key file that others may read", func(p string) error { return os.Chmod(p, 0o640) }, "run chmod 600"},     //nolint:gosec // to be refused
		{"slots that others may read", func(p string) error { return os.Chmod(p+".slots", 0o604) }, "run chmod 600"}, //nolint:gosec // to be refused
		{"an empty key file", func(p string) error { return os.Truncate(p, 0) }, "damaged"},
		{"a key file cut short", func(p string) error { return os.Truncate(p, 40) }, "damaged"},
		{"a key file with more in it", func(p string) error {
			return os.WriteFile(p, []byte(strings.Repeat("ab", 40)), 0o600)
		}, "damaged"},
		{"a key file with other letters", func(p string) error {
			return os.WriteFile(p, []byte(strings.Repeat("xy", 32)), 0o600)
		}, "damaged"},
		{"a folder in place of the key file", func(p string) error {
			return errors.Join(os.Remove(p), os.Mkdir(p, 0o700))
		}, "no regular file"},
		{"slots of another key file", func(p string) error {
			return os.WriteFile(p, []byte(strings.Repeat("ab", 32)), 0o600)
		}, "does not belong to the key file"},
		{"something else in place of the slots", func(p string) error {
			return os.WriteFile(p+".slots", bytes.Repeat([]byte("x"), 500), 0o600)
		}, "does not belong to the key file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, path := fresh(t)
			if err := errors.Join(r.Close(), c.spoil(path)); err != nil {
				t.Fatal(err)
			}
			_, err := sealed.Open(sealed.Options{Path: path})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestOneKeyFileIsMadeHoweverManyStartAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.key")
	var group sync.WaitGroup
	names := make([]string, 20)
	for i := range names {
		group.Go(func() {
			r, err := sealed.Open(sealed.Options{Path: path, Fresh: true})
			if errors.Is(err, sealed.ErrInUse) {
				return // on a machine that is busy enough
			}
			if err != nil {
				t.Error(err)
				return
			}
			names[i] = r.Pseudonym("reader")
			_ = r.Close()
		})
	}
	group.Wait()
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if names = slices.Compact(names); len(names) != 1 {
		t.Fatalf("%s: one key was to be made", names)
	}
}

func TestABackupOpensWhatWasSealed(t *testing.T) {
	r, _ := fresh(t)
	reader := must[store.Slot](t)(r.NewReader())
	b := ofReader(t, r, reader, "document")
	path := filepath.Join(t.TempDir(), "copy.key")
	for range 2 { // the second replaces the first
		if err := r.BackupFiles(path); err != nil {
			t.Fatal(err)
		}
	}
	if got, _, err := again(t, path).OpenReader(here, b); string(got) != "document" || err != nil {
		t.Errorf("got %q, error %v", got, err)
	}
}

func TestSlotsThatGotLostStartAnew(t *testing.T) {
	for name, cut := range map[string]int64{"the last slot": 64, "half a slot": 100} {
		t.Run(name, func(t *testing.T) {
			r, path := fresh(t)
			old := ofReader(t, r, must[store.Slot](t)(r.NewReader()), "document")
			if err := errors.Join(r.Close(), os.Truncate(path+".slots", cut)); err != nil {
				t.Fatal(err)
			}
			r = open(t, path)
			_, _, err := r.OpenReader(here, old)
			wants(t, "before the slot is used again", err, sealed.ErrErased)
			reader := must[store.Slot](t)(r.NewReader())
			_, _, err = r.OpenReader(here, old)
			wants(t, "after the slot is used again", err, sealed.ErrErased)
			b := ofReader(t, r, reader, "new")
			if got, _, err := again(t, path).OpenReader(here, b); string(got) != "new" || err != nil {
				t.Errorf("got %q, error %v", got, err)
			}
		})
	}
}

func TestADamagedSlotIsAnErrorThatNamesIt(t *testing.T) {
	r, path := fresh(t)
	b := ofReader(t, r, must[store.Slot](t)(r.NewReader()), "document")
	content := must[[]byte](t)(os.ReadFile(path + ".slots")) //nolint:gosec // of this test
	content[100] ^= 1
	if err := os.WriteFile(path+".slots", content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := again(t, path).OpenReader(here, b)
	if !errors.Is(err, sealed.ErrErased) || !strings.Contains(err.Error(), "slot 1 of ") {
		t.Errorf("error %v", err)
	}
}
