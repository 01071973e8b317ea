package feed_test

import (
	"context"
	"net/http"
	"time"

	"keypull/pull/outside"
)

// canned returns a client that answers every request with a document.
func canned(contentType string, text []byte) *outside.Client {
	return cannedAt(fetched, contentType, text)
}

// cannedAt is canned at a moment.
func cannedAt(at time.Time, contentType string, text []byte) *outside.Client {
	return outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{
			Status: http.StatusOK, URL: r.URL, Header: http.Header{"Content-Type": {contentType}},
			Body: text, Fetched: at,
		}, nil
	}})
}
