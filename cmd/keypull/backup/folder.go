package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"keypull/pull/private"
	"keypull/pull/words"
)

// folder is a Target. What lies below it keeps nothing that is replaced, as far as anybody can
// see from here.
type folder struct{ path string }

// PathOf implements Target.
func (f folder) PathOf(name string) string { return filepath.Join(f.path, name) }

// WriteCopy implements Target.
func (f folder) WriteCopy(_ context.Context, name string, write func(io.Writer) error) (int64, error) {
	return replaceFile(f.PathOf(name), write)
}

// OpenCopy implements Target.
func (f folder) OpenCopy(_ context.Context, name string) (Copy, error) {
	file, err := os.Open(f.PathOf(name))
	if err != nil {
		return Copy{}, err //nolint:wrapcheck // it names the file
	}
	info, err := file.Stat()
	if err != nil {
		return Copy{}, errors.Join(err, file.Close())
	}
	return Copy{ReaderAt: file, Closer: file, Size: info.Size()}, nil
}

// ListCopies implements Target.
func (f folder) ListCopies(context.Context) (all []CopyInfo, err error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, fmt.Errorf("look at the copies: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil { // else it is gone
			all = append(all, CopyInfo{Name: e.Name(), Written: info.ModTime()})
		}
	}
	return all, nil
}

// RemoveCopy implements Target.
func (f folder) RemoveCopy(_ context.Context, name string) error {
	return os.Remove(f.PathOf(name)) //nolint:wrapcheck // it names the file
}

// CheckForgets implements Target.
func (folder) CheckForgets(context.Context) error { return nil }

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
