package messengers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
)

// Fetcher is the option of a messenger that takes its account to fetch what readers attach.
type Fetcher interface {
	// Fetch returns what Incoming.Attachments told by its Ref, of at most so many bytes. An error
	// that is pull.Unknown, pull.Denied or pull.Invalid says that it will never be had.
	Fetch(ctx context.Context, m what.Media, most int64) ([]byte, error)
}

// Roomy is the option of a messenger to which larger bodies may be posted.
type Roomy interface {
	// Room returns how large a body may be at a path below the channel's own, of whoever shows an
	// Authorization; 0 is the usual limit. It is asked before a body is read.
	Room(path, authorization string) int
}

// fetchWithin bounds the fetching of one file.
const fetchWithin = 30 * time.Second

// Fetch returns what came with a message, as Fetcher says.
func Fetch(ctx context.Context, by any, client *outside.Client, m what.Media, most int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	if f, fetches := by.(Fetcher); fetches && m.Ref != "" {
		return f.Fetch(ctx, m, most) //nolint:wrapcheck // it says what it is
	}
	if m.URL == "" {
		return nil, &pull.Error{Kind: pull.Unknown, Op: "fetch a file"}
	}
	return FetchURL(ctx, client, outside.Request{URL: m.URL, Redact: m.URL}, most)
}

// FetchURL fetches a file from an address.
func FetchURL(ctx context.Context, client *outside.Client, r outside.Request, most int64) ([]byte, error) {
	r.Method, r.MaxBytes = http.MethodGet, most
	res, err := client.Do(ctx, r)
	var told *outside.Error
	switch {
	case errors.As(err, &told) && told.Reason == outside.TooLarge:
		return nil, &pull.Error{Kind: pull.Invalid, Op: "fetch a file", Err: err}
	case err != nil:
		return nil, err //nolint:wrapcheck // it says what it is
	case res.Status == http.StatusOK:
		return res.Body, nil
	case res.Status == http.StatusTooManyRequests || res.Status >= http.StatusInternalServerError:
		return nil, &pull.Error{Kind: pull.Unavailable, Op: "fetch a file", Err: statusError(res.Status)}
	}
	return nil, &pull.Error{Kind: pull.Unknown, Op: "fetch a file", Err: statusError(res.Status)}
}

func statusError(status int) error {
	return words.Fail(nil, "send.answered", words.Args{"status": strconv.Itoa(status)})
}
