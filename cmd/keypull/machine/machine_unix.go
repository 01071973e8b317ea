//go:build unix

package machine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"keypull/pull/words"
)

// A folder is made so that nobody else can reach into it; in one that is there
// nobody else may write.
const (
	privateMode = 0o700
	othersWrite = 0o022
)

// CPUTime returns what this process has used of the processor so far.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Occupied returns what a file takes of the disk, which may be less than its length.
func Occupied(info fs.FileInfo) int64 {
	const block = 512 // whatever the disk's own are
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Blocks * block
	}
	return info.Size()
}

// Busy says whether an address is not to be had since somebody listens there.
func Busy(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// Folders returns the user's own folders for what lives as long as a process, the
// best first.
func Folders() []string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		return []string{dir}
	}
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return nil
	}
	return []string{filepath.Join(home, ".keypull")}
}

// OwnFolder makes sure that a folder is the user's own, and makes it where it
// is missing. A link is not followed: it may lead anywhere.
func OwnFolder(path string) error {
	if err := os.Mkdir(path, privateMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	info, err := os.Lstat(path)
	if err != nil {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return words.Fail(nil, "cli.folder_none", words.Args{"folder": path})
	case !ok || int(owner.Uid) != os.Geteuid():
		return words.Fail(nil, "cli.folder_foreign", words.Args{"folder": path})
	case info.Mode().Perm()&othersWrite != 0:
		return words.Fail(nil, "cli.folder_open", words.Args{"folder": path, "mode": fmt.Sprintf("%04o", info.Mode().Perm())})
	}
	return nil
}
