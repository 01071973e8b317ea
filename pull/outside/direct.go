package outside

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of the connections that are kept for messages. One that has been idle
// for longer than most servers keep it is not tried again: whether a message
// on it arrived, nobody could tell.
const (
	directIdle    = 5 * time.Second
	directPerHost = 128
	directBuffer  = 4 << 10
)

// direct sends single requests over HTTP/1.1: without TLS, to gateways and servers on
// the own network, which take thousands of messages a second, and with it where one
// follows another soon (see host.straight). Reading and
// writing are the standard library's; what it spares is http.Transport's two
// goroutines for each connection, which cost a message as much as all the rest
// of its way out. Nothing is repeated on another connection.
type direct struct {
	// dial opens plain connections, secure those with TLS.
	dial, secure dialFunc

	mu   sync.Mutex
	idle map[[2]string][]*directConn
}

// directConn is one connection and its buffers.
type directConn struct {
	net.Conn
	// at is its scheme and address.
	at [2]string
	// ration bounds what TLS brings beside responses; nil without TLS.
	ration *rationed
	// limited ends the reading of a response that is too long.
	limited *io.LimitedReader
	in      *bufio.Reader
	out     *bufio.Writer
	since   time.Time
}

func newDirect(dial, secure dialFunc) *direct {
	return &direct{dial: dial, secure: secure, idle: map[[2]string][]*directConn{}}
}

// do sends one request and reads the whole response. sent is set before the
// first byte leaves.
func (d *direct) do(ctx context.Context, req *http.Request, limit int64, sent *atomic.Bool) (*http.Response, []byte, error) {
	address, usual, dial := req.URL.Host, "80", d.dial
	if req.URL.Scheme == "https" {
		usual, dial = "443", d.secure
	}
	if req.URL.Port() == "" {
		address = net.JoinHostPort(req.URL.Hostname(), usual)
	}
	c, err := d.take(ctx, dial, req.URL.Scheme, address)
	if err != nil {
		return nil, nil, err
	}
	// The end of ctx ends a read or write that is under way.
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	if c.ration != nil {
		c.ration.begin(limit)
		defer c.ration.end()
	}
	answer, body, err := c.exchange(req, limit, sent)
	if !stop() || err != nil || answer.Close || !d.put(c) {
		_ = c.Close()
	}
	return answer, body, err
}

func (c *directConn) exchange(req *http.Request, limit int64, sent *atomic.Bool) (*http.Response, []byte, error) {
	sent.Store(true)
	if err := req.Write(c.out); err != nil {
		return nil, nil, err
	}
	if err := c.out.Flush(); err != nil {
		return nil, nil, err
	}
	for range maxInterim {
		c.limited.N = MaxHeaderBytes
		answer, err := http.ReadResponse(c.in, req)
		if err != nil {
			return nil, nil, c.tooLong(err)
		}
		if answer.StatusCode >= 100 && answer.StatusCode < 200 && answer.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		answer.Close = answer.Close || answer.StatusCode == http.StatusSwitchingProtocols
		c.limited.N = limit + MaxHeaderBytes
		body, err := read(answer, limit, nil)
		return answer, body, errors.Join(err, answer.Body.Close())
	}
	return nil, nil, errInterim
}

// maxInterim is how many responses of 1xx and the final one are read.
const maxInterim = 6

var errInterim = errors.New("too many 1xx responses")

// tooLong tells a header that passed its limit from one that broke off.
func (c *directConn) tooLong(err error) error {
	if c.limited.N <= 0 {
		return errTooLarge
	}
	return err
}

// take returns the connection that was used last, or a new one.
func (d *direct) take(ctx context.Context, dial dialFunc, scheme, address string) (*directConn, error) {
	at := [2]string{scheme, address}
	if c := d.rested(at); c != nil {
		return c, nil
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: conn, N: MaxHeaderBytes}
	return &directConn{Conn: conn, at: at, limited: limited, ration: rationOf(conn),
		in: bufio.NewReaderSize(limited, directBuffer), out: bufio.NewWriterSize(conn, directBuffer)}, nil
}

func (d *direct) rested(at [2]string) *directConn {
	d.mu.Lock()
	defer d.mu.Unlock()
	idle := d.idle[at]
	if len(idle) == 0 {
		return nil
	}
	c := idle[len(idle)-1]
	if time.Since(c.since) > directIdle {
		// The others have rested for longer still.
		for _, old := range idle {
			_ = old.Close()
		}
		delete(d.idle, at)
		return nil
	}
	d.idle[at] = idle[:len(idle)-1]
	return c
}

// put keeps a connection for the next message. What still stands in its buffer
// belongs to nobody, so it is not kept then.
func (d *direct) put(c *directConn) bool {
	if c.in.Buffered() > 0 {
		return false
	}
	c.since = time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.idle == nil || len(d.idle[c.at]) >= directPerHost {
		return false
	}
	d.idle[c.at] = append(d.idle[c.at], c)
	return true
}

// close closes what rests; what is under way is closed when it is done.
func (d *direct) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, idle := range d.idle {
		for _, c := range idle {
			_ = c.Close()
		}
	}
	d.idle = nil
}
