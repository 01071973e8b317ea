package settings

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Bytes is a size, never negative.
type Bytes int64

var errSize = errors.New(`write a size with its unit, such as "64MiB" or "1GiB"`)

// units are those of sizes, each 1,024 times the one before it.
var units = []string{"KiB", "MiB", "GiB", "TiB"}

// ParseBytes reads a size as people write it in settings: a whole number and
// KiB, MiB, GiB or TiB, as "64MiB"; without a unit, or with B, it counts bytes.
// The largest is just below 8,388,608 TiB.
func ParseBytes(s string) (Bytes, error) {
	digits, factor := strings.TrimSuffix(s, "B"), int64(1)
	for i, unit := range units {
		if rest, ok := strings.CutSuffix(s, unit); ok {
			digits, factor = rest, 1<<(10*(i+1))
		}
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || n > uint64(math.MaxInt64/factor) {
		return 0, errSize
	}
	return Bytes(int64(n) * factor), nil
}

// String writes b as ParseBytes reads it, in the largest unit of which it is a
// whole number: "64MiB", "1000B".
func (b Bytes) String() string {
	n, unit := int64(b), "B"
	for _, larger := range units {
		if n == 0 || n%1024 != 0 {
			break
		}
		n, unit = n/1024, larger
	}
	return strconv.FormatInt(n, 10) + unit
}
