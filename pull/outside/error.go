package outside

import (
	"time"

	"keypull/pull/words"
)

// Reason sorts failures of a request.
type Reason string

// The reasons. A response of any status is no error here: the caller judges.
const (
	// Refused: the address, scheme or port is not allowed.
	Refused Reason = "refused"
	// BadURL: the URL cannot be used at all.
	BadURL Reason = "bad_url"
	// NotFound: the name does not resolve.
	NotFound Reason = "not_found"
	// Unreachable: no connection, or it broke; Sent tells whether the request
	// may have arrived.
	Unreachable Reason = "unreachable"
	// TimedOut: the deadline passed or the caller gave up.
	TimedOut Reason = "timed_out"
	// TooLarge: body, header or compression ratio passed the limit.
	TooLarge Reason = "too_large"
	// Redirects: too many, or to a place that is not allowed.
	Redirects Reason = "redirects"
	// Garbled: what came back is not HTTP.
	Garbled Reason = "garbled"
	// Busy: the host has not answered for a while, and is left alone for a moment.
	Busy Reason = "busy"
	// Crowded: the request waited for a place at the host until its time was up.
	Crowded Reason = "crowded"
	// BackedOff: the host said by Retry-After that it wants to be left alone
	// until RetryAt; nothing was sent.
	BackedOff Reason = "resting"
)

// Error is a request that brought no response.
type Error struct {
	Reason Reason
	// Host is the host that was asked, without credentials, path or query.
	Host string
	// Hint says what is wrong and what to do.
	Hint words.Text
	// Sent says that the request may have reached the other side.
	Sent bool
	// RetryAt is the moment before which another try is pointless; may be zero.
	RetryAt time.Time
	Err     error
}

// Error tells the hint and the cause in English, for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Hint.String()
	}
	return e.Hint.String() + ": " + e.Err.Error()
}

// Said returns the hint, after the host that it is about.
func (e *Error) Said() words.Text {
	if e.Host == "" || e.Hint.IsZero() {
		return e.Hint
	}
	return words.Text{Key: "fetch.because", Args: words.Args{"what": e.Host, "reason": e.Hint}}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
