package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
)

// server is where one protocol is spoken, and how.
type server struct {
	host string
	port uint16
	tls  string
}

func (s server) address() string { return net.JoinHostPort(s.host, strconv.Itoa(int(s.port))) }

var errNoServer = errors.New("email: a server is named by its host, with or without a port")

// placeOf reads a server's address; a scheme before it is passed over.
func placeOf(written, port, way string) (server, error) {
	if _, rest, ok := strings.Cut(written, "://"); ok {
		written = rest
	}
	written = strings.TrimSuffix(written, "/")
	host := strings.Trim(written, "[]")
	if h, p, err := net.SplitHostPort(written); err == nil {
		host, port = h, p
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || host == "" || strings.ContainsAny(host, "/?#@ \t\r\n[]") {
		return server{}, errNoServer
	}
	s := server{host: host, port: uint16(number), tls: way}
	if way != byPort && way != "" {
		return s, nil
	}
	switch s.tls = implicit; s.port {
	case 25, 143, 587, 2525:
		s.tls = startTLS
	}
	return s, nil
}

// ports are those of public servers of mail.
func ports() []uint16 { return []uint16{25, 143, 465, 587, 993, 2525} }

// dial connects by the guard of every request, and ends the connection with ctx:
// the libraries behind it know none.
func (a *account) dial(ctx context.Context, s server) (net.Conn, error) {
	conn, err := a.client.Dialer(ports()...)(ctx, "tcp", s.address())
	if err != nil {
		return nil, unreached(err)
	}
	if s.tls == inClear && !private(conn.RemoteAddr()) {
		_ = conn.Close()
		return nil, &outside.Error{Reason: outside.Refused, Host: s.host, Hint: own.Text("in_clear", nil)}
	}
	if s.tls != implicit {
		return conn, nil
	}
	secured := tls.Client(conn, a.client.TLS(s.host))
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("email: %s: %w", s.host, err)
	}
	return secured, nil
}

// unreached keeps what the guard said, and words the rest.
func unreached(err error) error {
	var refused *outside.Error
	if errors.As(err, &refused) {
		return refused
	}
	return &pull.Error{Kind: pull.Unavailable, Op: "connect", Hint: own.Text("away", nil), Err: err}
}

// private tells whether an address is none of the Internet.
func private(a net.Addr) bool {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return false
	}
	ip := at.Addr().Unmap()
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
