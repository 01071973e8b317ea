package cli

import (
	"strconv"
	"strings"
)

// Release returns the three numbers of a version: major, minor, patch. What stands behind them is
// left out, and a number that is none is 0.
func Release(version string) (numbers [3]int) {
	version, _, _ = strings.Cut(version, "+")
	version, _, _ = strings.Cut(version, "-")
	for i, part := range strings.SplitN(version, ".", len(numbers)) {
		numbers[i], _ = strconv.Atoi(part)
	}
	return numbers
}
