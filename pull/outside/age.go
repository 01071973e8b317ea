package outside

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// longest is the greatest number of seconds that a header is believed to
	// tell: RFC 9111 §1.2.2 has what is greater count as this.
	longest = 1 << 31 * time.Second
	// minAge is the age below which Date proves nothing: it tells whole
	// seconds, and the response was on its way for a while.
	minAge = 2 * time.Second
)

// responseAge returns how long ago a response left its origin, by RFC 9111 §4.2.3: the
// greater of Age and the time since Date. Date counts only beside Age or Via,
// which say that a cache or proxy stood between; from the origin itself it
// tells nothing but that server's clock. An age beyond all measure is that of
// something very old, never of something new.
//
// The time that the response took is left out: most of it is the origin at
// work, before anybody counted an age.
func responseAge(h http.Header, arrived time.Time) time.Duration {
	told, known := ageHeader(h)
	if !known && strings.TrimSpace(strings.Join(h.Values("Via"), "")) == "" {
		return 0
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return told
	}
	// Sub stops at 292 years.
	if apparent := arrived.Sub(date); apparent >= minAge {
		return max(told, min(apparent, longest))
	}
	return told
}

// ageHeader reads Age: the first member where there are several (RFC 9111 §5.1).
// What is no count of seconds counts as not there.
func ageHeader(h http.Header) (time.Duration, bool) {
	text, _, _ := strings.Cut(h.Get("Age"), ",")
	return parseWholeSeconds(text)
}

// parseWholeSeconds reads a count of whole seconds.
func parseWholeSeconds(text string) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > int64(longest/time.Second) {
		return longest, true
	}
	return time.Duration(n) * time.Second, true
}
