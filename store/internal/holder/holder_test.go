package holder

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestTheHolderOfALockIsTold(t *testing.T) {
	folder := t.TempDir()
	held := filepath.Join(folder, "held.db")
	other := filepath.Join(folder, "other.db")
	for _, path := range []string{held, other} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	numbered := func(path string) uint64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := number(info)
		return n
	}
	for _, tt := range []struct {
		name, lock, open string
		want             Process
	}{
		{"held", "1: FLOCK  ADVISORY  WRITE 4711 fe:01:%d 0 EOF\n", held, Process{"4711", "keypull"}},
		{"a lock of another kind", "1: POSIX  ADVISORY  WRITE 4711 fe:01:%d 0 EOF\n", held, Process{}},
		{"who waits", "1: -> FLOCK  ADVISORY  WRITE 4711 fe:01:%d 0 EOF\n", held, Process{}},
		{"a file of that number on another disk", "1: FLOCK  ADVISORY  WRITE 4711 fe:01:%d 0 EOF\n", other, Process{}},
		{"nobody", "", held, Process{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			proc := t.TempDir()
			fd := filepath.Join(proc, "4711", "fd")
			if err := os.MkdirAll(fd, 0o700); err != nil {
				t.Fatal(err)
			}
			lock := tt.lock
			if lock != "" {
				lock = fmt.Sprintf(tt.lock, numbered(held))
			}
			for path, text := range map[string]string{filepath.Join(proc, "locks"): lock, filepath.Join(proc, "4711", "comm"): "keypull\n"} {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(tt.open, filepath.Join(fd, "7")); err != nil {
				t.Fatal(err)
			}
			if got, ok := in(proc, held); got != tt.want || ok != (tt.want != Process{}) {
				t.Errorf("told %v, %v; want %v", got, ok, tt.want)
			}
		})
	}
}
