package sources

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/private"
	"keypull/pull/words"
)

// Opening asks for a document at an address, as every kind does: conditionally
// where a former one is held, and with the errors that a source reports.
type Opening struct {
	outside.Request
	// Op says what is done, "fetch feed"; Field names the setting of the address.
	Op, Field string
	// Held says that a former document is there, for an answer that it is still the same.
	Held bool
	// Argued says that what a reader wrote stands in the address: what is not there
	// is then that, and no fault of the address.
	Argued bool
	// Status returns what an answer means; nil where its own status says it.
	Status func(outside.Response) int
	// Do sends the request and tells how many it took; nil for the client's.
	Do func(context.Context, outside.Request) (outside.Response, int, error)
}

// Accepting returns the request for a document of some media types.
func Accepting(address, types string, most int64) outside.Request {
	return outside.Request{URL: address, MaxBytes: most, Header: map[string]string{"Accept": types}}
}

// If makes the opening conditional by the validators of a former document.
func (o Opening) If(held bool, v pull.Validators) Opening {
	if o.Held = held; held {
		o.ETag, o.LastModified = v.ETag, v.LastModified
	}
	return o
}

// Open brings the document; same says that it is the one that is held. Its times
// are in the response either way.
func (o Opening) Open(ctx context.Context, client *outside.Client) (res outside.Response, same bool, requests int, err error) {
	if o.Do == nil {
		requests = 1
		if res, err = client.Do(ctx, o.Request); err != nil {
			err = Failed(o.Op, o.Field, err)
		}
	} else {
		res, requests, err = o.Do(ctx, o.Request)
	}
	if err != nil || o.Held && res.Status == http.StatusNotModified {
		return res, err == nil, requests, err
	}
	if o.Status != nil {
		res.Status = o.Status(res)
	}
	switch {
	case res.Status == http.StatusOK, res.Status == http.StatusCreated, res.Status == http.StatusNonAuthoritativeInfo:
	case o.Argued:
		err = RefusedOf(o.Op, o.Field, res)
	default:
		err = Refused(o.Op, o.Field, res)
	}
	return res, false, requests, err
}

// Fetch is Open for a source of one document: the snapshot holds what the answer
// tells of its own time, or is last once more, and Unchanged. Without last nothing
// is held.
func (o Opening) Fetch(ctx context.Context, client *outside.Client, last *pull.Snapshot) (outside.Response, pull.Snapshot, error) {
	if last != nil {
		o = o.If(true, last.Validators)
	}
	res, same, requests, err := o.Open(ctx, client)
	var s pull.Snapshot
	switch {
	case err != nil:
		return res, s, err
	case same:
		s = Renew(*last, res)
	default:
		s = SnapshotFrom(res)
	}
	s.Requests = requests
	return res, s, nil
}

// Text returns the body of a response in UTF-8 for a publisher of some languages, and
// the encoding where it was guessed.
func Text(r outside.Response, languages []string) (text []byte, guessed string) {
	return Encoded{Type: r.Header.Get("Content-Type"), Languages: languages}.UTF8(r.Body)
}

// ErrTooLong says that a file is longer than is read.
var ErrTooLong = errors.New("the file is longer than is read")

// ReadFile reads a plain file of at most so many bytes; its stamp tells it from what it
// was before. A file whose stamp is known is not read, and its body nil.
func ReadFile(path string, most int64, known string) (body []byte, stamp string, err error) {
	f, err := os.Open(path) // #nosec G304 -- the operator's own setting names the file
	if err != nil {
		return nil, "", fmt.Errorf("open it: %w", err)
	}
	return ReadOpened(f, most, known)
}

// ReadOpened is ReadFile of a file that was opened, which it closes.
func ReadOpened(f *os.File, most int64, known string) (body []byte, stamp string, err error) {
	defer func() { _ = f.Close() }() // it is only read
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("look at it: %w", err)
	case !info.Mode().IsRegular():
		return nil, "", errors.New("it is no file")
	}
	stamp = strconv.FormatInt(info.ModTime().UnixNano(), 36) + "-" + strconv.FormatInt(info.Size(), 36)
	if stamp == known {
		return nil, stamp, nil
	}
	body, err = io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, stamp, fmt.Errorf("read it: %w", err)
	case int64(len(body)) > most:
		return nil, stamp, fmt.Errorf("%w: %d bytes", ErrTooLong, most)
	}
	return body, stamp, nil
}

// WriteFile writes a file in the folder of a source, whole or not at all.
func WriteFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	part, err := private.WriteBeside(path, func(w io.Writer) error { _, err := w.Write(text); return err })
	if err == nil {
		if err = os.Rename(part, path); err != nil {
			_ = os.Remove(part)
		}
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// GivenUpError returns the error for a fetch that ended before it began.
func GivenUpError(op string, err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: words.Text{Key: "source.given_up"}, Err: err}
}

// WrongFormatError returns the error for a document that is not of the form wanted.
func WrongFormatError(op, field, form string, body []byte, err error) error {
	begin := Line(string(bytes.ToValidUTF8(body[:min(len(body), 60)], nil)))
	hint := words.Text{Key: "source.foreign", Args: words.Args{"format": form, "begin": begin}}
	if len(bytes.TrimSpace(body)) == 0 {
		hint = words.Text{Key: "source.empty"}
	}
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: field, Hint: hint, Err: err}
}
