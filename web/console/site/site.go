// Package site is the console as people use it: which page shows what, what a
// form does, and who may come in. Every act is an operation of package
// console; how things look is package pages'. The site holds no state of its
// own, so that a page is right after a restart and on any machine.
package site

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// Root is where the console lives.
const Root = "/console"

// Options are what a Site works with.
type Options struct {
	Console *console.Console
	Gate    *accounts.Gate
	Kinds   console.Kinds
	// Checks are those that settings need beside their own.
	Checks settings.Checks
	// PublicURL is where the world reaches this server; requests that change
	// something must come from a page of it, or of the host they were sent to
	// where that is this machine.
	PublicURL string
	// Framed lets a page of this server show the console in a frame.
	Framed bool
	Clock  func() time.Time
	Logger *slog.Logger
}

// Site is the console's HTTP handler for everything below Root.
type Site struct {
	Options
	views *pages.Views
	mux   *http.ServeMux
}

// New returns a Site.
func New(o Options) (*Site, error) {
	views, err := pages.New(o.Clock)
	if err != nil {
		return nil, fmt.Errorf("the console's pages: %w", err)
	}
	s := &Site{Options: o, views: views, mux: http.NewServeMux()}
	s.mux.Handle("GET "+Root+"/static/", pages.Static())
	s.routes()
	return s, nil
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.headers(w)
	s.mux.ServeHTTP(w, r)
}

// policy lets a page use what this server has, pictures of publishers, and
// nothing else: no script or style within a page, no frame around it.
func (s *Site) headers(w http.ResponseWriter) {
	ancestors := "'none'"
	if s.Framed {
		ancestors = "'self'"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "+ancestors)
	if !s.Framed {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
}

// action is what a page or form does. An error becomes the page that tells it.
type action func(r *request) error

// open is a page for everybody.
func (s *Site) open(pattern string, f action) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		s.request(w, r).carryOut(f)
	})
}

// page is a page for who is signed in.
func (s *Site) page(pattern string, f action) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		q := s.request(w, r)
		if (entrance{q}).enter() {
			q.carryOut(f)
		}
	})
}
