package outside

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Exchange is one request as it went out, and what came of it.
type Exchange struct {
	Method string
	// URL is without user and password, and without what Request.Redact names.
	URL string
	// Status is zero where no answer came.
	Status int
	// Bytes is the size of the body that was read, decoded; a redirect's is
	// not counted.
	Bytes int
	// Took includes waiting for other requests to the host.
	Took time.Duration
	// Err is one English sentence, "" where an answer was read whole.
	Err string
	// Body is that answer, as it came; it is not to be changed. Type is its media type
	// with parameters.
	Body []byte
	Type string
}

// recorder tells one function of exchanges, one after another.
type recorder struct {
	mu   sync.Mutex
	tell func(Exchange)
}

// Record returns a context under which Client.Do tells the function of every
// exchange when it is over: each redirect by itself, and each failure. Calls
// never overlap. A Record within another takes its place.
func Record(ctx context.Context, tell func(Exchange)) context.Context {
	e := ErrandOf(ctx)
	e.exchanges = &recorder{tell: tell}
	return WithErrand(ctx, e)
}

// recordExchange begins an exchange of the request and returns what ends it; nil where
// nobody listens.
func (e Errand) recordExchange(o *Options, r Request, method string, u *url.URL) func(status int, res Response, err error) {
	to := e.exchanges
	if to == nil {
		return nil
	}
	x := Exchange{Method: method, URL: redactURL(u, r)}
	began := o.Clock()
	return func(status int, res Response, err error) {
		x.Status, x.Bytes, x.Body, x.Took = status, len(res.Body), res.Body, o.Clock().Sub(began)
		x.Type = res.Header.Get("Content-Type")
		if err != nil {
			x.Err = withoutSecrets(err, r).Error()
		}
		to.mu.Lock()
		defer to.mu.Unlock()
		to.tell(x)
	}
}

// askAnswer asks Answer, and records it like a request.
func (c *Client) askAnswer(ctx context.Context, r Request) (Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return c.options.Answer(ctx, r)
	}
	told := ErrandOf(ctx).recordExchange(&c.options, r, cmp.Or(r.Method, http.MethodGet), u)
	res, err := c.options.Answer(ctx, r)
	if told != nil {
		told(res.Status, res, err)
	}
	return res, err
}

// redactURL spells a URL for people to see. Where a secret still shows through
// its encoding, the host alone is told.
func redactURL(u *url.URL, r Request) string {
	shown := *u
	shown.User = nil
	text := shown.String()
	hidden := secretsOf(r)
	for _, secret := range hidden {
		text = strings.ReplaceAll(text, secret, "…")
	}
	for _, secret := range hidden {
		if !strings.Contains(unescaped(text), secret) {
			continue
		}
		if strings.Contains(shown.Host, secret) {
			return shown.Scheme + "://…"
		}
		return shown.Scheme + "://" + shown.Host + "/…"
	}
	return text
}

// unescaped takes off the encodings of a path and of a query alike.
func unescaped(text string) string {
	path, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	query, err := url.QueryUnescape(text)
	if err != nil {
		return path
	}
	return path + "\n" + query
}
