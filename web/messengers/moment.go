package messengers

import (
	"strconv"
	"time"
)

// Seconds and Millis read a moment that is told as a number of them; zero where
// there is none.
func Seconds(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > lastSecond {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// Millis is Seconds for milliseconds.
func Millis(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > lastSecond*1000 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// lastSecond is that of the year 9999: no calendar goes further.
const lastSecond = 253402300799
