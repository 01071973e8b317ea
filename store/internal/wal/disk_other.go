//go:build !linux

package wal

import (
	"os"

	"keypull/pull/private"
)

// openSegment opens a segment; nothing is known of the blocks of its disk.
func openSegment(path string) (f *os.File, block int64, err error) {
	f, err = private.OpenFile(path, os.O_RDWR)
	return f, 0, err
}

// preallocate does nothing where the system has no way to take room beforehand.
func preallocate(*os.File, int64, int64) error { return nil }

// Flush flushes what was written.
func Flush(f *os.File) error { return f.Sync() } //nolint:wrapcheck // the caller says of what
