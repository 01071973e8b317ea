//go:build !linux && !windows

package machine

// Resident is 0: what the process holds is not told here without cgo. What the
// heap may grow to is bounded all the same.
func Resident() int { return 0 }
