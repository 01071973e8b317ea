package sealed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"keypull/pull/private"
)

// OpenAnew opens what can be opened and makes what is missing. A file that
// cannot be opened is moved aside, and never written over; moved tells where to.
func OpenAnew(o Options, now time.Time) (r *Ring, moved []string, err error) {
	o.Fresh = true
	// Each try but the last moves one of two files.
	for range 3 {
		r, err = Open(o)
		var s *lostFile
		if !errors.As(err, &s) || !errors.Is(err, ErrLost) {
			return r, moved, err
		}
		to, err := MoveAside(s.file, o.lockTimeout(), now)
		if err != nil {
			return nil, moved, err
		}
		moved = append(moved, to)
	}
	return nil, moved, err
}

// MoveAside renames a file that no other process holds to <file>.before-<time>,
// and returns its new name.
func MoveAside(path string, wait time.Duration, now time.Time) (string, error) {
	f, err := openAside(path)
	if err != nil {
		return "", fmt.Errorf("move %s aside: %w", path, err)
	}
	defer f.Close() //nolint:errcheck // only held
	if err := lockFile(f, wait); err != nil {
		return "", err
	}
	base := path + ".before-" + now.UTC().Format("20060102T150405Z")
	to := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		to = fmt.Sprintf("%s-%d", base, n)
	}
	if err := os.Rename(path, to); err != nil {
		return "", fmt.Errorf("move %s aside: %w", path, err)
	}
	return to, private.SyncOf(path)
}
