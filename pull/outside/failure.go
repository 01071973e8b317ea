package outside

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"

	"keypull/pull/words"
)

// failureError sorts what went wrong on the way into an Error. sent says that the
// request may have arrived.
func (t *attempt) failureError(ctx context.Context, err error, sent bool) error {
	e := &Error{Host: t.url.Host, Sent: sent, Err: err}
	var refused *Error
	if errors.As(err, &refused) {
		e.Reason, e.Hint, e.Err = refused.Reason, refused.Hint, refused.Err
		return e
	}
	e.Reason, e.Hint = reasonOf(err)
	if cause := ctx.Err(); cause != nil {
		e.Reason, e.Hint, e.Err = TimedOut, words.Text{Key: "outside.timed_out"}, cause
		if errors.Is(cause, context.Canceled) {
			e.Hint = words.Text{Key: "outside.given_up"}
		}
	}
	return e
}

func reasonOf(err error) (Reason, words.Text) {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return NotFound, words.Text{Key: "outside.no_host"}
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return Unreachable, words.Text{Key: "outside.certificate"}
	}
	if errors.Is(err, errTooLarge) || strings.Contains(err.Error(), "response headers exceeded") {
		return TooLarge, words.Text{Key: "outside.too_large"}
	}
	if errors.Is(err, errBomb) {
		return TooLarge, words.Text{Key: "outside.bomb"}
	}
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return TimedOut, words.Text{Key: "outside.timed_out"}
	}
	if strings.Contains(err.Error(), "invalid header field") || strings.Contains(err.Error(), "invalid method") {
		return BadURL, words.Text{Key: "outside.bad_header"}
	}
	if isConnLost(err) {
		return Unreachable, words.Text{Key: "outside.unreachable"}
	}
	return Garbled, words.Text{Key: "outside.garbled"}
}

// farewells are what net/http says, and no more, of a connection that was ended.
var farewells = []string{"server closed idle connection", "http2: client conn", "http2: server sent GOAWAY"}

// isConnLost tells a connection that failed from one that carried nonsense.
func isConnLost(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) || errors.As(err, &dns) || errors.Is(err, errUnreachable) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		slices.ContainsFunc(farewells, func(said string) bool { return strings.Contains(err.Error(), said) })
}

// withoutSecrets cuts the request's secrets out of an error's texts.
func withoutSecrets(err error, r Request) error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Reason: Garbled, Hint: words.Text{Key: "outside.failed"}, Err: err}
	}
	for _, secret := range secretsOf(r) {
		e.Hint = e.Hint.Without(secret)
		e.Host = strings.ReplaceAll(e.Host, secret, "…")
		if e.Err != nil && strings.Contains(e.Err.Error(), secret) {
			e.Err = errors.New(strings.ReplaceAll(e.Err.Error(), secret, "…"))
		}
	}
	return e
}

// secretsOf lists what must not be told, as it stands and as URLs spell it.
func secretsOf(r Request) []string {
	var all []string
	add := func(s string) {
		if s != "" {
			all = append(all, s, url.PathEscape(s), url.QueryEscape(s))
		}
	}
	add(r.Redact)
	if u, err := url.Parse(r.URL); err == nil && u.User != nil {
		password, _ := u.User.Password()
		add(password)
	}
	return all
}
