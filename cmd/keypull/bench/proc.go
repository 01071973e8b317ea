package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// onLinux is why a row has no value elsewhere.
const onLinux = "is measured on Linux"

var errUntold = errors.New("the system does not tell")

// readProcField reads a number that Linux tells of a process, in bytes.
func readProcField(pid int, file, name string) (int64, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/" + file) //nolint:gosec // of the three below
	if err != nil {
		return 0, fmt.Errorf("look at the process: %w", err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != name+":" {
			continue
		}
		n, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("look at the process: %w", err)
		}
		if len(fields) == 3 { // kB
			n <<= 10
		}
		return n, nil
	}
	return 0, errUntold
}

// residentMemory returns what a process holds in memory, peak the most that it held,
// written what it has had written to the disk so far.
func residentMemory(pid int) (int64, error) { return readProcField(pid, "status", "VmRSS") }
func peakMemory(pid int) (int64, error)     { return readProcField(pid, "status", "VmHWM") }
func writtenBytes(pid int) (int64, error)   { return readProcField(pid, "io", "write_bytes") }

const mib = 1 << 20
