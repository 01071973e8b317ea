package wal

import (
	"errors"
	"os"
	"syscall"
)

// allocate takes room on the disk for a part of a file, which reads as zeros.
func allocate(f *os.File, at, size int64) error {
	for {
		err := syscall.Fallocate(int(f.Fd()), 0, at, size) //nolint:gosec // a descriptor
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOSYS):
			return nil // then it grows as it is written
		}
		return err //nolint:wrapcheck // the caller says of what
	}
}

// Flush flushes what was written; what merely dates the file can wait.
func Flush(f *os.File) error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); !errors.Is(err, syscall.EINTR) { //nolint:gosec // a descriptor
			return err //nolint:wrapcheck // the caller says of what
		}
	}
}
