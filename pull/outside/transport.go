package outside

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// sessions is with how many servers a later connection begins where an earlier one
// ended, without their certificates being checked and their keys being made anew.
const sessions = 256

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// newTransport returns a transport that dials by dial only, follows no proxy
// setting and leaves compression to read.
func newTransport(o Options, dial dialFunc) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dial,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(sessions)},
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

// sentMark remembers whether the header of a request has gone out.
type sentMark struct{ atomic.Bool }
