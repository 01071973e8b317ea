package outside

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
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
// follows another soon (see host.goesDirect). What it spares is http.Transport's two
// goroutines for each connection, which cost a message as much as all the rest
// of its way out, and, for what is plain, what the standard library makes of each
// message: an eighth of the processor that a whole ask takes. Nothing is repeated on
// another connection, and one that rested is looked at before it is used.
type direct struct {
	// dial opens plain connections, secure those with TLS.
	dial, secure dialFunc

	mu   sync.Mutex
	idle map[[2]string][]*directConn
}

// directConn is one connection and its buffers.
type directConn struct {
	net.Conn
	// at is the scheme and host of who is at its other end.
	at [2]string
	// ration bounds what TLS brings beside responses; nil without TLS.
	ration *budgetedConn
	// limited ends the reading of a response that is too long.
	limited *io.LimitedReader
	in      *bufio.Reader
	// out is where requests are written before they leave, expire ends what is
	// under way.
	out    []byte
	expire func()
	since  time.Time
}

func newDirect(dial, secure dialFunc) *direct {
	return &direct{dial: dial, secure: secure, idle: map[[2]string][]*directConn{}}
}

// sendRequest sends one request and reads the whole response. sent is set before the
// first byte leaves.
func (d *direct) sendRequest(ctx context.Context, t *attempt, sent *atomic.Bool) (reply, error) {
	c, err := d.takeConn(ctx, t.url)
	if err != nil {
		return reply{}, err
	}
	// The end of ctx ends a read or write that is under way.
	stop := context.AfterFunc(ctx, c.expire)
	limit := t.request.bodyLimit()
	if c.ration != nil {
		c.ration.beginRequest(limit)
		defer c.ration.endRequest()
	}
	sent.Store(true)
	r, err := c.exchangeOnce(t, limit)
	if !stop() || err != nil || r.last || !d.putConn(c) {
		_ = c.Close()
	}
	return r, err
}

func (c *directConn) exchangeOnce(t *attempt, limit int64) (reply, error) {
	out, whole, err := t.appendWire(c.out[:0])
	if err != nil {
		return reply{}, err
	}
	if _, err := c.Write(out); err != nil {
		return reply{}, err
	}
	if cap(out) <= directBuffer {
		c.out = out
	}
	if !whole {
		if _, err := c.Write(t.body); err != nil {
			return reply{}, err
		}
	}
	return c.readAnswer(t.method, limit)
}

// readAnswer reads the response to a request of that method.
func (c *directConn) readAnswer(method string, limit int64) (reply, error) {
	for range maxInterim {
		c.limited.N = MaxHeaderBytes
		if r, ok, err := c.readPlain(method, limit); ok || err != nil {
			return r, c.tooLongError(err)
		}
		answer, err := http.ReadResponse(c.in, &http.Request{Method: method})
		if err != nil {
			return reply{}, c.tooLongError(err)
		}
		if answer.StatusCode >= 100 && answer.StatusCode < 200 && answer.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		c.limited.N = limit + MaxHeaderBytes
		body, err := readBody(answer, limit, nil)
		return reply{status: answer.StatusCode, header: answer.Header, body: body,
			last: answer.Close || answer.StatusCode == http.StatusSwitchingProtocols}, errors.Join(err, answer.Body.Close())
	}
	return reply{}, errInterim
}

// maxInterim is how many responses of 1xx and the final one are read.
const maxInterim = 6

var errInterim = errors.New("too many 1xx responses")

// tooLongError tells a header that passed its limit from one that broke off.
func (c *directConn) tooLongError(err error) error {
	if err != nil && c.limited.N <= 0 {
		return errTooLarge
	}
	return err
}

// takeConn returns the connection that was used last, or a new one.
func (d *direct) takeConn(ctx context.Context, to *url.URL) (*directConn, error) {
	at := [2]string{to.Scheme, to.Host}
	if c := d.quietConn(at); c != nil {
		return c, nil
	}
	address, usual, dial := to.Host, "80", d.dial
	if to.Scheme == "https" {
		usual, dial = "443", d.secure
	}
	if to.Port() == "" {
		address = net.JoinHostPort(to.Hostname(), usual)
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: conn, N: MaxHeaderBytes}
	return &directConn{
		Conn: conn, at: at, limited: limited, ration: budgetOf(conn), in: bufio.NewReaderSize(limited, directBuffer),
		expire: func() { _ = conn.SetDeadline(time.Unix(1, 0)) },
	}, nil
}

// quietConn returns the connection that was used last and on which nothing has come
// since: what is there before it is asked for answers no message, and one that has
// ended brings none.
func (d *direct) quietConn(at [2]string) *directConn {
	for c := d.lastConn(at); c != nil; c = d.lastConn(at) {
		if c.isQuiet() {
			return c
		}
		_ = c.Close()
	}
	return nil
}

// lastConn takes the connection that was used last from those that rest.
func (d *direct) lastConn(at [2]string) *directConn {
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

// isQuiet reports whether nothing has come over a connection that rests, be it on
// the wire or within TLS.
func (c *directConn) isQuiet() bool {
	under := c.Conn
	over, secure := under.(*tls.Conn)
	if secure {
		under = over.NetConn()
	}
	if r, ok := under.(*budgetedConn); ok {
		under = r.Conn
	}
	wire, ok := under.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := wire.SyscallConn()
	if err != nil || !isSilent(raw) {
		return false
	}
	if !secure {
		return true
	}
	// TLS may have read more than it has handed on: past its time it reads no more.
	if c.SetReadDeadline(time.Unix(1, 0)) != nil {
		return false
	}
	c.limited.N = 1
	_, err = c.in.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && c.SetReadDeadline(time.Time{}) == nil
}

// putConn keeps a connection for the next message. What still stands in its buffer
// belongs to nobody, so it is not kept then.
func (d *direct) putConn(c *directConn) bool {
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

// closeIdle closes what rests; what is under way is closed when it is done.
func (d *direct) closeIdle() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, idle := range d.idle {
		for _, c := range idle {
			_ = c.Close()
		}
	}
	d.idle = nil
}
