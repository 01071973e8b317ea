package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// socketPath is socketFile of a store that has one.
func socketPath(store string) string {
	path, err := socketFile(store)
	if err != nil {
		panic(err)
	}
	return path
}

func TestSocketFolder(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 30), "keypull.db")
	// The test's own name must be short, for its folders' are made of it.
	dir := t.TempDir()
	folder := func(name string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own, home := folder("own", 0o700), folder("home", 0o755)
	another := "/"
	if os.Geteuid() == 0 {
		another = folder("another", 0o700)
		if err := os.Chown(another, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(own, link); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, runtime, home, folder, problem string }{
		{"the run-time folder", own, home, own, ""},
		{"a folder in the home", "", home, filepath.Join(home, ".keypull"), ""},
		{"the same again", "", home, filepath.Join(home, ".keypull"), ""},
		{"a folder that its group writes to", folder("group", 0o770), home, "", "mode 0770"},
		{"a folder that all write to", folder("shared", 0o777|os.ModeSticky), home, "", "mode 0777"},
		{"another's", another, home, "", "belongs to somebody else"},
		{"a link", link, home, "", "no folder"},
		{"one that is not there", filepath.Join(dir, "a", "b"), home, "", "can't be used"},
		{"a long one", filepath.Join(dir, strings.Repeat("x", 100)), home, "", "too long"},
		{"no home", "", "", "", "XDG_RUNTIME_DIR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("XDG_RUNTIME_DIR", tt.runtime)
			t.Setenv("HOME", tt.home)
			path, err := socketFile(long)
			if tt.problem != "" {
				if err == nil || !strings.Contains(err.Error(), tt.problem) || !strings.Contains(err.Error(), "mode 0700") {
					t.Errorf("got %s, %v", path, err)
				}
				return
			}
			if err != nil || filepath.Dir(path) != tt.folder {
				t.Fatalf("got %s, %v", path, err)
			}
			if info, err := os.Stat(tt.folder); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the folder: %v, %v", info, err)
			}
		})
	}
	if got := socketPath("keypull.db"); !strings.HasSuffix(got, "/keypull.db.sock") {
		t.Errorf("a short path: %s", got)
	}
}
