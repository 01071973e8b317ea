package demo

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
)

//go:embed page
var pageFiles embed.FS

// Traces knows the asks that were answered lately.
type Traces interface {
	// After returns those behind the ask of that id, which is 0 for all that are
	// kept, oldest first.
	After(ask uint64) []Asked
	// Name is what people call a keyword.
	Name(keyword string) string
}

// Asked is one ask with what became of it.
type Asked struct {
	// Text is what the reader wrote, or the label of the button.
	Text  string
	Trace journal.Trace
	// Reply is empty where nothing was said.
	Reply pull.Reply
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
	Anew     Anew
}

// Anew puts the service back as it was at the first start.
type Anew interface {
	StartOver(ctx context.Context) error
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
	mux.HandleFunc("GET /demo/story.js", asset("story.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /demo/play.js", asset("play.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /demo/demo.css", asset("demo.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /demo/state", d.state)
	mux.HandleFunc("GET /demo/last", d.last)
	mux.HandleFunc("POST /demo/switch/{name}", d.flip)
	mux.HandleFunc("POST /demo/anew", d.startOver)
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
			writeProblem(rw, http.StatusNotFound, "There is no such page.")
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
	// World is the address of the publisher's own site, Zone where its clocks are.
	World string `json:"world"`
	Zone  string `json:"zone"`
}

// How much of the world the page shows.
const (
	shownQuotes    = 5
	shownHeadlines = 4
)

func (d *Demo) state(rw http.ResponseWriter, _ *http.Request) {
	w := d.parts.World
	writeJSON(rw, state{
		Now:       w.clock().UTC(),
		Quotes:    w.Quotes()[:shownQuotes],
		Headlines: w.Headlines("en", shownHeadlines),
		Switches:  w.Switches(),
		Visits:    w.visits.listVisits(),
		Upstream:  w.visits.countUpstream(),
		World:     w.URL(),
		Zone:      Zone,
	})
}

// last is what the page shows of the asks since it looked last: the newest in
// full, and all as other channels would show them.
type last struct {
	Trace  *journal.Trace `json:"trace"`
	Parts  []Part         `json:"parts,omitempty"`
	Thread []turn         `json:"thread,omitempty"`
}

// turn is an ask and its answer as other channels would carry them.
type turn struct {
	Ask  uint64 `json:"ask"`
	Text string `json:"text"`
	// Missed is what nothing answers, "" where all was understood; Stopped says
	// that a messenger stays silent, since the reader said STOP.
	Missed  string `json:"missed,omitempty"`
	Stopped bool   `json:"stopped,omitempty"`
	// Brought says that the answer is what upstream said to this very ask.
	Brought  bool        `json:"brought,omitempty"`
	SMS      smsPreview  `json:"sms"`
	Telegram htmlPreview `json:"telegram"`
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

func (d *Demo) last(rw http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseUint(cmp.Or(r.URL.Query().Get("after"), "0"), 10, 64)
	if err != nil {
		writeProblem(rw, http.StatusBadRequest, "after must be the number of an ask.")
		return
	}
	asked := d.parts.Traces.After(after)
	if len(asked) == 0 {
		writeJSON(rw, last{})
		return
	}
	newest := asked[len(asked)-1]
	told := last{Trace: &newest.Trace, Parts: Explain(newest.Trace, d.parts.Traces.Name, len(newest.Reply.Blocks) > 0)}
	for _, a := range asked {
		told.Thread = append(told.Thread, d.turn(a))
	}
	writeJSON(rw, told)
}

func (d *Demo) turn(a Asked) turn {
	t := turn{Ask: a.Trace.Ask, Text: a.Text, Stopped: a.Trace.Outcome == journal.Silent}
	if w := a.Trace.When; a.Trace.Outcome == journal.Answered && !w.Stale {
		t.Brought = w.Asked == pull.AskedFetched || w.Asked == pull.AskedJoined
	}
	if a.Trace.Outcome == journal.Missed {
		t.Missed = a.Trace.What.Unknown
	}
	if !t.Stopped {
		t.SMS.Messages, t.SMS.Segments, t.SMS.Encoding = d.parts.Previews.SMS(a.Reply)
		t.Telegram.Messages, t.Telegram.Wire = d.parts.Previews.Telegram(a.Reply)
	}
	return t
}

func (d *Demo) flip(rw http.ResponseWriter, r *http.Request) {
	if err := d.parts.World.Flip(r.PathValue("name")); err != nil {
		writeProblem(rw, http.StatusNotFound, "There is no such switch.")
		return
	}
	d.state(rw, r)
}

// startOver puts the world and the service back as they were.
func (d *Demo) startOver(rw http.ResponseWriter, r *http.Request) {
	err := d.parts.World.Flip(Reset)
	if err == nil {
		err = d.parts.Anew.StartOver(r.Context())
	}
	if err != nil {
		writeProblem(rw, http.StatusServiceUnavailable, "The demo could not be put back. End it, and start it anew.")
		return
	}
	d.state(rw, r)
}

// writeProblem answers with a problem document (RFC 9457).
func writeProblem(rw http.ResponseWriter, status int, detail string) {
	rw.Header().Set("Content-Type", "application/problem+json")
	writeStatus(rw, status, map[string]any{"status": status, "title": http.StatusText(status), "detail": detail})
}

func writeJSON(rw http.ResponseWriter, value any) {
	rw.Header().Set("Content-Type", "application/json")
	writeStatus(rw, http.StatusOK, value)
}

func writeStatus(rw http.ResponseWriter, status int, value any) {
	raw, err := json.Marshal(value)
	if err != nil {
		http.Error(rw, "The answer could not be written.", http.StatusInternalServerError)
		return
	}
	rw.WriteHeader(status)
	_, _ = rw.Write(raw)
}
