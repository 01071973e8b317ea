package machine

import (
	"os"
	"strconv"
	"strings"
)

// Resident returns how much memory the process holds in bytes, or 0 if the machine
// does not tell.
func Resident() int {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}
