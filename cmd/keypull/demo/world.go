package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options are what a World is made of. The zero value is a working one.
type Options struct {
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Seed decides prices and headlines: the same seed and the same clock give
	// the same world.
	Seed uint64
	// Addr is what Start listens on; empty means 127.0.0.1 with a free port.
	Addr string
}

// World is the demo publisher's upstream: an exchange, a newsroom, a recipe
// site and a few help pages. It is safe for concurrent use.
type World struct {
	clock    func() time.Time
	mux      *http.ServeMux
	exchange *exchange
	desks    map[string]*desk
	kitchen  *kitchen
	help     map[string]Answer
	visits   *visits
	site     *site

	mu       sync.Mutex
	switches switches

	url  string
	stop func()
	done chan struct{}
}

var _ http.Handler = (*World)(nil)

// New returns a World that is served by whoever calls its ServeHTTP. The error
// is one of the embedded texts, which tests rule out.
func New(o Options) (*World, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	w := &World{
		clock:    o.Clock,
		exchange: newExchange(o.Seed),
		visits:   newVisits(),
		stop:     func() {},
		done:     make(chan struct{}),
	}
	if err := w.openParts(o.Seed); err != nil {
		return nil, fmt.Errorf("demo world: %w", err)
	}
	w.addRoutes()
	return w, nil
}

// openParts reads the embedded texts.
func (w *World) openParts(seed uint64) (err error) {
	if w.desks, err = openDesks(seed, w.clock()); err != nil {
		return err
	}
	if w.kitchen, err = openKitchen(); err != nil {
		return err
	}
	if w.help, err = helpPages(); err != nil {
		return err
	}
	w.site, err = openSite()
	return err
}

// Start serves a new World on the loopback interface until ctx ends or Close
// is called.
func Start(ctx context.Context, o Options) (*World, error) {
	w, err := New(o)
	if err != nil {
		return nil, err
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("demo world: %w", err)
	}
	w.serve(ctx, listener)
	return w, nil
}

func (w *World) serve(ctx context.Context, listener net.Listener) {
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{
		Handler:           w,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	w.url = "http://" + listener.Addr().String()
	w.stop = cancel
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		defer close(w.done)
		defer cancel()
		// Serve returns only once the listener is closed, which is how it ends.
		_ = server.Serve(listener)
	}()
}

// URL returns the address that Start listens on, without a trailing slash; ""
// for a World made by New.
func (w *World) URL() string { return w.url }

// Close ends what Start began, drops open connections, and waits for the
// listener to be gone. It may be called more than once.
func (w *World) Close() error {
	if w.url == "" {
		return nil
	}
	w.stop()
	select {
	case <-w.done:
		return nil
	case <-time.After(5 * time.Second):
		return errors.New("demo world: the server did not stop within 5 seconds")
	}
}

// ServeHTTP answers one request and counts it.
func (w *World) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Date", w.clock().UTC().Format(http.TimeFormat))
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	counted := &visit{ResponseWriter: rw, status: http.StatusOK}
	defer func() { w.visits.countRequest(r, counted.status) }()
	w.mux.ServeHTTP(counted, r)
}

func (w *World) addRoutes() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.serveFront)
	mux.HandleFunc("GET /style.css", w.serveStyle)
	mux.HandleFunc("GET /exchange/quote", w.serveQuote)
	mux.HandleFunc("GET /news/{page}", w.serveNews)
	mux.HandleFunc("GET /events/{page}", w.serveCalendar)
	mux.HandleFunc("GET /weather", w.serveWeather)
	mux.HandleFunc("GET /recipes/{$}", w.serveRecipeIndex)
	mux.HandleFunc("GET /recipes/sitemap.xml", w.serveSitemap)
	mux.HandleFunc("GET /recipes/{page}", w.serveRecipe)
	mux.HandleFunc("GET /help/{page}", w.serveAnswer)
	told := &sirens{}
	mux.HandleFunc("POST "+Sirens, told.takeAlarm)
	mux.HandleFunc("GET "+Sirens, told.showAlarms)
	w.mux = mux
}

// baseURL returns the absolute address that the request came in by, so that links
// work whoever asks.
func baseURL(r *http.Request) string { return "http://" + r.Host }
