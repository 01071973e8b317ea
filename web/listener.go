package web

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// lastWord is how long a client may take to finish its request once the server
// ends, and nodesLeave how long other nodes, to which it was told before, may take to
// close their connections.
const (
	lastWord   = 500 * time.Millisecond
	nodesLeave = 3 * time.Second
)

// trackingListener is a listener that knows its open connections. At its end the
// HTTP server waits for idle ones too, which browsers open ahead of need.
type trackingListener struct {
	net.Listener
	mu    sync.Mutex
	conns map[*trackedConn]struct{}
	// until is when the last request must have come; zero until the server ends.
	until time.Time
}

func newTrackingListener(ln net.Listener) *trackingListener {
	return &trackingListener{Listener: ln, conns: map[*trackedConn]struct{}{}}
}

// Accept returns the next connection.
func (d *trackingListener) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // the server looks at what it is
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	g := &trackedConn{Conn: conn, listener: d, address: conn.RemoteAddr().String(), until: d.until}
	d.conns[g] = struct{}{}
	return g, nil
}

// endReadsSoon bounds how long requests may still take to come; answers may take
// their time.
func (d *trackingListener) endReadsSoon() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = time.Now().Add(lastWord)
	for g := range d.conns {
		g.endReadsBy(d.until)
	}
}

// awaitNodes returns once no other node has a connection open by which it may be about to forward something:
// what was sent by one that is closed is lost.
func (d *trackingListener) awaitNodes(ctx context.Context) {
	const every = 10 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, nodesLeave)
	defer cancel()
	again := time.NewTicker(every)
	defer again.Stop()
	for d.hasNodes() {
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

func (d *trackingListener) hasNodes() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for g := range d.conns {
		if g.ofNode.Load() {
			return true
		}
	}
	return false
}

// trackedConn is a connection of a client.
type trackedConn struct {
	net.Conn
	ofNode   atomic.Bool // another node forwards by it
	listener *trackingListener
	// address is the client's.
	address string
	mu      sync.Mutex
	until   time.Time
}

// SetReadDeadline sets a deadline, at most the end of all reads.
func (g *trackedConn) SetReadDeadline(t time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.until.IsZero() && (t.IsZero() || t.After(g.until)) {
		t = g.until
	}
	if err := g.Conn.SetReadDeadline(t); err != nil {
		return fmt.Errorf("set the deadline: %w", err)
	}
	return nil
}

func (g *trackedConn) endReadsBy(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = until
	// A connection that is closed meanwhile needs no deadline.
	_ = g.Conn.SetReadDeadline(until)
}

// Close closes the connection.
func (g *trackedConn) Close() error {
	g.listener.mu.Lock()
	delete(g.listener.conns, g)
	g.listener.mu.Unlock()
	return g.Conn.Close() //nolint:wrapcheck // the server looks at what it is
}
