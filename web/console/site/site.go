// Package site is the console as people use it: which page shows what, what a
// form does, and who may come in. Every act is an operation of package
// console; how things look is package pages'. The site holds no state of its
// own but that a site is being tried, so that a page is right after a restart and on any
// machine.
package site

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
	"keypull/web/console/presignin"
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
	// TrySite asks words of a site for who has no account yet; nil where nobody may.
	TrySite func(ctx context.Context, address, language string) (console.SiteTried, error)
	// Framed lets a page of this server show the console in a frame.
	Framed bool
	Clock  func() time.Time
	Logger *slog.Logger
}

// Site is the console's HTTP handler for everything below Root.
type Site struct {
	Options
	views   *pages.Views
	mux     *http.ServeMux
	cookies presignin.Cookies
	// edited are the resources whose things are edited by forms.
	edited []resource
	// trying lets one site be tried at a time.
	trying chan struct{}
}

// New returns a Site.
func New(o Options) (*Site, error) {
	views, err := pages.New(o.Clock)
	if err != nil {
		return nil, fmt.Errorf("the console's pages: %w", err)
	}
	s := &Site{Options: o, views: views, mux: http.NewServeMux(), cookies: presignin.CookiesOf(o.Gate.DeviceKey), trying: make(chan struct{}, 1)}
	s.mux.Handle("GET "+Root+"/static/", pages.Static())
	s.routes()
	return s, nil
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.setHeaders(w.Header())
	s.mux.ServeHTTP(w, r)
}

// Room returns how large a form may be that is posted to a path and may bring files; 0 is the usual
// limit.
func (s *Site) Room(path string) int {
	const beside = 1 << 20
	if _, pattern := s.mux.Handler(&http.Request{Method: http.MethodPost, URL: &url.URL{Path: path}}); pattern != "POST "+replyPattern {
		return 0
	}
	return talk.MaxFile + beside
}

// setHeaders lets a page use what this server has, pictures of publishers, and
// nothing else: no script or style within a page, no frame around it.
func (s *Site) setHeaders(h http.Header) {
	ancestors := "'none'"
	if s.Framed {
		ancestors = "'self'"
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-ancestors "+ancestors)
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

// openRoute is a page for everybody.
func (s *Site) openRoute(pattern string, f action) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		s.newRequest(w, r).carryOut(f)
	})
}

// route is a page for who is signed in.
func (s *Site) route(pattern string, f action) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		q := s.newRequest(w, r)
		if (entrance{q}).requireSignIn() {
			q.carryOut(f)
		}
	})
}

// homePages lead to the publishers.
type homePages struct{ *request }

// routes lists every page. Those of one resource stand in the file of its name.
func (s *Site) routes() {
	s.route("GET "+Root, pageAction(homePages.showHome))
	s.route("GET "+Root+"/{$}", pageAction(homePages.showHome))
	s.route("GET "+Root+"/p/{publisher}", pageAction(homePages.toPublisher))
	s.route("GET "+Root+"/p/{publisher}/{$}", pageAction(homePages.toPublisher))
	s.accessRoutes()
	s.tryRoutes()
	s.publisherRoutes()
	s.todayRoutes()
	s.peopleRoutes()
	s.meRoutes()
	s.auditRoutes()
	s.sendRoutes()
	s.undoRoutes()
	s.historyRoutes()
	s.sourceRoutes()
	s.starterRoutes()
	s.keywordRoutes()
	s.channelRoutes()
	s.deadRoutes()
	s.demandRoutes()
	s.figuresRoutes()
	s.readerRoutes()
	s.proofRoutes()
	s.crisisRoutes()
	s.alarmRoutes()
	s.conversationRoutes()
	s.askRoutes()
	s.findRoutes()
	s.filterRoutes()
	s.route(Root+"/", func(*request) error { return &pull.Error{Kind: pull.Unknown} })
}

// toPublisher leads to a publisher's first page.
func (r homePages) toPublisher() error { return r.redirectDone(r.pathTo("today"), "") }

// showHome leads to the only publisher, shows the choice of many, and has an
// admin make the first.
func (r homePages) showHome() error {
	in := console.PublisherList{Page: r.pageAsked(), Q: strings.TrimSpace(r.URL.Query().Get("q"))}
	listed, err := console.ListPublishers.Call(r.callContext(), in)
	if err != nil {
		return err
	}
	all, admin := listed.Publishers, r.mayDo(console.CreatePublisher)
	if in.Q == "" && in.Cursor == "" {
		switch {
		case len(all) == 1:
			return r.redirectDone(publisherPath(all[0].ID, "today"), "")
		case len(all) == 0 && admin:
			return r.redirectDone(newPublisherPath, "")
		}
	}
	body := home{Publishers: all, Admin: admin, Pager: r.pagerTo(listed.Next), Empty: pages.Empty{Icon: "publisher", Title: r.t("home.none"), Text: r.t("home.none_text")}}
	if in.Q != "" || body.Pager != (pages.Pager{}) {
		body.Search = &pages.Search{Action: Root, Query: in.Q, Label: r.t("home.search")}
		body.Empty = pages.Empty{Icon: "search", Title: r.t("list.nothing"), Actions: []pages.Action{{Label: r.t("list.all"), Href: Root}}}
	}
	return r.showPage("page_home", pages.Page{Title: r.t("home.title"), Body: body})
}

// home is what the choice of publishers shows; Search is nil where they are few.
type home struct {
	Publishers []console.PublisherSummary
	Admin      bool
	Search     *pages.Search
	Pager      pages.Pager
	Empty      pages.Empty
}
