package backup

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"keypull/pull/private"
	"keypull/pull/words"
)

// replaceFile writes a file whole or not at all, reads it back, and gives it its name once it
// is on the disk, in place of one that is there.
func replaceFile(path string, write func(io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, fmt.Errorf("make the folder of copies: %w", err)
	}
	part, err := private.Beside(path)
	if err != nil {
		return 0, fmt.Errorf("begin a copy: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part.Name())
		}
	}()
	wrote := sha256.New()
	err = write(io.MultiWriter(part, wrote))
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return 0, fmt.Errorf("write a copy: %w", err)
	}
	read := sha256.New()
	if size, err = copyFrom(read, part.Name()); err != nil {
		return 0, err
	}
	if !bytes.Equal(read.Sum(nil), wrote.Sum(nil)) {
		return 0, words.Fail(nil, "backup.not_read_back", words.Args{"path": path})
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return 0, fmt.Errorf("name a copy: %w", err)
	}
	return size, syncFolder(filepath.Dir(path))
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

// syncFolder makes the names in a folder durable, where the system has a way.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path) //nolint:gosec // the operator named it
	if err != nil {
		return fmt.Errorf("look at the folder of copies: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("keep the names of copies: %w", err)
	}
	return nil
}
