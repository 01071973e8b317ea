package outside

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A body that grows more than maxRatio-fold on decompression is a bomb; the
// first bytes are let pass, since short texts of one letter compress well.
const (
	maxRatio  = 100
	freeBytes = 1 << 20
	readStep  = 16 << 10
	// unknownBody is for how much a body is read that does not say how long it is.
	unknownBody = 512
)

var (
	errTooLarge = errors.New("body is larger than the limit")
	errBomb     = errors.New("body grows too much on decompression")
	errCoding   = errors.New("unknown content encoding")
)

// readBody returns the decoded body of at most limit bytes.
func readBody(answer *http.Response, limit int64, space *bodyRoom) ([]byte, error) {
	if answer.StatusCode < http.StatusOK {
		// What comes behind a change of protocol has no end, not even that of the time.
		return nil, nil
	}
	if answer.StatusCode == http.StatusNotModified || answer.StatusCode == http.StatusNoContent || answer.Request.Method == http.MethodHead {
		return nil, nil
	}
	if answer.ContentLength > limit {
		return nil, errTooLarge
	}
	names, err := contentCodings(answer.Header)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return readAll(answer.Body, limit, answer.ContentLength, nil, space)
	}
	raw := &counted{r: answer.Body, limit: limit}
	decoded, done, err := newDecoders(raw, names, limit)
	defer done()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	body, err := readAll(decoded, limit, 0, raw, space)
	answer.Header.Del("Content-Encoding")
	answer.Header.Del("Content-Length")
	return body, err
}

// readAll reads to the end, or to one byte past limit. expected is the likely
// length, or less than one; raw counts what came over the wire, where that
// differs. A large body waits for space.
func readAll(r io.Reader, limit, expected int64, raw *counted, space *bodyRoom) ([]byte, error) {
	if expected <= 0 {
		expected = unknownBody
	}
	body := make([]byte, 0, min(expected, limit, readStep)+1)
	for {
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if int64(len(body)) > limit {
			return nil, errTooLarge
		}
		if raw != nil && len(body) > freeBytes && int64(len(body)) > maxRatio*raw.n {
			return nil, errBomb
		}
		if errors.Is(err, io.EOF) {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
		if len(body) < cap(body) {
			continue
		}
		size := min(2*int64(cap(body))+readStep, limit+1)
		if size > smallBody {
			// One that says how long it is gets just that: growing costs as much again.
			size = min(max(size, expected+1), limit+1)
			if err := space.takeRoom(max(expected, min(2*size, limit))); err != nil {
				return nil, err
			}
		}
		grown := make([]byte, len(body), size)
		copy(grown, body)
		body = grown
	}
}

// worthDraining is how long a body that nobody wants is waited for.
const worthDraining = 200 * time.Millisecond

// drainBody reads a short body that nobody wants, so that its connection can be
// used again. One that does not come costs no more than another connection.
func drainBody(answer *http.Response) {
	if answer.ContentLength < 0 || answer.ContentLength > readStep {
		return
	}
	late := time.AfterFunc(worthDraining, func() { _ = answer.Body.Close() })
	defer late.Stop()
	_, _ = io.Copy(io.Discard, answer.Body)
}

// counted counts what is read through it and stops past its limit.
type counted struct {
	r        io.Reader
	n, limit int64
}

func (c *counted) Read(p []byte) (int, error) {
	if c.n > c.limit {
		return 0, errTooLarge
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
