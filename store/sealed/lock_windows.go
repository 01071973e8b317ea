package sealed

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// lockedAt is the one byte that is locked, far behind the end: what is locked
// here nobody else can read, and copies are made while the lock is held.
const lockedAt = 1<<31 - 1

func tryLock(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: lockedAt}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errHeld
	}
	return err
}

// openAside opens a file that is renamed while it is open, which takes a handle
// that allows it. One that another process has open without that is in use.
func openAside(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
}
