//go:build unix

package sealed

import (
	"errors"
	"os"
	"syscall"
)

func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return errHeld
	}
	return err
}

// openAside opens a file that is renamed while it is open.
func openAside(path string) (*os.File, error) {
	return os.Open(path) //nolint:gosec,wrapcheck // the operator's own
}
