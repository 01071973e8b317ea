package sourcetest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"keypull/pull/outside"
)

// most is how much a server would send, and mostTaken how much of it may be
// taken of one answer.
const (
	most      = 256 << 20
	mostTaken = 8 * outside.DefaultMaxBytes
)

// world is what lies beside the servers that lie: a stranger, whom secrets are
// not for, and what lies inside, which nobody may ask.
type world struct {
	stranger *httptest.Server
	inside   string // its port
	secrets  []string
	proofs   *proofs

	mu    sync.Mutex
	leaks []string
}

// leak notes that something was shown where it must not be.
func (w *world) leak(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leaks = append(w.leaks, what)
}

// leaked returns what was noted since it was last called.
func (w *world) leaked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	leaks := w.leaks
	w.leaks = nil
	return leaks
}

// inspect looks for what no request may carry, or none to a stranger.
func (w *world) inspect(r *http.Request, body []byte, stranger bool) {
	var text strings.Builder
	_ = r.Header.Write(&text)
	shown := text.String() + r.URL.String() + string(body)
	if r.Header.Get("Cookie") != "" {
		w.leak("a cookie was sent back")
	}
	if !stranger {
		return
	}
	for _, name := range []string{"Authorization", "X-Api-Key", "Proxy-Authorization"} {
		if r.Header.Get(name) != "" {
			w.leak(name + " was shown to a stranger")
		}
	}
	for _, secret := range w.secrets {
		if strings.Contains(shown, secret) {
			w.leak("a secret was shown to a stranger")
		}
	}
}

func newWorld(t *testing.T, healthy http.Handler, secrets []string) *world {
	t.Helper()
	w := &world{secrets: secrets, proofs: newProofs(t)}
	w.stranger = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.inspect(r, body, true)
		healthy.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.stranger.Close)
	// What listens everywhere is inside at every address but that of the liars.
	inside, err := net.Listen("tcp", ":0") //nolint:noctx,gosec // it is closed at the end of the test, and answers nobody
	if err != nil {
		t.Fatal(err)
	}
	_, w.inside, _ = net.SplitHostPort(inside.Addr().String())
	guard := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { //nolint:gosec // closed below
		if strings.HasPrefix(r.URL.Path, "/inside") {
			w.leak("what lies inside was asked at " + r.Host)
		}
	})}
	var work sync.WaitGroup
	work.Go(func() { _ = guard.Serve(inside) })
	t.Cleanup(func() {
		_ = guard.Close()
		work.Wait()
	})
	return w
}

// liar is a server that is honest until it lies.
type liar struct {
	net.Listener
	lie
	world         *world
	healthy       http.Handler
	address, port string
	lying         atomic.Bool
	turns, named  atomic.Int64
	// asked counts the requests for anything but robots.txt.
	asked atomic.Int64
	// first is what it said first.
	first atomic.Pointer[httptest.ResponseRecorder]
	// posts: what it was asked by is no GET.
	posts atomic.Bool
	// taken is what was written of the lies, and is the most of one answer.
	taken atomic.Int64
	// open are its connections: those of lies end with the lies.
	mu   sync.Mutex
	open map[net.Conn]bool
	life context.Context //nolint:containedctx // that of the server
	work sync.WaitGroup
}

func newLiar(t *testing.T, w *world, healthy http.Handler, a lie) *liar {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at the end of the test
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{Listener: listener, lie: a, world: w, healthy: healthy, open: map[net.Conn]bool{}}
	_, l.port, _ = net.SplitHostPort(listener.Addr().String())
	switch a.over {
	case plain:
		l.address = "http://127.0.0.1:" + l.port
	case named:
		l.address = "http://liar.example:" + l.port
	case secured, framed:
		l.address = "https://127.0.0.1:" + l.port
	}
	life, end := context.WithCancel(context.Background())
	l.life = life
	l.work.Go(l.serve)
	t.Cleanup(func() {
		_ = l.Close()
		end()
		l.work.Wait()
	})
	return l
}

func (l *liar) serve() {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		l.work.Go(func() {
			defer l.holds(c)()
			l.hold(c)
		})
	}
}

// holds notes a connection; the function closes it.
func (l *liar) holds(c net.Conn) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[c] = true
	stop := context.AfterFunc(l.life, func() { _ = c.Close() })
	return func() {
		stop()
		_ = c.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, c)
	}
}

// begin has it lie, repent be honest again.
func (l *liar) begin() {
	l.turns.Store(0)
	l.lying.Store(true)
}

func (l *liar) repent() {
	l.lying.Store(false)
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		_ = c.Close()
	}
}

// hold keeps one connection.
func (l *liar) hold(c net.Conn) {
	lying := l.lying.Load()
	if lying && l.greet != nil {
		l.greet(c)
		return
	}
	if l.over == secured || l.over == framed {
		config := l.world.proofs.config(l.over)
		if lying && l.proves != nil {
			l.proves(l.world.proofs, config)
		}
		s := tls.Server(c, config)
		if err := s.HandshakeContext(l.life); err != nil {
			return
		}
		c = s
		if s.ConnectionState().NegotiatedProtocol == "h2" {
			l.frames(c)
			return
		}
	}
	l.talk(c, bufio.NewReader(c))
}

// talk answers the requests of a connection.
func (l *liar) talk(c net.Conn, in *bufio.Reader) {
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		x := l.exchange(c, in, r)
		if l.honestFor(r) {
			if !l.keeps {
				x.honest()
				return
			}
			x.say("HTTP/1.1 200 OK\nContent-Type: TYPE\nContent-Length: LENGTH\n\nBODY")
			continue
		}
		x.turn = l.turns.Add(1)
		x.Writer = &measured{Writer: c, of: l}
		l.tell(x)
		return
	}
}

// honestFor says whether a request gets an honest answer: nobody lies at
// robots.txt but those who do nothing else.
func (l *liar) honestFor(r *http.Request) bool {
	return !l.lying.Load() || l.robots != (r.URL.Path == "/robots.txt") || l.tell == nil
}

// exchange notes a request, and what is to be said to it.
func (l *liar) exchange(c net.Conn, in *bufio.Reader, r *http.Request) *exchange {
	body, _ := io.ReadAll(r.Body)
	_, host, _ := strings.Cut(l.address, "//")
	l.world.inspect(r, body, r.Host != host)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Method != http.MethodGet {
		l.posts.Store(true)
	}
	x := &exchange{liar: l, Writer: c, conn: c, in: in, request: r, sound: httptest.NewRecorder()}
	if r.URL.Path == "/robots.txt" {
		_, _ = x.sound.WriteString("User-agent: *\nDisallow:\n")
		return x
	}
	l.asked.Add(1)
	l.healthy.ServeHTTP(x.sound, r)
	l.first.CompareAndSwap(nil, x.sound)
	return x
}

// measured notes how much of an answer is taken.
type measured struct {
	io.Writer
	of *liar
	n  int64
}

// Write implements io.Writer.
func (m *measured) Write(p []byte) (int, error) {
	n, err := m.Writer.Write(p)
	m.n += int64(n)
	for {
		before := m.of.taken.Load()
		if m.n <= before || m.of.taken.CompareAndSwap(before, m.n) {
			return n, err //nolint:wrapcheck // as the connection has it
		}
	}
}
