// Package httpapi calls the HTTP APIs of platforms: a Client says where an API is, how
// its secret goes along, how it words a refusal and what each refusal means. From
// that follow the calls themselves and what a messenger is asked about its account.
package httpapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// timeout bounds calls of a Client that says nothing else.
const timeout = 20 * time.Second

// Client calls one platform's API for one account. It is safe for concurrent use
// once its fields are set.
type Client struct {
	// Name begins the errors; Base is the API's address.
	Name string
	Base string
	HTTP *outside.Client
	// Clock counts the waits that the platform asks for.
	Clock func() time.Time
	// Timeout bounds each call; zero: 20 seconds.
	Timeout time.Duration

	// Secret proves each call as Auth says, and is cut out of all that is told.
	Secret settings.Secret
	Auth   Auth
	// Header goes along with every call.
	Header map[string]string

	// Read reads what the platform says of a response; false if it is none of
	// the platform's own; nil: statuses alone tell a refusal.
	Read func(outside.Response) (Answer, bool)
	// Faults sorts refusals; what no row fits is sorted by what statuses usually mean.
	Faults Faults

	// Words are the kind's: see Keys. Field is the setting that holds the secret,
	// BaseField the one that holds the address; "api_base" where empty.
	Words            *words.Set
	Field, BaseField string
	// Account asks the platform whose account it is, and keeps what it says; see Belongs.
	Account func(context.Context) error

	whose atomic.Pointer[words.Text]
	skew  atomic.Int64
}

// Keys returns the sentences of a kind that a Client tells: "answered" quotes a
// refusal, "unclear" is an answer that is not the platform's, "token_unknown" a
// refused account, "token_dead" one that was not refused before, in place of
// "answered", and "busy" a platform with troubles of its own. They are given
// {status}, {code}, {name}, which is both of them, {said} and {call}.
func Keys(more ...string) []string {
	return append(more, "answered", "unclear", tokenUnknown, tokenDead, "busy")
}

// Request is one call.
type Request struct {
	// Name is what errors call it; Path where empty.
	Name string
	// Method is POST with a Body and GET without one, where empty.
	Method string
	// Path follows the Base; a whole URL is called as it is.
	Path   string
	Query  url.Values
	Header map[string]string
	// Body is sent as JSON, url.Values as a form, and []byte as they are.
	Body any
	// Secret takes the place of the Client's; with Bare it proves nothing, since it
	// stands in Path already.
	Secret string
	Bare   bool
	// MaxBytes bounds the response, Timeout takes the place of the Client's.
	MaxBytes int64
	Timeout  time.Duration
}

// Get asks for something and reads it into result.
func (c *Client) Get(ctx context.Context, path string, result any) error {
	return c.Call(ctx, Request{Path: path}, result)
}

// Post sends a body and reads the answer into result, unless that is nil.
func (c *Client) Post(ctx context.Context, path string, body, result any) error {
	return c.Call(ctx, Request{Method: http.MethodPost, Path: path, Body: body}, result)
}

// Call makes one request and reads the answer into result, unless that is nil. The
// error is a *Refusal, one that Unclear tells, an *outside.Error or the context's.
func (c *Client) Call(ctx context.Context, r Request, result any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(r.Timeout, c.Timeout, timeout))
	defer cancel()
	name := r.Name
	if name == "" {
		name, _, _ = strings.Cut(strings.TrimPrefix(r.Path, "/"), "?")
	}
	r.Secret = cmp.Or(r.Secret, c.Secret.Reveal())
	res, err := c.HTTP.Do(ctx, c.request(r))
	if err != nil {
		return fmt.Errorf("%s: %w", cmp.Or(c.Name, name), err)
	}
	c.compareClocks(res)
	said, read := Answer{}, true
	if c.Read != nil {
		said, read = c.Read(res)
	}
	good := res.Status >= http.StatusOK && res.Status < http.StatusMultipleChoices
	switch {
	case !good, read && said.No():
		return c.refusal(name, r.Secret, res, said, read)
	case !read:
		return c.unclear(name)
	case result == nil:
		return nil
	}
	body := res.Body
	if said.Result != nil {
		body = said.Result
	}
	if json.Unmarshal(body, result) != nil {
		return c.unclear(name)
	}
	return nil
}

// compareClocks notes how far ours is from the platform's.
func (c *Client) compareClocks(res outside.Response) {
	if at, err := http.ParseTime(res.Header.Get("Date")); err == nil && c.Clock != nil {
		c.skew.Store(int64(c.Clock().Sub(at)))
	}
}

// Skew is by how much our clock is ahead of the platform's, as its last response said.
func (c *Client) Skew() time.Duration {
	if c == nil {
		return 0
	}
	return time.Duration(c.skew.Load())
}

// Download returns what lies behind a call, of at most so many bytes.
func (c *Client) Download(ctx context.Context, r Request, most int64) ([]byte, error) {
	r.Secret = cmp.Or(r.Secret, c.Secret.Reveal())
	out := c.request(r)
	out.Single = false                                 // it may lie elsewhere, where no secret goes
	return messengers.FetchURL(ctx, c.HTTP, out, most) //nolint:wrapcheck // it says what it is
}

// Near reports whether an address is at the API's own host.
func (c *Client) Near(address string) bool {
	here, err := url.Parse(c.Base)
	there, odd := url.Parse(address)
	return err == nil && odd == nil && outside.SameHost(here, there) && (there.Scheme == "https" || there.Scheme == here.Scheme)
}

// request returns a call as it leaves.
func (c *Client) request(r Request) outside.Request {
	method := cmp.Or(r.Method, http.MethodGet)
	out := outside.Request{Single: true, MaxBytes: r.MaxBytes, Header: make(map[string]string, len(c.Header)+len(r.Header)+2)}
	kind := "application/json"
	switch body := r.Body.(type) {
	case nil:
	case []byte:
		out.Body, kind = body, ""
	case url.Values:
		out.Body, kind = []byte(body.Encode()), "application/x-www-form-urlencoded"
	default:
		out.Body = messengers.JSON(body)
	}
	if r.Body != nil {
		method = cmp.Or(r.Method, http.MethodPost)
		out.Header["Content-Type"] = kind
	}
	maps.Copy(out.Header, c.Header)
	maps.Copy(out.Header, r.Header)
	out.Method = method
	if !r.Bare && c.Auth != nil {
		c.Auth(&r, out.Header)
	}
	out.Redact = r.Secret
	if out.URL = r.Path; !strings.HasPrefix(r.Path, "http") {
		out.URL = strings.TrimRight(c.Base, "/") + r.Path
	}
	if len(r.Query) > 0 {
		out.URL += "?" + r.Query.Encode()
	}
	return out
}

// Unclear tells that what answered is not the platform's API.
func Unclear(err error) bool {
	var told *pull.Error
	return errors.As(err, &told) && told.Kind == pull.Unusable
}

// Unclear returns the error of an answer that lacks what the API always says.
func (c *Client) Unclear() error { return c.unclear("") }

func (c *Client) unclear(call string) error {
	return &pull.Error{Kind: pull.Unusable, Op: cmp.Or(call, c.Name), Field: c.baseField(), Hint: c.text("platform.unclear", nil)}
}

func (c *Client) baseField() string { return cmp.Or(c.BaseField, "api_base") }

// says tells that the kind has a sentence of its own.
func (c *Client) says(key string) bool { return c.Words != nil && c.Words.Has(key) }

// text returns a sentence of the core, or the kind's own in its place.
func (c *Client) text(key string, args words.Args) words.Text {
	if own := strings.TrimPrefix(key, "platform."); c.says(own) {
		return c.Words.Text(own, args)
	}
	return words.Text{Key: key, Args: args}
}
