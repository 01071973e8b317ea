package forward

import (
	"fmt"
	"net"
	"sync/atomic"
	"time"
)

// Lent is an address that is lent to a server which ends before it: whoever connects in between is
// taken by the next one.
type Lent struct {
	*net.TCPListener
	closed atomic.Bool
}

// Accept returns the next connection, and net.ErrClosed once the address is given back.
func (l *Lent) Accept() (net.Conn, error) {
	conn, err := l.TCPListener.Accept()
	if err != nil && l.closed.Load() {
		return nil, net.ErrClosed
	}
	return conn, err //nolint:wrapcheck // the server looks at what it is
}

// Close ends Accept, and leaves the address open.
func (l *Lent) Close() error {
	if l.closed.Swap(true) {
		return nil
	}
	return l.SetDeadline(time.Unix(1, 0)) //nolint:wrapcheck // of the listener
}

// TakeBack returns the address once no Accept is under way any more.
func (l *Lent) TakeBack() (net.Listener, error) {
	if err := l.SetDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("take an address back: %w", err)
	}
	return l.TCPListener, nil
}
