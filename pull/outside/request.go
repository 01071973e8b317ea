package outside

import (
	"net/http"
	"time"
)

// Request is one request to the outside.
type Request struct {
	// Method is GET where empty.
	Method string
	URL    string
	Header map[string]string
	Body   []byte
	// ETag and LastModified, as a former Response brought them, make the
	// request conditional.
	ETag         string
	LastModified string
	// MaxBytes limits the decoded body; zero means DefaultMaxBytes.
	MaxBytes int64
	// Redact is cut out of every error text: tokens that stand in the URL.
	Redact string
	// Single keeps the client from following redirects and from retrying:
	// for requests that act, such as sending a message.
	Single bool
}

func (r Request) bodyLimit() int64 {
	if r.MaxBytes <= 0 {
		return DefaultMaxBytes
	}
	return r.MaxBytes
}

// Response is what came back; its body has been read whole and closed.
type Response struct {
	Status int
	// URL is where the body came from after redirects.
	URL string
	// Moved is where the address asked for has moved for good: where redirects
	// led that are permanent, all of them (301, 308); "" otherwise.
	Moved  string
	Header http.Header
	Body   []byte
	// Fetched is when the response left its origin: its arrival less Age.
	Fetched time.Time
	// Age is how old the response was on arrival (RFC 9111 §4.2.3); zero for
	// one that no cache held.
	Age time.Duration
	// Expires is the end of freshness by Cache-Control or Expires; zero where
	// upstream said nothing. What must not be served again unasked expires
	// with Fetched itself.
	Expires      time.Time
	ETag         string
	LastModified string
	// RetryAt is the moment of Retry-After (seconds or date), at most a day
	// after the arrival; zero if none.
	RetryAt time.Time
}

// setTimes fills in the times of a response from its header.
func (r *Response) setTimes(arrived time.Time) {
	r.Age = responseAge(r.Header, arrived)
	r.Fetched = arrived.Add(-r.Age)
	r.Expires = freshUntil(r.Header, r.Fetched)
	r.RetryAt = retryAt(r.Header, arrived)
}

// DefaultMaxBytes is the limit of a decoded body where the request names none.
const DefaultMaxBytes = 8 << 20
