package engine

import (
	"syscall"

	"go.etcd.io/bbolt"
)

// Release takes what of the file stands in memory out of this process: the
// machine may keep it in its cache, and what is read next comes from there.
func (e *Engine) Release() {
	// Within a transaction the map stays where it is. An error costs nothing
	// but that memory is kept.
	_ = e.file.bolt.View(func(tx *bbolt.Tx) error {
		if at := e.file.bolt.Info().Data; at != 0 && tx.Size() > 0 {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, at, uintptr(tx.Size()), syscall.MADV_DONTNEED) //nolint:gosec // it is positive
		}
		return nil
	})
}
