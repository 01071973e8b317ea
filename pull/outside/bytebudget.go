package outside

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// What comes over a connection is bounded, whatever it is: frames and chunks
// without content, interim answers and trailers count for nothing else.
const (
	// idleBudget is what may come while nothing is asked: a handshake, settings, a
	// farewell.
	idleBudget = 256 << 10
	// framing is how many times its limit a body may take on the wire, and
	// besideBody what may stand around it.
	framing    = 3
	besideBody = 1 << 20
)

// budgetedConn is a connection that brings no more than its requests may take.
type budgetedConn struct {
	net.Conn
	left atomic.Int64
	mu   sync.Mutex
	open int
}

// budgetDials dials connections whose requests say what they may take.
func budgetDials(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		r := &budgetedConn{Conn: conn}
		r.left.Store(idleBudget)
		return r, nil
	}
}

// Read reads no more than is left, and is ErrTooLarge behind that.
func (r *budgetedConn) Read(p []byte) (int, error) {
	left := r.left.Load()
	if left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := r.Conn.Read(p[:min(int64(len(p)), left)])
	r.left.Add(int64(-n))
	return n, err //nolint:wrapcheck // as the connection has it
}

// beginRequest notes a request whose body may have that many bytes, end that it is over.
func (r *budgetedConn) beginRequest(limit int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open++
	r.left.Add(framing*limit + besideBody)
}

func (r *budgetedConn) endRequest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open--; r.open == 0 {
		r.left.Store(idleBudget)
	}
}

// budgetOf returns the budget of a connection, also of one under TLS, or nil.
func budgetOf(conn net.Conn) *budgetedConn {
	if over, ok := conn.(*tls.Conn); ok {
		conn = over.NetConn()
	}
	r, _ := conn.(*budgetedConn)
	return r
}

// way is how a request goes out: over which connection, and how far it came.
type way struct {
	// sent: its header has gone out, and the other side may act on it. The body is
	// left alone to be asked: the transport writes header and body at once only
	// where it knows the body to be in memory.
	sent sentMark
	mu   sync.Mutex
	conn *budgetedConn
	// reused: the connection had been there before, and may have ended meanwhile.
	reused bool
}

// withTrace has a request note its way.
func (w *way) withTrace(ctx context.Context, limit int64) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { w.sent.Store(true) },
		GotConn: func(got httptrace.GotConnInfo) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.releaseConn()
			w.reused = got.Reused
			if w.conn = budgetOf(got.Conn); w.conn != nil {
				w.conn.beginRequest(limit)
			}
		},
	})
}

// releaseConn gives the connection back; w.mu is held.
func (w *way) releaseConn() {
	if w.conn != nil {
		w.conn.endRequest()
		w.conn = nil
	}
}

func (w *way) endWay() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.releaseConn()
}

// mayResend says whether a request failed for nothing but a connection that had
// ended before: one that only reads is sent once more then.
func (w *way) mayResend(t *attempt, err error) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reused && isConnLost(err) && !t.request.Single && len(t.body) == 0 && (t.method == http.MethodGet || t.method == http.MethodHead)
}
