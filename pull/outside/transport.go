package outside

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// newTransport returns a transport that dials by dial only, follows no proxy
// setting and leaves compression to read.
func newTransport(o Options, dial dialFunc) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dial,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: MaxHeaderBytes,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: connectTimeout},
		MaxIdleConns:           1024,
		MaxIdleConnsPerHost:    o.Sends,
		IdleConnTimeout:        idleTimeout,
	}
}

// sentMark remembers whether the header of a request has gone out: from then
// on the other side may act on it. The body is left alone to be asked: the
// transport writes header and body at once only where it knows the body to be
// in memory.
type sentMark struct{ atomic.Bool }

func (s *sentMark) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { s.Store(true) }})
}
