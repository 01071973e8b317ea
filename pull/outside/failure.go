package outside

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
)

// failed sorts what went wrong on the way into an Error. sent says that the
// request may have arrived.
func (t *trip) failed(ctx context.Context, err error, sent bool) error {
	e := &Error{Host: t.url.Host, Sent: sent, Err: err}
	var refused *Error
	if errors.As(err, &refused) {
		e.Reason, e.Hint, e.Err = refused.Reason, refused.Hint, refused.Err
		return e
	}
	e.Reason, e.Hint = reason(err)
	if cause := ctx.Err(); cause != nil {
		e.Reason, e.Hint, e.Err = TimedOut, "the host did not answer in time", cause
		if errors.Is(cause, context.Canceled) {
			e.Hint = "the request was given up before the host answered"
		}
	}
	return e
}

func reason(err error) (Reason, string) {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return NotFound, "there is no host of this name; check its spelling"
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return Unreachable, "the host's certificate cannot be trusted"
	}
	if errors.Is(err, errTooLarge) || strings.Contains(err.Error(), "response headers exceeded") {
		return TooLarge, "the answer is larger than allowed"
	}
	if errors.Is(err, errBomb) {
		return TooLarge, "the answer is compressed so much that it looks like an attack"
	}
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return TimedOut, "the host did not answer in time"
	}
	if strings.Contains(err.Error(), "invalid header field") || strings.Contains(err.Error(), "invalid method") {
		return BadURL, "a header or the method of the request is not valid"
	}
	if lost(err) {
		return Unreachable, "no connection to the host, or it broke"
	}
	return Garbled, "the host's answer is not proper HTTP"
}

// lost tells a connection that failed from one that carried nonsense.
func lost(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) || errors.As(err, &dns) || errors.Is(err, errUnreachable) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "server closed idle connection")
}

// cleaned cuts the request's secrets out of an error's texts.
func cleaned(err error, r Request) error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Reason: Garbled, Hint: "the request failed", Err: err}
	}
	for _, secret := range secrets(r) {
		e.Hint = strings.ReplaceAll(e.Hint, secret, "…")
		e.Host = strings.ReplaceAll(e.Host, secret, "…")
		if e.Err != nil && strings.Contains(e.Err.Error(), secret) {
			e.Err = errors.New(strings.ReplaceAll(e.Err.Error(), secret, "…"))
		}
	}
	return e
}

// secrets lists what must not be told, as it stands and as URLs spell it.
func secrets(r Request) []string {
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
