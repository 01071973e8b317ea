// Package api is the JSON face of the console: every operation that has a path
// is served below /api/v1 to programs that hold a token, and described by an
// OpenAPI document made from the same declarations.
//
// It reads requests strictly, tells failures as problems (RFC 9457), keeps
// versions by ETag and answers to be repeated by Idempotency-Key. What an
// operation does, who may and what is written down of it is the console's; it
// knows no cookies, no pages and no store.
package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull/words"
	"keypull/web/console"
)

// Prefix is where the API lies on the server.
const Prefix = "/api/v1"

// documentPath is where the OpenAPI document lies, without a token.
const documentPath = Prefix + "/openapi.json"

// Options are what an API works with.
type Options struct {
	Console *console.Console
	// Bearer tells who holds a token. Its pull.Denied and pull.Unknown are 401;
	// other errors keep their kind, so that pull.Limited slows guessing down.
	Bearer func(ctx context.Context, token, address string) (console.Principal, error)
	// Answered keeps answers for a repeated Idempotency-Key; where nil the
	// header is checked and otherwise ignored.
	Answered Answered
	// Schemas are the JSON schemas of documents by the name in the tag schema
	// of input and output fields: "source".
	Schemas map[string]map[string]any
	Version string
	// PublicURL is where the world reaches the server, without a slash at the
	// end; addresses have no host where it is empty.
	PublicURL string
	// Address tells where a request came from; the connection's own where nil.
	Address func(r *http.Request) string
	Clock   func() time.Time
	Logger  *slog.Logger
}

// API answers requests; it is an http.Handler.
type API struct {
	Options
	mux *http.ServeMux
	// places are the routes by the path of their operation, and by method.
	places map[string]resource
	// document is made when it is first asked for: examples take longer than the rest of a start.
	document func() (document, error)
}

// New returns an API of the console's operations that have a path. The error
// is a mistake in the declaration of one of them.
func New(o Options) (*API, error) {
	places := map[string]resource{}
	a := &API{Options: o, mux: http.NewServeMux(), places: places}
	var routes []*route
	for _, op := range o.Console.Operations() {
		if op.Path == "" {
			continue
		}
		r, err := newRoute(op)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.Name, err)
		}
		routes = append(routes, r)
		if places[op.Path] == nil {
			places[op.Path] = resource{}
		}
		if other, taken := places[op.Path][op.Method]; taken {
			return nil, fmt.Errorf("%s and %s are both %s %s", other.op.Name, op.Name, op.Method, op.Path)
		}
		places[op.Path][op.Method] = r
	}
	described, err := describe(o, routes)
	if err != nil {
		return nil, err
	}
	a.document = sync.OnceValues(func() (document, error) { return newDocument(described) })
	a.mux.HandleFunc("/", a.serveNotFound)
	a.mux.HandleFunc(documentPath, a.serveDocument)
	for _, place := range slices.Sorted(maps.Keys(places)) {
		a.mux.HandleFunc(Prefix+place, func(w http.ResponseWriter, r *http.Request) { a.serveResource(w, r, places[place]) })
	}
	return a, nil
}

// Room returns how many bytes a body may have that is sent to a path, where that is
// more than most: what is a little too large arrives, and is refused by name.
func (a *API) Room(path string) int {
	_, pattern := a.mux.Handler(&http.Request{Method: http.MethodPost, URL: &url.URL{Path: path}})
	for _, r := range a.places[strings.TrimPrefix(pattern, Prefix)] {
		if r.op.Large {
			return maxLarge + maxLarge/8
		}
	}
	return 0
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The mux would lead such an address to another one instead.
	if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped {
		a.serveNotFound(w, r)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// resource is the operations at one path by method.
type resource map[string]*route

func (s resource) allowHeader() string {
	methods := slices.Collect(maps.Keys(s))
	if s[http.MethodGet] != nil {
		methods = append(methods, http.MethodHead)
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

func (a *API) serveResource(w http.ResponseWriter, r *http.Request, s resource) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	o := s[method]
	if o == nil {
		a.refuseMethod(w, r, s.allowHeader())
		return
	}
	a.writeAnswer(w, r, a.answerOperation(r, o))
}

// refuseMethod answers a method that the address has not.
func (a *API) refuseMethod(w http.ResponseWriter, r *http.Request, allow string) {
	no := newRefusal(http.StatusMethodNotAllowed, words.Text{Key: "api.takes", Args: words.Args{"methods": allow}})
	no.header.Set("Allow", allow)
	a.writeAnswer(w, r, a.errorAnswer(r, nil, no))
}

func (a *API) serveNotFound(w http.ResponseWriter, r *http.Request) {
	a.writeAnswer(w, r, a.errorAnswer(r, nil, newRefusal(http.StatusNotFound, words.Text{Key: "api.nothing"})))
}

// answer is what goes back to a client.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *API) writeAnswer(w http.ResponseWriter, r *http.Request, out answer) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	maps.Copy(h, out.header)
	if len(out.body) > 0 {
		h.Set("Content-Length", fmt.Sprint(len(out.body)))
	}
	w.WriteHeader(out.status)
	if r.Method == http.MethodHead || len(out.body) == 0 {
		return
	}
	if _, err := w.Write(out.body); err != nil {
		a.Logger.Debug("an answer did not arrive", "error", err)
	}
}

// answerOperation has the operation carried out for the caller.
func (a *API) answerOperation(r *http.Request, o *route) answer {
	p, token, err := a.authenticate(r)
	if err != nil {
		return a.errorAnswer(r, o, err)
	}
	in, err := o.readInput(r)
	if err != nil {
		return a.errorAnswer(r, o, err)
	}
	p.Language = languageOf(r)
	ctx := console.WithRedirects(console.WithCaller(r.Context(), p))
	run := func() answer { return a.runOperation(ctx, r, o, in) }
	key, err := idempotencyKey(r)
	switch {
	case err != nil:
		return a.errorAnswer(r, o, err)
	case key == "" || a.Answered == nil || !o.writes():
		return run()
	}
	out, err := a.runOnce(ctx, attempt{key: key, token: token, principal: p.ID, route: o, path: r.URL.EscapedPath(), print: in.print}, run)
	if err != nil {
		return a.errorAnswer(r, o, err)
	}
	return out
}

// runOperation carries an operation out with an input that has been read.
func (a *API) runOperation(ctx context.Context, r *http.Request, o *route, in input) answer {
	var undo console.Receipt
	ctx = console.WithReceipt(ctx, &undo)
	out, err := a.Console.Run(ctx, o.op.Name, in.encodeFor(in.firstVersion()))
	var stale *console.Stale
	if errors.As(err, &stale) && in.alsoMatches(stale.Version) {
		out, err = a.Console.Run(ctx, o.op.Name, in.encodeFor(stale.Version))
	}
	if err != nil {
		return a.errorAnswer(r, o, err)
	}
	ok := a.outputAnswer(r, o, out)
	if undo.Change != "" {
		ok.header.Set("Undo", Prefix+undo.Path())
	}
	return ok
}

// outputAnswer makes the answer of an output.
func (a *API) outputAnswer(r *http.Request, o *route, out any) answer {
	ok := answer{status: o.status, header: http.Header{}}
	if v, versioned := out.(console.Versioned); versioned {
		tag := quoteETag(v.ETag())
		ok.header.Set("Etag", tag)
		if !o.writes() && matchesNoneMatch(r.Header.Values("If-None-Match"), tag) {
			ok.status = http.StatusNotModified
			return ok
		}
	}
	if o.empty {
		return ok
	}
	if raw, is := out.(console.Raw); is {
		kind, body := raw.Raw()
		ok.header.Set("Content-Type", kind)
		ok.body = body
		return ok
	}
	body, err := encodeOutput(out)
	if err != nil {
		return a.errorAnswer(r, o, fmt.Errorf("encode the output: %w", err))
	}
	if o.paged {
		if next := nextOf(out); next != "" {
			ok.header.Set("Link", a.nextLink(r, next))
		}
	}
	ok.header.Set("Content-Type", "application/json")
	ok.body = body
	return ok
}

// nextLink leads to the next page of a list.
func (a *API) nextLink(r *http.Request, cursor string) string {
	query := r.URL.Query()
	query.Set("cursor", cursor)
	return "<" + a.PublicURL + r.URL.EscapedPath() + "?" + query.Encode() + `>; rel="next"`
}

// serveDocument answers with the OpenAPI document, to anybody.
func (a *API) serveDocument(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		a.refuseMethod(w, r, "GET, HEAD")
		return
	}
	doc, err := a.document()
	if err != nil {
		a.writeAnswer(w, r, a.errorAnswer(r, nil, err))
		return
	}
	out := answer{status: http.StatusOK, header: http.Header{"Etag": {doc.tag}, "Cache-Control": {"no-cache"}}}
	if matchesNoneMatch(r.Header.Values("If-None-Match"), doc.tag) {
		out.status = http.StatusNotModified
		a.writeAnswer(w, r, out)
		return
	}
	out.header.Set("Content-Type", "application/json")
	out.body = doc.body
	a.writeAnswer(w, r, out)
}

// failureID names one failure in the answer and in the log.
func failureID() string { return rand.Text()[:12] }
