package machine

import (
	"math"
	"os"
	"syscall"
)

// Files returns how many files and connections this process has open, and how many it may have; zeros where the
// system does not tell.
func Files() (open, most int) {
	var limit syscall.Rlimit
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil || syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0, 0
	}
	return len(all), int(min(limit.Cur, math.MaxInt32))
}
