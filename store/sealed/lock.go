package sealed

import (
	"errors"
	"fmt"
	"os"
	"time"

	"keypull/store"
)

// ErrInUse: another process works with these keys.
var ErrInUse = fmt.Errorf("sealed: the keys are %w", store.ErrInUse)

// lockPause is how long to wait between two tries for a lock.
const lockPause = 20 * time.Millisecond

// errHeld: somebody else holds the lock.
var errHeld = errors.New("held")

// lock takes the file for this process; the system gives it free when the
// process ends, however it does. A predecessor that is just ending is waited for.
func lock(f *os.File, wait time.Duration) error {
	for over := time.Now().Add(wait); ; time.Sleep(lockPause) {
		err := tryLock(f)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, errHeld):
			return fmt.Errorf("lock %s: %w", f.Name(), err)
		case time.Now().After(over):
			return &sentence{kind: ErrInUse, text: f.Name() + " is held by another process, maybe with another store; stop that one, or give each store a key file of its own"}
		}
	}
}
