package outside

import (
	"context"
	"crypto/tls"
	"io"
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

// sentMark remembers whether a request may have gone out: from then on the
// other side may act on it.
type sentMark struct{ atomic.Bool }

// watch has the mark set when the header has been written. A request with a
// body needs no watching: its body is asked for at that moment.
func (s *sentMark) watch(req *http.Request) *http.Request {
	if req.Body != nil {
		req.Body = &markedBody{ReadCloser: req.Body, mark: s}
		return req
	}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { s.Store(true) },
	}))
}

// markedBody sets the mark when it is first read.
type markedBody struct {
	io.ReadCloser
	mark *sentMark
}

func (b *markedBody) Read(p []byte) (int, error) {
	b.mark.Store(true)
	return b.ReadCloser.Read(p)
}
