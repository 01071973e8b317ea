package messengers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"keypull/pull/outside"
	"keypull/pull/words"
)

// defaultWait is how long a platform is left alone that asks for a pause and
// does not say for how long.
const defaultWait = 30 * time.Second

// Failed sorts a request that brought no response: what may have arrived is
// uncertain, what the guard refuses can never leave, and all else is tried
// again.
func Failed(err error) *SendError {
	e := &SendError{Fault: Temporary, Err: err}
	var trip *outside.Error
	switch {
	case !errors.As(err, &trip):
	case trip.Sent:
		e.Fault = Uncertain
	case trip.Reason == outside.Refused || trip.Reason == outside.BadURL:
		e.Fault = Permanent
	}
	return e
}

// Judged sorts a response by what statuses mean on most platforms: nil for 2xx.
// A kind looks first for what its own platform says otherwise.
func Judged(r outside.Response, now time.Time) error {
	if r.Status >= http.StatusOK && r.Status < http.StatusMultipleChoices {
		return nil
	}
	e := &SendError{Fault: Permanent, Err: words.Fail(nil, "send.answered", words.Args{"status": strconv.Itoa(r.Status) + " " + http.StatusText(r.Status)})}
	switch {
	case r.Status == http.StatusUnauthorized:
		e.Fault = TokenInvalid
	case r.Status == http.StatusForbidden:
		e.Fault = Blocked
	case r.Status == http.StatusTooManyRequests:
		e.Fault, e.RetryAt = LimitedUntil, r.RetryAt
		if e.RetryAt.IsZero() {
			e.RetryAt = now.Add(defaultWait)
		}
	case r.Status == http.StatusRequestTimeout || r.Status == http.StatusConflict || r.Status >= http.StatusInternalServerError:
		e.Fault = Temporary
	}
	return e
}
