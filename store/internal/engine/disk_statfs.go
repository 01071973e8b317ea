//go:build linux || darwin

package engine

import "syscall"

// diskFree says how many bytes of the disk that holds a folder are free for this
// user, and how many there are.
func diskFree(folder string) (free, whole uint64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, 0, false
	}
	size := uint64(s.Bsize) //nolint:gosec // positive
	return s.Bavail * size, s.Blocks * size, true
}
