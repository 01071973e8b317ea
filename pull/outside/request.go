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

func (r Request) limit() int64 {
	if r.MaxBytes <= 0 {
		return DefaultMaxBytes
	}
	return r.MaxBytes
}

// Response is what came back; its body has been read whole and closed.
type Response struct {
	Status int
	// URL is where the body came from after redirects.
	URL    string
	Header http.Header
	Body   []byte
	// Fetched is the response's Date less its Age where both make sense, else
	// the moment of arrival.
	Fetched time.Time
	// Expires is the end of freshness by Cache-Control or Expires; zero where
	// upstream said nothing. "no-store" and "no-cache" give Fetched itself.
	Expires      time.Time
	ETag         string
	LastModified string
	// RetryAt is the moment of Retry-After (seconds or date); zero if none.
	RetryAt time.Time
}

// DefaultMaxBytes is the limit of a decoded body where the request names none.
const DefaultMaxBytes = 8 << 20
