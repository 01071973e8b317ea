package backup

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"keypull/pull/private"
	"keypull/pull/words"
)

// replaceFile writes a file whole or not at all, reads it back, and gives it its name once it
// is on the disk, in place of one that is there.
func replaceFile(path string, write func(io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, fmt.Errorf("make the folder of copies: %w", err)
	}
	wrote := sha256.New()
	part, err := private.WriteBeside(path, func(w io.Writer) error { return write(io.MultiWriter(w, wrote)) })
	if err != nil {
		return 0, fmt.Errorf("write a copy: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	read := sha256.New()
	if size, err = copyFrom(read, part); err != nil {
		return 0, err
	}
	if !bytes.Equal(read.Sum(nil), wrote.Sum(nil)) {
		return 0, words.Fail(nil, "backup.not_read_back", words.Args{"path": path})
	}
	if err := os.Rename(part, path); err != nil {
		return 0, fmt.Errorf("name a copy: %w", err)
	}
	return size, private.SyncOf(path)
}

func copyFrom(w io.Writer, path string) (int64, error) {
	f, err := os.Open(path) //nolint:gosec // it was made here
	if err != nil {
		return 0, fmt.Errorf("read a copy back: %w", err)
	}
	n, err := io.Copy(w, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, fmt.Errorf("read a copy back: %w", err)
	}
	return n, nil
}
