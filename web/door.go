package web

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// lastWord is how long a client may take to finish its request once the server
// ends.
const lastWord = 500 * time.Millisecond

// door is a listener that knows who is inside. The HTTP server waits at its
// end for connections on which no request has come yet as for those on which
// one is answered; browsers open some ahead of need and never use them.
type door struct {
	net.Listener
	mu     sync.Mutex
	inside map[*guest]struct{}
	// until is when the last request must have come; zero while the door is
	// open.
	until time.Time
}

func newDoor(ln net.Listener) *door {
	return &door{Listener: ln, inside: map[*guest]struct{}{}}
}

// Accept lets the next client in.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // the server looks at what it is
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	g := &guest{Conn: conn, door: d, address: conn.RemoteAddr().String(), until: d.until}
	d.inside[g] = struct{}{}
	return g, nil
}

// hurryAll has everybody finish asking soon. Answers may take their time.
func (d *door) hurryAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = time.Now().Add(lastWord)
	for g := range d.inside {
		g.hurry(d.until)
	}
}

// guest is a connection of a client.
type guest struct {
	net.Conn
	door *door
	// address is where they come from, put into words once.
	address string
	mu      sync.Mutex
	until   time.Time
}

// SetReadDeadline keeps to the hurry.
func (g *guest) SetReadDeadline(t time.Time) error {
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

func (g *guest) hurry(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = until
	// A connection that is closed meanwhile needs no deadline.
	_ = g.Conn.SetReadDeadline(until)
}

// Close lets the client out.
func (g *guest) Close() error {
	g.door.mu.Lock()
	delete(g.door.inside, g)
	g.door.mu.Unlock()
	return g.Conn.Close() //nolint:wrapcheck // the server looks at what it is
}
