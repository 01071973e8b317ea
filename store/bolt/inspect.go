package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"keypull/store"
	"keypull/store/internal/pages"
)

// damagedFile is the sentence about a file that can't be served.
func damagedFile(path string, why any) error {
	return fmt.Errorf("the store %s is damaged (%v): put the last copy that \"keypull backup\" made in its place: %w", path, why, store.ErrDamaged)
}

// inspect looks through every page of a file before bbolt does, which ends the
// process at one that is damaged. A file that is not there, or is empty, is a new
// one. The file is held meanwhile, so that nobody writes.
// Values that are not what was written are returned.
func inspect(path string, logger *slog.Logger) ([]place, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, nil
	}
	var held *os.File
	file, err := bbolt.Open(path, 0o600, &bbolt.Options{
		ReadOnly: true, Timeout: holdTimeout,
		OpenFile: func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
			held, err = os.OpenFile(name, flag, mode) //nolint:gosec // the operator's store
			return held, err
		},
	})
	if err != nil {
		return nil, unopened(path, err)
	}
	spoiled, err := look(path, held, logger)
	return spoiled, errors.Join(err, file.Close())
}

// place is where a value stands.
type place struct{ bucket, key []byte }

// maxSpoiled bounds what one look remembers; the rest is found when it is read.
const maxSpoiled = 1000

func look(path string, held *os.File, logger *slog.Logger) (spoiled []place, err error) {
	info, err := held.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the store %s: %w", path, err)
	}
	f, err := pages.Open(held, info.Size())
	if err == nil {
		f.Walk(func(bucket, key, value []byte) bool {
			if _, sound := (guards{old: true}).open(bucket, key, value); !sound && !bytes.Equal(bucket, metaBucket) && len(spoiled) < maxSpoiled {
				spoiled = append(spoiled, place{bytes.Clone(bucket), bytes.Clone(key)})
			}
			return true
		}, func(bad error) bool { err = bad; return false })
	}
	if err != nil {
		return nil, damagedFile(path, err)
	}
	if f.Stale {
		logger.Warn("one of the two pages that say where the data is was damaged; what the last commit wrote may be lost", "store", path)
	}
	return spoiled, nil
}

// holdTimeout is long enough for a predecessor that is just ending, short enough
// for a person who waits for the sentence.
const holdTimeout = time.Second

// unopened turns what bbolt says into a sentence.
func unopened(path string, err error) error {
	var refused *fs.PathError
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("the store %s is held by another process; stop that one or use it: %w", path, store.ErrInUse)
	case errors.As(err, &refused):
		return fmt.Errorf("open store %s: %w", path, err)
	}
	return damagedFile(path, err)
}
