package demo

import (
	"embed"
	"encoding/json"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
)

//go:embed page
var pageFiles embed.FS

// Traces knows the ask that was answered last.
type Traces interface {
	// Last returns its trace and reply; false while nothing has been asked.
	Last() (journal.Trace, pull.Reply, bool)
}

// Previews cuts a reply as other channels would carry it.
type Previews interface {
	// SMS returns the messages, their segments in all, and "GSM-7" or "UCS-2".
	SMS(pull.Reply) (messages []string, segments int, encoding string)
	// Telegram returns the messages in Telegram's HTML, and the JSON bodies as
	// they would be sent.
	Telegram(pull.Reply) (html []string, wire string)
}

// Parts are what a Demo shows.
type Parts struct {
	World    *World
	Traces   Traces
	Previews Previews
	Crowd    Crowd
}

// Demo serves the page and its endpoints below /demo/.
type Demo struct {
	parts   Parts
	handler http.Handler
	crowd   crowd
}

var _ http.Handler = (*Demo)(nil)

// NewDemo returns the handler to be mounted at /demo/, path unchanged.
func NewDemo(p Parts) *Demo {
	d := &Demo{parts: p}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /demo/{$}", asset("index.html", "text/html; charset=utf-8"))
	mux.HandleFunc("GET /demo/demo.js", asset("demo.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /demo/demo.css", asset("demo.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /demo/state", d.state)
	mux.HandleFunc("GET /demo/last", d.last)
	mux.HandleFunc("POST /demo/switch/{name}", d.flip)
	mux.HandleFunc("POST /demo/crowd", d.askAtOnce)
	mux.HandleFunc("GET /demo/crowd", d.askedAtOnce)
	// Another site's page must not work the switches.
	d.handler = http.NewCrossOriginProtection().Handler(mux)
	return d
}

// policy lets the page use its own script and style alone, show the pictures
// of the world, which has a port of its own, and the console in a frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"img-src 'self' http://127.0.0.1:* data:; connect-src 'self'; frame-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ServeHTTP answers the page, its assets and its endpoints.
func (d *Demo) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	h := rw.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	d.handler.ServeHTTP(rw, r)
}

func asset(name, kind string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		raw, err := pageFiles.ReadFile("page/" + name)
		if err != nil {
			problem(rw, http.StatusNotFound, "There is no such page.")
			return
		}
		rw.Header().Set("Content-Type", kind)
		_, _ = rw.Write(raw)
	}
}

// state is what the page shows of the world.
type state struct {
	Now       time.Time `json:"now"`
	Quotes    []Quote   `json:"quotes"`
	Headlines []Story   `json:"headlines"`
	Switches  []Switch  `json:"switches"`
	Visits    []Visits  `json:"visits"`
	// Upstream is the sum of keypull's requests.
	Upstream int `json:"upstream"`
	// World is the address of the publisher's own site.
	World string `json:"world"`
}

// How much of the world the page shows.
const (
	shownQuotes    = 5
	shownHeadlines = 4
)

func (d *Demo) state(rw http.ResponseWriter, _ *http.Request) {
	w := d.parts.World
	answer(rw, state{
		Now:       w.clock().UTC(),
		Quotes:    w.Quotes()[:shownQuotes],
		Headlines: w.Headlines("en", shownHeadlines),
		Switches:  w.Switches(),
		Visits:    w.visits.list(),
		Upstream:  w.visits.upstream(),
		World:     w.URL(),
	})
}

// last is what the page shows of the last ask.
type last struct {
	Trace    *journal.Trace `json:"trace"`
	Parts    []Part         `json:"parts,omitempty"`
	SMS      *smsPreview    `json:"sms,omitempty"`
	Telegram *htmlPreview   `json:"telegram,omitempty"`
}

type smsPreview struct {
	Messages []string `json:"messages"`
	Segments int      `json:"segments"`
	Encoding string   `json:"encoding"`
}

type htmlPreview struct {
	Messages []string `json:"messages"`
	Wire     string   `json:"wire"`
}

func (d *Demo) last(rw http.ResponseWriter, _ *http.Request) {
	trace, reply, ok := d.parts.Traces.Last()
	if !ok {
		answer(rw, last{})
		return
	}
	var sms smsPreview
	sms.Messages, sms.Segments, sms.Encoding = d.parts.Previews.SMS(reply)
	var telegram htmlPreview
	telegram.Messages, telegram.Wire = d.parts.Previews.Telegram(reply)
	answer(rw, last{Trace: &trace, Parts: Explain(trace), SMS: &sms, Telegram: &telegram})
}

func (d *Demo) flip(rw http.ResponseWriter, r *http.Request) {
	if err := d.parts.World.Flip(r.PathValue("name")); err != nil {
		problem(rw, http.StatusNotFound, "There is no such switch.")
		return
	}
	d.state(rw, r)
}

// problem answers with a problem document (RFC 9457).
func problem(rw http.ResponseWriter, status int, detail string) {
	rw.Header().Set("Content-Type", "application/problem+json")
	write(rw, status, map[string]any{"status": status, "title": http.StatusText(status), "detail": detail})
}

func answer(rw http.ResponseWriter, value any) {
	rw.Header().Set("Content-Type", "application/json")
	write(rw, http.StatusOK, value)
}

func write(rw http.ResponseWriter, status int, value any) {
	raw, err := json.Marshal(value)
	if err != nil {
		http.Error(rw, "The answer could not be written.", http.StatusInternalServerError)
		return
	}
	rw.WriteHeader(status)
	_, _ = rw.Write(raw)
}
