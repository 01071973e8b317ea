package settings

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

var errDuration = errors.New(`write a duration with its unit, such as "60s", "5m", "1h30m" or "7d"`)

// ParseDuration reads a duration as people write it in settings: what
// time.ParseDuration takes, zero or more, and days in front: "7d", "1d12h".
// The longest is about 292 years.
func ParseDuration(s string) (time.Duration, error) {
	days, rest, found := strings.Cut(s, "d")
	if !found {
		return parsePositive(s)
	}
	n, err := strconv.ParseUint(days, 10, 31)
	if err != nil || n > uint64(math.MaxInt64/day) {
		return 0, errDuration
	}
	d := time.Duration(n) * day
	if rest == "" {
		return d, nil
	}
	more, err := parsePositive(rest)
	if err != nil || more > math.MaxInt64-d {
		return 0, errDuration
	}
	return d + more, nil
}

func parsePositive(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || s[0] == '+' || s[0] == '-' {
		return 0, errDuration
	}
	return d, nil
}

// FormatDuration writes d as ParseDuration reads it, in its shortest form:
// "7d", "1h30m", "90s" as "1m30s".
func FormatDuration(d time.Duration) string {
	if d <= 0 {
		return "0s"
	}
	var b strings.Builder
	if days := d / day; days > 0 {
		b.WriteString(strconv.FormatInt(int64(days), 10))
		b.WriteByte('d')
		d %= day
	}
	if d == 0 {
		return b.String()
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	b.WriteString(s)
	return b.String()
}
