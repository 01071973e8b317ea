package outside

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// sessions is with how many servers a later connection begins where an earlier one
// ended, without their certificates being checked and their keys being made anew.
const sessions = 256

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// tlsConfig returns how servers prove who they are.
func tlsConfig(o Options) *tls.Config {
	return &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(sessions)}
}

// tlsDials dials connections over TLS, for HTTP/1.1.
func tlsDials(dial dialFunc, secure *tls.Config) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		own := secure.Clone()
		own.NextProtos = []string{"http/1.1"}
		if own.ServerName, _, err = net.SplitHostPort(address); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		over := tls.Client(conn, own)
		ctx, cancel := context.WithTimeout(ctx, connectTimeout)
		defer cancel()
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return over, nil
	}
}

// newTransport returns a transport that dials by dial only, follows no proxy
// setting and leaves compression to readBody.
func newTransport(o Options, dial dialFunc, secure *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dial,
		TLSClientConfig:        secure,
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
