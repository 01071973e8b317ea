// Package holder tells which process holds the lock of a file, where the system
// tells that: Linux, of processes that this user may look at. It locks nothing.
package holder

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Process is one that holds a lock.
type Process struct {
	// PID is its number, Program what it runs.
	PID, Program string
}

// Of returns the process that holds a file's lock (flock), or false if that can't
// be told.
func Of(path string) (Process, bool) { return in("/proc", path) }

func in(proc, path string) (Process, bool) {
	file, err := os.Stat(path)
	if err != nil {
		return Process{}, false
	}
	inode, ok := number(file)
	if !ok {
		return Process{}, false
	}
	locks, err := os.ReadFile(filepath.Join(proc, "locks")) //nolint:gosec // it is the system's own
	if err != nil {
		return Process{}, false
	}
	for line := range strings.Lines(string(locks)) {
		// "1: FLOCK  ADVISORY  WRITE 4711 fe:01:131073 0 EOF"
		const kind, pid, place = 1, 4, 5
		fields := strings.Fields(line)
		if len(fields) <= place || fields[kind] != "FLOCK" || !strings.HasSuffix(fields[place], ":"+strconv.FormatUint(inode, 10)) {
			continue
		}
		if p := (Process{PID: fields[pid]}); p.opened(proc, file) {
			name, err := os.ReadFile(filepath.Join(proc, p.PID, "comm")) //nolint:gosec // it is the system's own
			p.Program = strings.TrimSpace(string(name))
			return p, err == nil
		}
	}
	return Process{}, false
}

// opened says that the process has the file open: numbers of files are those of
// one disk, and locks name disks in a way of their own.
func (p Process) opened(proc string, file os.FileInfo) bool {
	handles, err := filepath.Glob(filepath.Join(proc, p.PID, "fd", "*"))
	if err != nil {
		return false
	}
	for _, handle := range handles {
		if open, err := os.Stat(handle); err == nil && os.SameFile(open, file) {
			return true
		}
	}
	return false
}
