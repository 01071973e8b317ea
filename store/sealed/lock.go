package sealed

import (
	"errors"
	"fmt"
	"os"
	"time"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/holder"
)

// ErrInUse says that another process works with these keys.
var ErrInUse = fmt.Errorf("sealed: the keys are %w", store.ErrInUse)

// lockPause is how long to wait between two tries for a lock.
const lockPause = 20 * time.Millisecond

// errHeld: somebody else holds the lock.
var errHeld = errors.New("held")

// lockFile takes the file for this process; the system gives it free when the
// process ends, however it does. A predecessor that is just ending is waited for.
func lockFile(f *os.File, wait time.Duration) error {
	over, again := time.NewTimer(wait), time.NewTicker(lockPause)
	defer over.Stop()
	defer again.Stop()
	for {
		err := tryLock(f)
		if err == nil {
			return nil
		}
		if !errors.Is(err, errHeld) {
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		select {
		case <-again.C:
		case <-over.C:
			if by, ok := holder.Of(f.Name()); ok {
				return words.Fail(ErrInUse, "keys.held_by", words.Args{"file": f.Name(), "pid": by.PID, "program": by.Program})
			}
			return words.Fail(ErrInUse, "keys.held", words.Args{"file": f.Name()})
		}
	}
}

// Held says that a process, of this machine or of another one that has the same folder, works
// with the keys of a file.
func Held(path string) (bool, error) {
	f, err := os.OpenFile(slotsOf(path), os.O_RDWR, 0)
	if err != nil {
		return false, err //nolint:wrapcheck // it names the file
	}
	defer f.Close() //nolint:errcheck // only looked at
	err = tryLock(f)
	if errors.Is(err, errHeld) {
		return true, nil
	}
	return false, err
}
