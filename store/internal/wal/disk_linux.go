package wal

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"keypull/pull/private"
)

// openSegment opens a segment to be written in blocks of the disk, past the system's
// cache, where its file system says how large these are: a flush then writes what was
// appended, and not the page that it lies in. block is 0 elsewhere.
//
// A durable append of 3 kB takes 29 to 46 % less so, one of 1.2 kB 4 to 12 % (the
// median of 2,500 in turn with as many through the cache, ext4);
// TestBlocksHoldWhatPlainWritesDo holds the two against each other.
func openSegment(path string) (f *os.File, block int64, err error) {
	if f, err = private.OpenFile(path, os.O_RDWR); err != nil {
		return nil, 0, err
	}
	var st unix.Statx_t
	if unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_DIOALIGN, &st) != nil ||
		st.Dio_offset_align == 0 || page%st.Dio_offset_align != 0 || page%max(st.Dio_mem_align, 1) != 0 {
		return f, 0, nil //nolint:nilerr // the system's cache does as well
	}
	direct, err := private.OpenFile(path, os.O_RDWR|syscall.O_DIRECT)
	if err != nil {
		return f, 0, nil //nolint:nilerr // the system's cache does as well
	}
	return direct, int64(st.Dio_offset_align), f.Close()
}

// preallocate takes room on the disk for a part of a file, which reads as zeros.
func preallocate(f *os.File, at, size int64) error {
	for {
		err := syscall.Fallocate(int(f.Fd()), 0, at, size)
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
		if err := syscall.Fdatasync(int(f.Fd())); !errors.Is(err, syscall.EINTR) {
			return err //nolint:wrapcheck // the caller says of what
		}
	}
}
