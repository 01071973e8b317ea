// Package forward is the reverse proxy of a node that waits: it hands what comes to the node that
// works, and holds it for a while where none does. It leaves alone who works, which is known to the
// store.
package forward

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/standby"
	"keypull/pull/words"
	"keypull/store"
	"keypull/web"
	"keypull/web/messengers"
)

// Limits of what is forwarded.
const (
	// mostHeld are forwarded or held at a time, with bodies of keptBody at most that are sent again.
	mostHeld  = 4096
	keptBody  = 64 << 10
	mostReady = 1 << 20
	// again is when a node is tried again that could not be reached. The log says so where it lasts longer
	// than a node that died counts as alive, and then once a minute.
	again  = 50 * time.Millisecond
	lasts  = 5 * time.Second
	warned = time.Minute
)

const readyPath = "/readyz"

// ErrNoNode says that no node that works was reached.
var ErrNoNode = errors.New("forward: no node that works was reached")

// errMisdirected says that others could read on the way to the node that works what is secret.
var errMisdirected = errors.New("forward: a secret may not go this way")

// Options are those of a Forwarder.
type Options struct {
	Version string
	// Patience is how long a request is held while no node takes it, and Ready how long /readyz is.
	Patience, Ready time.Duration
	// Transport reaches other nodes, and adds nothing to what it sends.
	Transport Transport
	Logger    *slog.Logger
}

// Transport sends requests to other nodes.
type Transport interface {
	RoundTrip(*http.Request) (*http.Response, error)
	CloseIdleConnections()
}

// Forwarder is the reverse proxy. It is safe for concurrent use.
type Forwarder struct {
	o          Options
	proxy      httputil.ReverseProxy
	held       chan struct{}
	streams    context.Context // ends when streams have to
	endStreams context.CancelFunc

	mu     sync.Mutex
	over   bool // connections end with the answer under way
	node   store.Node
	tenure context.Context // ends once another node works
	end    context.CancelFunc
	failed time.Time // since when the node is not reached; zero where it is
	warned time.Time
}

// New returns a Forwarder that knows of no node yet.
func New(o Options) *Forwarder {
	f := &Forwarder{o: o, held: make(chan struct{}, mostHeld)}
	f.tenure, f.end = context.WithCancel(context.Background())
	f.streams, f.endStreams = context.WithCancel(context.Background())
	f.proxy = httputil.ReverseProxy{
		Rewrite: rewriteRequest, Transport: f, FlushInterval: -1, ModifyResponse: f.markReady, ErrorHandler: f.refuseRequest,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return f
}

// Server returns an HTTP server of the forwarder, with the limits of the service's own.
func (f *Forwarder) Server() *http.Server {
	return &http.Server{
		Handler: f, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: web.LargeTimeout, IdleTimeout: web.IdleTimeout, MaxHeaderBytes: web.HeaderLimit,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}

// SetNode says which node works; none does where it has no ID, and none is reached where it has no URL.
// What is under way at another one ends.
func (f *Forwarder) SetNode(n store.Node) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n.ID != f.node.ID {
		f.end()
		f.tenure, f.end = context.WithCancel(context.Background())
		f.failed = time.Time{}
	}
	if n.URL == "" || n.ID != f.node.ID {
		f.o.Transport.CloseIdleConnections() // the node that leaves waits for that
	}
	f.node = n
}

// Close ends what is under way.
func (f *Forwarder) Close() { f.SetNode(store.Node{}) }

// EndStreams ends what would not end by itself: who reads a stream connects anew, elsewhere.
func (f *Forwarder) EndStreams() { f.endStreams() }

// EndConnections has each connection end behind its next answer: who keeps it open connects anew, to
// whoever has the address by then.
func (f *Forwarder) EndConnections() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
}

func (f *Forwarder) isOver() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.over
}

func (f *Forwarder) workingNode() (store.Node, context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.node, f.tenure
}

// ServeHTTP forwards a request; /healthz is this node's own.
func (f *Forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		_, _ = io.WriteString(w, "ok\n")
		return
	}
	if r.Header.Get(web.NodeHeader) != "" {
		// Another node takes this one for the one that works, or by a connection of before it worked.
		w.Header().Set(web.NodeHeader, "waits")
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	select {
	case f.held <- struct{}{}:
		defer func() { <-f.held }()
	default:
		f.refuseRequest(w, r, ErrNoNode)
		return
	}
	if r.URL.Path == readyPath {
		ctx, cancel := context.WithTimeout(r.Context(), f.o.Ready)
		defer cancel()
		r = r.WithContext(ctx)
	}
	if r.ContentLength > 0 && r.ContentLength <= keptBody {
		body := make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, body); err != nil {
			return // who sends it is gone, or too slow
		}
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
	}
	f.proxy.ServeHTTP(patientWriter{w, f, http.NewResponseController(w)}, r)
}

// rewriteRequest has a request reach the other node as it came, with the address that it came from.
func rewriteRequest(p *httputil.ProxyRequest) {
	p.Out.URL.RawQuery, p.Out.Host = p.In.URL.RawQuery, p.In.Host
	hops := slices.Clone(p.In.Header["X-Forwarded-For"])
	if host, _, err := net.SplitHostPort(p.In.RemoteAddr); err == nil {
		hops = append(hops, host)
	}
	p.Out.Header["X-Forwarded-For"] = []string{strings.Join(hops, ", ")}
}

// RoundTrip sends a request to the node that works, and again where
// that one was not reached, or another one works by now.
func (f *Forwarder) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	patience := time.NewTimer(f.o.Patience)
	defer patience.Stop()
	for {
		node, tenure := f.workingNode()
		if node.URL != "" && isSecret(r.URL.Path) && !config.Confidential(node.URL) {
			return nil, errMisdirected
		}
		if node.URL != "" {
			answer, err := f.sendRequest(tenure, r, node)
			f.noteReached(node, err)
			if err == nil || !errors.Is(err, ErrNoNode) {
				return answer, err
			}
		}
		select {
		case <-tenure.Done():
		case <-time.After(again):
		case <-patience.C:
			return nil, ErrNoNode
		case <-r.Context().Done():
			return nil, context.Cause(r.Context())
		}
	}
}

// isSecret says that keys are told at a path.
func isSecret(path string) bool {
	return path == standby.Root || strings.HasPrefix(path, standby.Root+"/")
}

// sendRequest sends a request to a node, for as long as that one works. ErrNoNode says that it has not reached one that works, or that it may be sent
// again.
func (f *Forwarder) sendRequest(tenure context.Context, r *http.Request, node store.Node) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	stop := context.AfterFunc(tenure, cancel)
	leave := func() bool { return true }
	ended := func() { stop(); leave(); cancel() }
	var sent atomic.Bool
	out := r.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}))
	var err error
	out.URL.Scheme, out.URL.Host, _ = strings.Cut(node.URL, "://")
	out.Header.Set(web.NodeHeader, node.Pass)
	switch {
	case r.GetBody != nil:
		out.Body, err = r.GetBody()
	case r.Body != nil:
		out.Body = io.NopCloser(r.Body)
	}
	var answer *http.Response
	if err == nil {
		answer, err = f.o.Transport.RoundTrip(out)
	}
	if err == nil && answer.Header.Get(web.NodeHeader) != "" {
		sent.Store(false)
		err = errors.Join(answer.Body.Close(), errors.New("it does not take what this node forwards"))
	}
	if err == nil {
		if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
			leave = context.AfterFunc(f.streams, cancel)
		}
		answer.Body = endedBody{answer.Body, ended}
		return answer, nil
	}
	ended()
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	if r.Context().Err() == nil && (!sent.Load() || safe) {
		return nil, errors.Join(ErrNoNode, err)
	}
	return nil, err
}

// noteReached tells the log, not too often, why the node that works is not reached.
func (f *Forwarder) noteReached(node store.Node, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case node.ID != f.node.ID:
		return
	case !errors.Is(err, ErrNoNode):
		f.failed = time.Time{}
		return
	case f.failed.IsZero():
		f.failed = time.Now()
	}
	if time.Since(f.failed) < lasts || time.Since(f.warned) < warned {
		return
	}
	f.warned = time.Now()
	f.o.Logger.Warn("the node that works is not reached by this one, which holds what it was to forward: [node] url says where it is", "node", strconv.FormatUint(node.ID, 10), "name", node.Name, "at", node.URL, "error", err)
}

// markReady says of /readyz that this node waits, beside what the one that works says.
func (f *Forwarder) markReady(answer *http.Response) error {
	if answer.Request.URL.Path != readyPath || answer.Request.Method != http.MethodGet {
		return nil
	}
	told := map[string]json.RawMessage{}
	err := json.NewDecoder(io.LimitReader(answer.Body, mostReady)).Decode(&told)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return err //nolint:wrapcheck // it is refused below
	}
	told["waiting"] = json.RawMessage("true")
	body, err := json.Marshal(told)
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// refuseRequest answers where no node does.
func (f *Forwarder) refuseRequest(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Retry-After", "1")
	w.Header().Set("Cache-Control", "no-store")
	if r.URL.Path == readyPath {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": false, "version": f.o.Version, "waiting": true})
		return
	}
	if errors.Is(err, errMisdirected) {
		w.WriteHeader(http.StatusMisdirectedRequest)
		return
	}
	messengers.Problem{Status: http.StatusServiceUnavailable, Said: words.Text{Key: "web.no_node"}}.Write(w, r)
}

// endedBody is a body at whose end something is to be done.
type endedBody struct {
	io.ReadCloser
	ended func()
}

// Close closes the body.
func (b endedBody) Close() error {
	defer b.ended()
	return b.ReadCloser.Close() //nolint:wrapcheck // the transport's own
}

// patientWriter gives up a client that takes nothing for long; a stream may last as long as it likes.
type patientWriter struct {
	http.ResponseWriter
	f          *Forwarder
	controller *http.ResponseController
}

// WriteHeader ends the connection where it has to end.
func (w patientWriter) WriteHeader(status int) {
	if w.f.isOver() {
		w.Header().Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w patientWriter) Write(p []byte) (int, error) {
	_ = w.controller.SetWriteDeadline(time.Now().Add(web.WriteTimeout))
	return w.ResponseWriter.Write(p) //nolint:wrapcheck // the server's own
}

// Unwrap is for http.ResponseController.
func (w patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
