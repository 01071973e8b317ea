package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/holder"
	"keypull/store/internal/pages"
)

// damagedFile returns the sentence about a file that can't be served.
func damagedFile(path string, why words.Text) error {
	return words.Fail(store.ErrDamaged, "store.damaged", words.Args{"store": path, "reason": why})
}

// inspectFile looks through every page of a file before bbolt does, which ends the
// process at one that is damaged. A file that is not there, or is empty, is a new
// one. The file is held meanwhile, so that nobody writes.
func inspectFile(path string, logger *slog.Logger) (*inspection, error) {
	if neverWritten(path) {
		return newInspection(), nil
	}
	var held *os.File
	file, err := bbolt.Open(path, 0o600, &bbolt.Options{
		ReadOnly: true, Timeout: lockTimeout,
		OpenFile: func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
			held, err = os.OpenFile(name, flag, mode) //nolint:gosec // the operator's store
			return held, err
		},
	})
	if err != nil {
		return nil, openError(path, err)
	}
	f, err := inspectPages(path, held, logger)
	return f, errors.Join(err, file.Close())
}

func inspectPages(path string, held *os.File, logger *slog.Logger) (*inspection, error) {
	info, err := held.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the store %s: %w", path, err)
	}
	there := newInspection()
	f, err := pages.Open(held, info.Size())
	if err == nil {
		there.commit = f.Commit()
		f.Walk(func(bucket, key, value []byte) bool {
			there.addValue(bucket, key, value)
			return true
		}, func(bad error) bool { err = bad; return false })
	}
	if err != nil {
		return nil, damagedFile(path, words.Said(err))
	}
	if f.Stale {
		logger.Warn("one of the two pages that say where the data is was damaged; what the last commit wrote may be lost", "store", path)
	}
	there.endBucket()
	return there, nil
}

// lockTimeout is long enough for a predecessor that is just ending, short enough
// for a person who waits for the sentence.
const lockTimeout = time.Second

// openError batches what bbolt says into a sentence.
func openError(path string, err error) error {
	var refused *fs.PathError
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		if by, ok := holder.Of(path); ok {
			return words.Fail(store.ErrInUse, "store.held_by", words.Args{"store": path, "pid": by.PID, "program": by.Program})
		}
		return words.Fail(store.ErrInUse, "store.held", words.Args{"store": path})
	case errors.As(err, &refused):
		return fmt.Errorf("open store %s: %w", path, err)
	}
	return damagedFile(path, words.Said(err))
}
