//go:build unix

package holder

import (
	"os"
	"syscall"
)

// number returns what a file is called on its disk, or false if that can't be told.
func number(file os.FileInfo) (uint64, bool) {
	of, ok := file.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return of.Ino, true
}
