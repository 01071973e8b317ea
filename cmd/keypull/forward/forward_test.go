package forward_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/cmd/keypull/forward"
	"keypull/pull/outside"
	"keypull/store"
)

// patience bounds what is waited for; nothing takes so long when all is well.
const patience = 30 * time.Second

// transport reaches nodes of this machine.
func transport() forward.Transport {
	return outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}).Transport()
}

// thenTransport does something once an exchange with another node has ended.
type thenTransport struct {
	forward.Transport
	then func()
}

func (t *thenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.Transport.RoundTrip(r)
	t.then()
	return answer, err
}

// waiting serves a node that waits, and returns its address.
func waiting(t *testing.T, within time.Duration, set ...func(*http.Server)) (*forward.Forwarder, string) {
	t.Helper()
	return waitingOver(t, within, transport(), set...)
}

// waitingOver serves a node that waits and reaches others over a transport.
func waitingOver(t *testing.T, within time.Duration, over forward.Transport, set ...func(*http.Server)) (*forward.Forwarder, string) {
	t.Helper()
	f := forward.New(forward.Options{Version: "1.2.3", Patience: within, Ready: within, Transport: over, Logger: slog.New(slog.DiscardHandler)})
	server := httptest.NewUnstartedServer(nil)
	server.Config = f.Server()
	for _, f := range set {
		f(server.Config)
	}
	server.Start()
	t.Cleanup(func() { f.Close(); server.Close() })
	return f, server.URL
}

// node serves one that works, and returns what is known of it.
func node(t *testing.T, id uint64, h http.HandlerFunc) store.Node {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return store.Node{ID: id, URL: server.URL, Pass: fmt.Sprint("pass of ", id)}
}

type answer struct {
	status int
	closes bool // the connection
	header http.Header
	body   string
}

func ask(t *testing.T, method, url, body string, header ...string) (a answer) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "pull.example.org"
	for pair := range slices.Chunk(header, 2) {
		r.Header.Add(pair[0], pair[len(pair)-1])
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{got.StatusCode, got.Close, got.Header, string(text)}
}

// What comes reaches the node that works as it was sent, with the address that it came from behind those
// that it names.
func TestARequestArrivesAsItWasSent(t *testing.T) {
	f, url := waiting(t, patience)
	f.SetNode(node(t, 1, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Own", "its own")
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprintln(w, r.Method, r.Host, r.RequestURI, r.Header["X-Forwarded-For"], r.Header.Get("X-Signature"), r.Header.Get("Keypull-Node"), r.Header.Get("Accept-Encoding"), string(body))
	}))
	for _, tt := range []struct{ method, path, body, want string }{
		{"POST", "/hook/a/b?q=1;2&%zz", "a body", "POST pull.example.org /hook/a/b?q=1;2&%zz [203.0.113.9, 127.0.0.1] s1 pass of 1  a body"},
		{"GET", "/a%2Fb/c//d", "", "GET pull.example.org /a%2Fb/c//d [203.0.113.9, 127.0.0.1] s1 pass of 1  "},
		{"PUT", "/large", strings.Repeat("x", 1<<20), "PUT pull.example.org /large [203.0.113.9, 127.0.0.1] s1 pass of 1  " + strings.Repeat("x", 1<<20)},
	} {
		got := ask(t, tt.method, url+tt.path, tt.body, "X-Forwarded-For", "203.0.113.9", "X-Signature", "s1", "Accept-Encoding", "")
		if got.status != http.StatusTeapot || got.header.Get("X-Own") != "its own" || strings.TrimSuffix(got.body, "\n") != tt.want {
			t.Errorf("%s %s: %d, %.200q", tt.method, tt.path, got.status, got.body)
		}
	}
}

// A request is held while none works, and sent again where it did no harm: it was not sent yet, a node
// says that it is not the one that was meant, or it only reads.
func TestARequestIsHeldUntilANodeWorks(t *testing.T) {
	dead := node(t, 7, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead.URL = "http://" + ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
	mistaken := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Keypull-Node", "another")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	for name, tt := range map[string]struct {
		method, body string
		first        store.Node
		taken        bool
	}{
		"none works":                          {"POST", "a body", store.Node{}, true},
		"none works, and a body that is long": {"POST", strings.Repeat("x", 1<<20), store.Node{}, true},
		"it is dead":                          {"POST", "a body", dead, true},
		"it is dead, and the body is long":    {"POST", strings.Repeat("x", 1<<20), dead, true},
		"it is another one":                   {"POST", "a body", node(t, 8, mistaken), true},
		"it dies while it reads":              {"GET", "", node(t, 9, cut), true},
		"it dies while it writes":             {"POST", "a body", node(t, 9, cut), false},
	} {
		t.Run(name, func(t *testing.T) {
			second := node(t, 20, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_, _ = w.Write(body)
			})
			over := &thenTransport{Transport: transport()}
			f, url := waitingOver(t, patience, over)
			over.then = func() { f.SetNode(second) }
			f.SetNode(tt.first)
			if tt.first.URL == "" {
				timer := time.AfterFunc(100*time.Millisecond, over.then)
				defer timer.Stop()
			}
			got := ask(t, tt.method, url+"/hook", tt.body)
			if tt.taken && (got.status != http.StatusOK || got.body != tt.body) || !tt.taken && got.status != http.StatusServiceUnavailable {
				t.Errorf("it ends with %d %.100q", got.status, got.body)
			}
			if !tt.taken && got.header.Get("Retry-After") != "1" {
				t.Errorf("it is told with %v", got.header)
			}
		})
	}
}

// Where none takes it, a request is refused with a sentence, in the language of who sent it.
func TestARequestThatNobodyTakesIsRefused(t *testing.T) {
	_, url := waiting(t, time.Millisecond)
	got := ask(t, "POST", url+"/hook", "a body", "Accept-Language", "de")
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "Gerade arbeitet kein keypull") || got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("it ends with %d %s %v", got.status, got.body, got.header)
	}
	if got := ask(t, "GET", url+"/readyz", ""); got.status != http.StatusServiceUnavailable || got.body != `{"ready":false,"version":"1.2.3","waiting":true}`+"\n" {
		t.Errorf("it is ready: %d %s", got.status, got.body)
	}
	if got := ask(t, "GET", url+"/healthz", ""); got.status != http.StatusOK || got.body != "ok\n" {
		t.Errorf("it lives: %d %s", got.status, got.body)
	}
	if got := ask(t, "POST", url+"/hook", "", "Keypull-Node", "anything"); got.status != http.StatusServiceUnavailable || got.header.Get("Keypull-Node") != "waits" || !got.closes {
		t.Errorf("what another node forwards: %d %v", got.status, got.header)
	}
}

// It is as ready as the node that works.
func TestANodeIsAsReadyAsTheOneThatWorks(t *testing.T) {
	f, url := waiting(t, patience)
	for status, told := range map[int]string{http.StatusOK: `{"pending":3,"ready":true`, http.StatusServiceUnavailable: `{"ready":false,"store":"full"`} {
		f.SetNode(node(t, uint64(status), func(w http.ResponseWriter, _ *http.Request) { //nolint:gosec // a status
			w.WriteHeader(status)
			_, _ = io.WriteString(w, told+"}\n")
		}))
		if got := ask(t, "GET", url+"/readyz", ""); got.status != status || got.body != told+`,"waiting":true}` {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
}

// Keys are told over no way that others read.
func TestKeysAreForwardedWhereNobodyReadsAlone(t *testing.T) {
	f, url := waiting(t, time.Millisecond)
	n := node(t, 1, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	f.SetNode(n)
	if got := ask(t, "POST", url+"/standby", ""); got.status != http.StatusNoContent {
		t.Errorf("on this machine: %d", got.status)
	}
	n.URL = strings.Replace(n.URL, "127.0.0.1", "keypull.invalid", 1)
	f.SetNode(n)
	if got := ask(t, "POST", url+"/standby", ""); got.status != http.StatusMisdirectedRequest {
		t.Errorf("elsewhere: %d", got.status)
	}
}

// A stream comes as it is written, however long it takes to read a request, and ends when another node
// works.
func TestAStreamEndsWithItsNode(t *testing.T) {
	const read = 50 * time.Millisecond
	f, url := waiting(t, patience, func(s *http.Server) { s.ReadTimeout = read })
	f.SetNode(node(t, 1, func(w http.ResponseWriter, r *http.Request) {
		for range 2 {
			_, _ = io.WriteString(w, "data: first\n")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(3 * read)
		}
		<-r.Context().Done()
	}))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	events := bufio.NewReader(got.Body)
	for range 2 {
		if line, err := events.ReadString('\n'); err != nil || line != "data: first\n" {
			t.Fatalf("%q, %v", line, err)
		}
	}
	f.SetNode(store.Node{ID: 2})
	if _, err := events.ReadString('\n'); err == nil {
		t.Error("the stream goes on")
	}
}

// An address that is lent goes back without a connection being refused.
func TestAnAddressIsLentAndGivenBack(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, ok := ln.(*net.TCPListener)
	if !ok {
		t.Fatalf("it is a %T", ln)
	}
	lent := &forward.Lent{TCPListener: tcp}
	by := func(name string) *http.Server {
		return &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }), ReadHeaderTimeout: patience}
	}
	one, two := by("one"), by("two")
	ended := make(chan error, 2)
	go func() { ended <- one.Serve(lent) }()
	if got := ask(t, "GET", "http://"+ln.Addr().String(), ""); got.body != "one" {
		t.Errorf("at first %q answers", got.body)
	}
	ctx, over := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", ln.Addr().String())
				if err != nil {
					t.Errorf("a connection is refused: %v", err)
					return
				}
				_ = conn.Close()
			}
		})
	}
	if err := errors.Join(lent.Close(), lent.Close()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("the first one ended with %v", err)
	}
	back, err := lent.TakeBack()
	if err != nil {
		t.Fatal(err)
	}
	go func() { ended <- two.Serve(back) }()
	if err := one.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
	if got := ask(t, "GET", "http://"+ln.Addr().String(), ""); got.body != "two" {
		t.Errorf("then %q answers", got.body)
	}
	over()
	asking.Wait()
	_ = two.Close()
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("the second one ended with %v", err)
	}
}

// When a node that waits ends, streams end, and what is under way else is answered.
func TestWhatIsUnderWayIsAnsweredWhenItEnds(t *testing.T) {
	asked, goOn := make(chan struct{}, 2), make(chan struct{})
	f := forward.New(forward.Options{Patience: patience, Ready: patience, Transport: transport(), Logger: slog.New(slog.DiscardHandler)})
	f.SetNode(node(t, 1, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" {
			w.Header().Set("Content-Type", "text/event-stream")
			_ = http.NewResponseController(w).Flush()
			asked <- struct{}{}
			<-r.Context().Done()
			return
		}
		asked <- struct{}{}
		<-goOn
		_, _ = io.WriteString(w, "answered")
	}))
	server := f.Server()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	url := "http://" + ln.Addr().String()
	var clients sync.WaitGroup
	clients.Go(func() {
		if got := ask(t, "POST", url+"/hook", "a body"); got.body != "answered" {
			t.Errorf("it is answered %d %q", got.status, got.body)
		}
	})
	clients.Go(func() {
		if got, err := http.Get(url + "/events"); err == nil { //nolint:noctx // it ends with the stream
			_, _ = io.Copy(io.Discard, got.Body)
			_ = got.Body.Close()
		}
	})
	<-asked
	<-asked
	f.EndStreams()
	ended := make(chan error, 1)
	go func() { ended <- server.Shutdown(t.Context()) }()
	close(goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	clients.Wait()
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	f.Close()
}
