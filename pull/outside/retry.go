package outside

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter is how long a host is left alone at most, whatever it asks for.
const maxRetryAfter = 24 * time.Hour

// retryAt reads Retry-After as RFC 9110 §10.2.3 has it, seconds or a date; a
// date counts by the host's own clock, which stands at Date and the age since,
// so that a wrong one does no harm.
func retryAt(h http.Header, arrived time.Time) time.Time {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return time.Time{}
	}
	wait, ok := parseSeconds(text)
	if at, err := http.ParseTime(text); err == nil {
		wait, ok = at.Sub(arrived), true
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			wait = at.Sub(date) - responseAge(h, arrived)
		}
	}
	if !ok || wait <= 0 {
		return time.Time{}
	}
	return arrived.Add(min(wait, maxRetryAfter))
}

// parseSeconds reads seconds, with a fraction where some servers send one.
func parseSeconds(text string) (time.Duration, bool) {
	whole, fraction, found := strings.Cut(text, ".")
	wait, ok := parseWholeSeconds(whole)
	if !ok || !found {
		return wait, ok
	}
	if strings.Trim(fraction, "0123456789") != "" {
		return 0, false
	}
	part, err := strconv.ParseFloat("0."+fraction, 64)
	if err != nil {
		return 0, false
	}
	return wait + time.Duration(part*float64(time.Second)), true
}
