package machine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"keypull/pull/private"
	"keypull/pull/words"
)

// CPUTime returns what this process has used of the processor so far.
func CPUTime() time.Duration {
	var began, ended, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(windows.CurrentProcess(), &began, &ended, &kernel, &user); err != nil {
		return 0
	}
	return span(kernel) + span(user)
}

// span returns a Filetime that counts what has passed; its own Nanoseconds counts
// from 1970.
func span(t windows.Filetime) time.Duration {
	const tick = 100 * time.Nanosecond
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * tick
}

// Occupied returns what a file takes of the disk.
func Occupied(info fs.FileInfo) int64 { return info.Size() }

// Busy says whether an address is not to be had since somebody listens there.
func Busy(err error) bool { return errors.Is(err, windows.WSAEADDRINUSE) }

// Folders returns the user's own folders for what lives as long as a process, the
// best first.
func Folders() []string {
	dir, err := os.UserCacheDir()
	if err != nil || !filepath.IsAbs(dir) {
		return nil
	}
	return []string{filepath.Join(dir, "keypull")}
}

// OwnFolder makes sure that a folder is the user's own, and makes it where it
// is missing. A link is not followed: it may lead anywhere.
func OwnFolder(path string) error {
	if err := os.Mkdir(path, 0); err != nil && !errors.Is(err, fs.ErrExist) {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	info, err := os.Lstat(path)
	if err != nil {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	if !info.IsDir() {
		return words.Fail(nil, "cli.folder_none", words.Args{"folder": path})
	}
	if own, err := private.Owned(path); err != nil || !own {
		return words.Fail(err, "cli.folder_foreign", words.Args{"folder": path})
	}
	if err := private.Folder(path); err != nil {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	return nil
}

// counters is PROCESS_MEMORY_COUNTERS of psapi.h.
type counters struct {
	size, faults                             uint32
	peakWorkingSet, workingSet               uintptr
	peakPaged, paged, peakNonPaged, nonPaged uintptr
	pagefile, peakPagefile                   uintptr
}

// Resident returns how much memory the process holds in bytes, or 0 if the machine
// does not tell.
func Resident() int {
	var c counters
	c.size = uint32(unsafe.Sizeof(c))
	ask := windows.NewLazySystemDLL("kernel32.dll").NewProc("K32GetProcessMemoryInfo")
	if ask.Find() != nil {
		return 0
	}
	done, _, _ := ask.Call(uintptr(windows.CurrentProcess()), uintptr(unsafe.Pointer(&c)), uintptr(c.size))
	if done == 0 {
		return 0
	}
	return int(c.workingSet)
}
