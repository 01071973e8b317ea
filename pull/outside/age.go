package outside

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What upstream says of time is believed within these bounds.
const (
	maxAge        = 30 * 24 * time.Hour
	maxSkew       = 24 * time.Hour
	maxLifetime   = 365 * 24 * time.Hour
	maxRetryAfter = 7 * 24 * time.Hour
	// minAge is the age below which Date proves nothing: it tells whole
	// seconds, and the response was on its way for a while.
	minAge = 2 * time.Second
)

// fetched returns when the response left its origin by the age calculation of
// RFC 9111 §4.2.3: the older of what Date and Age tell, never later than its
// arrival. A Date more than a day off is a wrong clock and is not used.
func fetched(h http.Header, arrived time.Time) time.Time {
	age, _ := seconds(h.Get("Age"))
	if age > maxAge {
		age = 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		if apparent := arrived.Sub(date); apparent >= minAge && apparent <= maxSkew {
			age = max(age, apparent)
		}
	}
	return arrived.Add(-age)
}

// expires returns the end of freshness as RFC 9111 §4.2.1 finds it for a
// shared cache, counted from fetched; zero where upstream said nothing.
func expires(h http.Header, fetched time.Time) time.Time {
	control, known := lifetime(h.Values("Cache-Control"))
	if known {
		return fetched.Add(control)
	}
	text := h.Get("Expires")
	if text == "" {
		return time.Time{}
	}
	end, err := http.ParseTime(text)
	if err != nil {
		return fetched
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		date = fetched
	}
	return fetched.Add(min(max(end.Sub(date), 0), maxLifetime))
}

// lifetime reads Cache-Control: s-maxage before max-age, and none at all where
// the response must not be served again unasked.
func lifetime(values []string) (time.Duration, bool) {
	var own, shared time.Duration
	var hasOwn, hasShared bool
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			name, argument, _ := strings.Cut(strings.TrimSpace(part), "=")
			argument = strings.Trim(strings.TrimSpace(argument), `"`)
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "no-store", "no-cache":
				return 0, true
			case "max-age":
				own, hasOwn = seconds(argument)
			case "s-maxage":
				shared, hasShared = seconds(argument)
			}
		}
	}
	if hasShared {
		return min(shared, maxLifetime), true
	}
	return min(own, maxLifetime), hasOwn
}

// retryAt reads Retry-After as RFC 9110 §10.2.3 has it, seconds or a date; a
// date counts from the response's own Date, so that a wrong clock does no harm.
func retryAt(h http.Header, arrived time.Time) time.Time {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return time.Time{}
	}
	wait, ok := seconds(text)
	if !ok {
		at, err := http.ParseTime(text)
		if err != nil {
			return time.Time{}
		}
		date, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			date = arrived
		}
		wait = at.Sub(date)
	}
	if wait <= 0 {
		return time.Time{}
	}
	return arrived.Add(min(wait, maxRetryAfter))
}

// seconds reads a count of seconds, with a fraction where some servers send
// one, up to a hundred years.
func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return 0, false
	}
	const century = 100 * 365 * 24 * time.Hour
	return time.Duration(min(n, century.Seconds()) * float64(time.Second)), true
}
