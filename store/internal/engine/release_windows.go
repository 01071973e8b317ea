package engine

import (
	"go.etcd.io/bbolt"
	"golang.org/x/sys/windows"
)

// Release takes what of the file stands in memory out of this process: the
// machine may keep it in its cache, and what is read next comes from there.
func (e *Engine) Release() {
	// Within a transaction the map stays where it is. Pages that were never
	// locked leave the working set by being unlocked, and the error says just
	// that they were not.
	_ = e.file.bolt.View(func(tx *bbolt.Tx) error {
		if at := e.file.bolt.Info().Data; at != 0 && tx.Size() > 0 {
			_ = windows.VirtualUnlock(at, uintptr(tx.Size()))
		}
		return nil
	})
}
