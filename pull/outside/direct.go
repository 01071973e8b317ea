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

// direct sends single requests over plain HTTP/1.1: to gateways and servers on
// the own network, which take thousands of messages a second. Reading and
// writing are the standard library's; what it spares is http.Transport's two
// goroutines for each connection, which cost a message as much as all the rest
// of its way out. Nothing is repeated on another connection.
type direct struct {
	dial dialFunc
	mu   sync.Mutex
	idle map[string][]*directConn
}

// directConn is one connection and its buffers.
type directConn struct {
	net.Conn
	// limited ends the reading of a response that is too long.
	limited *io.LimitedReader
	in      *bufio.Reader
	out     *bufio.Writer
	since   time.Time
}

func newDirect(dial dialFunc) *direct { return &direct{dial: dial, idle: map[string][]*directConn{}} }

// serves reports whether a request goes out this way.
func (d *direct) serves(t *trip) bool { return t.request.Single && t.url.Scheme == "http" }

// do sends one request and reads the whole response. sent is set before the
// first byte leaves.
func (d *direct) do(ctx context.Context, req *http.Request, limit int64, sent *atomic.Bool) (*http.Response, []byte, error) {
	address := req.URL.Host
	if req.URL.Port() == "" {
		address = net.JoinHostPort(req.URL.Hostname(), "80")
	}
	c, err := d.take(ctx, address)
	if err != nil {
		return nil, nil, err
	}
	// The end of ctx ends a read or write that is under way.
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	answer, body, err := c.exchange(req, limit, sent)
	if !stop() || err != nil || answer.Close || !d.put(address, c) {
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
func (d *direct) take(ctx context.Context, address string) (*directConn, error) {
	if c := d.rested(address); c != nil {
		return c, nil
	}
	conn, err := d.dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: conn, N: MaxHeaderBytes}
	return &directConn{Conn: conn, limited: limited,
		in: bufio.NewReaderSize(limited, directBuffer), out: bufio.NewWriterSize(conn, directBuffer)}, nil
}

func (d *direct) rested(address string) *directConn {
	d.mu.Lock()
	defer d.mu.Unlock()
	idle := d.idle[address]
	if len(idle) == 0 {
		return nil
	}
	c := idle[len(idle)-1]
	if time.Since(c.since) > directIdle {
		// The others have rested for longer still.
		for _, old := range idle {
			_ = old.Close()
		}
		delete(d.idle, address)
		return nil
	}
	d.idle[address] = idle[:len(idle)-1]
	return c
}

// put keeps a connection for the next message. What still stands in its buffer
// belongs to nobody, so it is not kept then.
func (d *direct) put(address string, c *directConn) bool {
	if c.in.Buffered() > 0 {
		return false
	}
	c.since = time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.idle == nil || len(d.idle[address]) >= directPerHost {
		return false
	}
	d.idle[address] = append(d.idle[address], c)
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
