package outside

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"golang.org/x/sync/semaphore"

	"keypull/pull/words"
)

// Limits of every request.
const (
	// MaxDuration ends a request, redirects and body included, however long
	// the caller would wait.
	MaxDuration = 60 * time.Second
	// MaxRedirects is how many redirects are followed.
	MaxRedirects = 5
	// MaxHeaderBytes limits the header of a response.
	MaxHeaderBytes = 64 << 10
	// DefaultFetches is how many fetches run at one host at a time.
	DefaultFetches = 32

	connectTimeout = 5 * time.Second
	headerTimeout  = 50 * time.Second
	idleTimeout    = 90 * time.Second
)

// Options configure a Client. The zero value reaches public addresses only.
type Options struct {
	// AllowPrivate lists networks that may be reached although they are not
	// public, on any port.
	AllowPrivate []netip.Prefix
	// UserAgent names this service to others; "keypull" where empty.
	UserAgent string
	// Clock is time.Now where nil.
	Clock func() time.Time
	// Logger hears of hosts that stop and start answering; nobody where nil.
	Logger *slog.Logger
	// Roots are the certificate authorities to trust; the system's where nil.
	Roots *x509.CertPool
	// Resolver tells where names lead; the system's where nil.
	Resolver *net.Resolver
	// Fetches is how many requests without Single run at one host (name and
	// port) at a time, besides the few in the background; 32 where zero.
	Fetches int
	// Sends is how many Single requests run at one host; 128 where zero.
	Sends int
	// Jitter is a random part of a duration, by which what nobody waits for is put
	// off; nothing where nil.
	Jitter func(most time.Duration) time.Duration
	// BackOffs keeps what hosts said by Retry-After; in memory alone where nil.
	BackOffs BackOffs
	// Answer takes the place of the network where it is set: a saved document,
	// or a refusal in a dry run. Where Fetched of its response is left out, its
	// times are those that its Header tells.
	Answer func(context.Context, Request) (Response, error)
	// Remembers says of Answer that it tells what was asked before: no host is to be spared.
	Remembers bool
}

func (o Options) withDefaults() Options {
	if o.UserAgent == "" {
		o.UserAgent = "keypull"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Fetches <= 0 {
		o.Fetches = DefaultFetches
	}
	if o.Sends <= 0 {
		o.Sends = 128
	}
	return o
}

// Client is the one way out. It is safe for concurrent use.
type Client struct {
	options   Options
	dialer    dialer
	transport *http.Transport
	direct    *direct
	hosts     hosts
	backOffs  backOffs
	// large is the room for large bodies.
	large *semaphore.Weighted
}

// New returns a client; Close it when it is no longer needed.
func New(o Options) *Client {
	o = o.withDefaults()
	c := &Client{options: o, dialer: newDialer(o, webPorts), large: semaphore.NewWeighted(largeBody)}
	c.hosts.options, c.backOffs.options = &c.options, &c.options
	secure, budgetedConn := tlsConfig(o), budgetDials(c.dialer.DialContext)
	c.transport = newTransport(o, budgetedConn, secure)
	c.direct = newDirect(c.dialer.DialContext, tlsDials(budgetedConn, secure))
	return c
}

// Trusting returns a client like this one that trusts other certificate
// authorities, for a server of the operator's own. Close it as well.
func (c *Client) Trusting(roots *x509.CertPool) *Client {
	o := c.options
	o.Roots = roots
	return New(o)
}

// Remembers reports whether all that is asked for was asked before, so that no host is to be spared.
func (c *Client) Remembers() bool { return c.options.Remembers }

// Close closes the connections that are kept for later.
func (c *Client) Close() {
	c.transport.CloseIdleConnections()
	c.direct.closeIdle()
}

// DialContext opens a TCP connection to an allowed address: a public one on a
// web port, or one of the allowed private networks on any port.
func (c *Client) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return c.dialer.DialContext(ctx, network, address)
}

// Dialer returns a DialContext for public addresses on the given ports: those
// of a protocol other than HTTP, such as 993 for IMAP.
func (c *Client) Dialer(ports ...uint16) func(ctx context.Context, network, address string) (net.Conn, error) {
	return newDialer(c.options, ports).DialContext
}

// TLS returns how a server proves who it is on a connection of Dialer: by the
// authorities that requests trust.
func (c *Client) TLS(host string) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: c.options.Roots, MinVersion: tls.VersionTLS12}
}

// Do sends r and reads the whole response. A response of any status is no
// error; every error is an *Error. The call ends with ctx, and after
// MaxDuration at the latest.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	if until, ok := ctx.Deadline(); !ok || time.Until(until) > MaxDuration {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, MaxDuration)
		defer cancel()
	}
	if c.options.Answer != nil {
		return c.doCanned(ctx, r)
	}
	t, err := newAttempt(ErrandOf(ctx), r, c.options.UserAgent)
	if err != nil {
		return Response{}, withoutSecrets(err, r)
	}
	res, err := c.followRedirects(ctx, t)
	if err != nil {
		return Response{}, withoutSecrets(err, r)
	}
	return res, nil
}

// doCanned asks Answer instead of the network, within the same limits.
func (c *Client) doCanned(ctx context.Context, r Request) (Response, error) {
	res, err := c.askAnswer(ctx, r)
	if err != nil {
		return Response{}, withoutSecrets(err, r)
	}
	if limit := r.bodyLimit(); int64(len(res.Body)) > limit {
		return Response{}, &Error{Reason: TooLarge, Hint: words.Text{Key: "outside.too_large"}}
	}
	if res.Header == nil {
		res.Header = http.Header{}
	}
	if res.Fetched.IsZero() {
		res.setTimes(c.options.Clock())
	}
	return res, nil
}

// followRedirects walks from hop to hop until one is no redirect.
func (c *Client) followRedirects(ctx context.Context, t *attempt) (Response, error) {
	for {
		t.status = 0
		told := t.errand.recordExchange(&c.options, t.request, t.method, t.url)
		res, next, err := c.followHop(ctx, t)
		if told != nil {
			told(t.status, res, err)
		}
		if err != nil || next == "" {
			return res, err
		}
		if err := waitForRedirect(ctx, t.url.Host, res.RetryAt.Sub(c.options.Clock()), res.RetryAt); err != nil {
			return Response{}, err
		}
		if err := t.followRedirect(next); err != nil {
			return Response{}, err
		}
	}
}

// followHop sends one request to one host, within that host's limits. next is where
// the response redirects to.
func (c *Client) followHop(ctx context.Context, t *attempt) (res Response, next string, err error) {
	h := c.hosts.hostOf(t.url)
	place, err := c.enterHost(ctx, h, t)
	if err != nil {
		return Response{}, "", err
	}
	defer place.Release()
	began := c.options.Clock()
	res, next, err = c.exchangeOnce(ctx, h, t)
	h.noteOutcome(err, t.request.Single, began)
	if !t.request.Single {
		c.backOffs.noteRetryAt(ctx, h, res.RetryAt)
	}
	return res, next, err
}

// enterHost waits for a place at a host that may be asked, which may have changed
// when the place is there.
func (c *Client) enterHost(ctx context.Context, h *host, t *attempt) (in *FairQueue, err error) {
	if t.request.Single {
		return h.enterQueue(ctx, t.errand, true)
	}
	if err := c.backOffs.checkHost(ctx, h); err != nil {
		return nil, err
	}
	if in, err = h.enterQueue(ctx, t.errand, false); err != nil {
		return nil, err
	}
	if err := c.backOffs.checkHost(ctx, h); err != nil {
		in.Release()
		return nil, err
	}
	return in, nil
}

func (c *Client) exchangeOnce(ctx context.Context, h *host, t *attempt) (Response, string, error) {
	if canLook && t.request.Single && (t.url.Scheme == "http" || h.goesDirect(c.options.Clock())) {
		return c.sendDirect(ctx, t)
	}
	var w way
	defer w.endWay()
	answer, err := c.transport.RoundTrip(t.httpRequest().WithContext(w.withTrace(ctx, t.request.bodyLimit())))
	if err != nil && ctx.Err() == nil && w.mayResend(t, err) {
		answer, err = c.transport.RoundTrip(t.httpRequest().WithContext(w.withTrace(ctx, t.request.bodyLimit())))
	}
	if err != nil {
		return Response{}, "", t.failureError(ctx, err, w.sent.Load())
	}
	defer func() { _ = answer.Body.Close() }()
	t.status = answer.StatusCode
	h.single.Store(answer.ProtoMajor == 1)
	arrived := c.options.Clock()
	if next := t.redirectTarget(answer); next != "" {
		drainBody(answer)
		return Response{RetryAt: retryAt(answer.Header, arrived)}, next, nil
	}
	space := &bodyRoom{ctx: ctx, errand: t.errand, of: c.large}
	body, err := readBody(answer, t.request.bodyLimit(), space)
	space.releaseRoom()
	if err != nil {
		return Response{RetryAt: retryAt(answer.Header, arrived)}, "", t.failureError(ctx, err, true)
	}
	return t.newResponse(reply{status: answer.StatusCode, header: answer.Header, body: body}, arrived), "", nil
}

// sendDirect sends one request by direct.
func (c *Client) sendDirect(ctx context.Context, t *attempt) (Response, string, error) {
	var sent sentMark
	r, err := c.direct.sendRequest(ctx, t, &sent.Bool)
	t.status = r.status
	if err != nil {
		return Response{}, "", t.failureError(ctx, err, sent.Load())
	}
	return t.newResponse(r, c.options.Clock()), "", nil
}

// Transport returns what a library sends requests by that speaks a protocol over HTTP: by the
// same guard, without what Do adds. The library bounds what it reads.
func (c *Client) Transport() *http.Transport {
	return newTransport(c.options, c.dialer.DialContext, tlsConfig(c.options))
}
