package outside

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"strings"

	"github.com/coder/websocket"

	"keypull/pull/words"
)

// Socket is an open websocket (RFC 6455) to an allowed address. One reads and
// one writes at a time; Close may be called at any.
type Socket struct {
	conn *websocket.Conn
	r    Request
}

// Socket opens a websocket: to a ws:// or wss:// address, by the same guard as
// every request, without following redirects. Header, Redact and MaxBytes, of
// one message, are those of r; every error is an *Error. The opening ends with
// ctx, and after MaxDuration at the latest.
func (c *Client) Socket(ctx context.Context, r Request) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxDuration)
	defer cancel()
	r.URL = strings.Replace(r.URL, "ws", "http", 1)
	t, err := newAttempt(ErrandOf(ctx), r, c.options.UserAgent)
	if err != nil {
		return nil, withoutSecrets(err, r)
	}
	transport := newTransport(c.options, c.dialer.DialContext, tlsConfig(c.options))
	// Only HTTP/1.1 changes into a websocket.
	transport.ForceAttemptHTTP2, transport.HTTP2 = false, nil
	transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	header := http.Header{}
	header.Set("User-Agent", c.options.UserAgent)
	for name, value := range r.Header {
		header.Set(name, value)
	}
	conn, answer, err := websocket.Dial(ctx, r.URL, &websocket.DialOptions{
		HTTPHeader: header,
		HTTPClient: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	})
	if err != nil {
		return nil, withoutSecrets(c.socketError(ctx, t, answer, err), r)
	}
	conn.SetReadLimit(r.bodyLimit())
	return &Socket{conn: conn, r: r}, nil
}

// socketError says why there is no websocket. Nothing that acts was sent.
func (c *Client) socketError(ctx context.Context, t *attempt, answer *http.Response, err error) error {
	if answer == nil {
		return t.failureError(ctx, err, false)
	}
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	return &Error{
		Reason: Garbled, Host: t.url.Host, Hint: words.Text{Key: "outside.no_websocket", Args: words.Args{"status": answer.Status}},
		RetryAt: retryAt(answer.Header, c.options.Clock()),
	}
}

// Read returns the next message.
func (s *Socket) Read(ctx context.Context) ([]byte, error) {
	_, message, err := s.conn.Read(ctx)
	if err != nil {
		return nil, s.socketFailure(ctx, err, false)
	}
	return message, nil
}

// Write sends a message of text.
func (s *Socket) Write(ctx context.Context, message []byte) error {
	if err := ctx.Err(); err != nil {
		return s.socketFailure(ctx, err, false)
	}
	if err := s.conn.Write(ctx, websocket.MessageText, message); err != nil {
		return s.socketFailure(ctx, err, true)
	}
	return nil
}

// Close ends the connection at once.
func (s *Socket) Close() error { return s.conn.CloseNow() }

func (s *Socket) socketFailure(ctx context.Context, err error, sent bool) error {
	e := &Error{Reason: Unreachable, Hint: words.Text{Key: "outside.websocket_closed"}, Sent: sent, Err: err}
	switch {
	case ctx.Err() != nil:
		e.Reason, e.Hint, e.Err = TimedOut, words.Text{Key: "outside.websocket_given_up"}, ctx.Err()
	case errors.Is(err, websocket.ErrMessageTooBig):
		e.Reason, e.Hint = TooLarge, words.Text{Key: "outside.message_large"}
	}
	return withoutSecrets(e, s.r)
}
