package webchat_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

const (
	base   = "/chat/lecker/test"
	policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src http: https: data:; style-src 'self'; report-uri /violation"
)

// site is a small web server around a real Chat: it routes, and answers with
// what a resolver might.
type site struct {
	URL  string
	chat *webchat.Chat

	mu         sync.Mutex
	asked      []messengers.Incoming
	filed      []what.Media
	answers    map[string][]messengers.Message
	lose       int
	full       *webchat.Chat
	violations []string
	streams    int
	addresses  []string
	over       chan struct{}
	cuts       chan struct{}
}

func newSite(t testing.TB, set map[string]any) *site {
	t.Helper()
	s := &site{chat: open(t, set), answers: map[string][]messengers.Message{}, over: make(chan struct{}), cuts: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base, s.page)
	mux.HandleFunc("GET "+base+"/{file}", s.file)
	mux.HandleFunc("POST "+base+"/messages", s.messages)
	mux.HandleFunc("POST "+base+"/tickets", s.tickets)
	mux.HandleFunc("POST "+base+"/files", s.files)
	mux.HandleFunc("GET "+base+"/events", s.events)
	mux.HandleFunc("GET /article", s.article)
	mux.HandleFunc("GET /picture.png", picture)
	mux.HandleFunc("GET /{sheet}", sheet)
	mux.HandleFunc("GET /without-locks.js", withoutLocks)
	mux.HandleFunc("POST /violation", s.violation)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		close(s.over)
		server.Close()
		for _, v := range s.violations {
			t.Errorf("the browser reports a violation of the policy: %s", v)
		}
	})
	s.URL = server.URL
	return s
}

func (s *site) page(w http.ResponseWriter, _ *http.Request) {
	body, err := s.chat.Page("en")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(body)
}

// article is a publisher's page that embeds the chat.
func (s *site) article(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", strings.ReplaceAll(policy, "'self'", "'self' "+s.URL))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="%s" dir="%s"><meta name="viewport" content="width=device-width"><title>Lecker</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/%s.css">%s<h1>An article</h1><p>Words and more words.</p><div id="here"></div>
<script src="%s%s/chat.js" data-mode="%s" data-target="%s" async></script>`,
		r.FormValue("lang"), r.FormValue("dir"), cmp.Or(r.FormValue("css"), "none"), map[string]string{"no": `<script src="/without-locks.js"></script>`}[r.FormValue("locks")], s.URL, base, r.FormValue("mode"), r.FormValue("target"))
}

// sheets are style sheets of pages around the chat: one that breaks everything, and pages
// of one scheme.
var sheets = map[string]string{
	"hostile.css": `
		* { all: unset !important; font-size: 60px !important; color: red !important; --paper: red !important; --accent: red !important;
			letter-spacing: 1em !important; text-transform: uppercase !important; opacity: .2 !important; visibility: hidden !important; direction: rtl !important;
			pointer-events: none !important; zoom: 3 !important; filter: blur(9px) !important; }
		html { direction: ltr !important; }
		html, body, h1, p { display: block !important; visibility: visible !important; opacity: 1 !important; filter: none !important; zoom: 1 !important; pointer-events: auto !important; }
		div, div[data-mode] { display: none !important; width: 3px !important; height: 3px !important; position: absolute !important; transform: rotate(9deg) !important; animation: none !important; }
		button, textarea, header, section, form, img { display: none !important; }
		html { font-size: 72px !important; }`,
	"light.css": `html { color-scheme: light; }`,
	"dark.css":  `html { color-scheme: dark; background: #111; }`,
	"both.css":  `html { color-scheme: light dark; }`,
	"none.css":  ``,
}

func sheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css")
	_, _ = io.WriteString(w, sheets[r.PathValue("sheet")])
}

// withoutLocks makes a browser one that has no locks, as on pages without https.
func withoutLocks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript")
	_, _ = io.WriteString(w, `Object.defineProperty(navigator, "locks", { value: undefined });`)
}

// elsewhere returns the same server under another origin, which the chat does not
// list.
func (s *site) elsewhere() string { return strings.Replace(s.URL, "127.0.0.1", "localhost", 1) }

func (s *site) file(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("file") == "config.json" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(s.chat.ClientConfig(r.FormValue("lang")))
		return
	}
	body, contentType, ok := new(webchat.Chat).Asset(r.PathValue("file"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(body)
}

func picture(w http.ResponseWriter, _ *http.Request) {
	img := image.NewRGBA(image.Rect(0, 0, 640, 360))
	for y := range 360 {
		for x := range 640 {
			img.Set(x, y, color.RGBA{R: uint8(180 + x/12), G: uint8(120 + y/6), B: 90, A: 255})
		}
	}
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, img)
}

func (s *site) violation(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, string(body))
}

// messages answers a post. While lose is above zero it takes the message, as
// a server does, and loses the answer on the way.
func (s *site) messages(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	receipt, err := s.current().Receive(r.Context(), messengers.Delivery{
		Method: r.Method, Path: "messages", Header: r.Header, Body: body, At: time.Now(),
	})
	if err != nil {
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	if full := s.beside(); full != nil {
		receipt, _ = full.Receive(r.Context(), messengers.Delivery{Method: r.Method, Path: "messages", Header: r.Header, Body: body, At: messengertest.Now()})
	}
	if len(receipt.Asks) > 0 {
		messages, lost := s.answer(receipt.Asks[0])
		if lost {
			panic(http.ErrAbortHandler)
		}
		said := make([]messengers.Sending, len(messages))
		for i, m := range messages {
			said[i].Message = m
		}
		receipt = s.current().Answer(receipt, said)
	}
	write(w, receipt)
}

func write(w http.ResponseWriter, r messengers.Receipt) {
	w.Header().Set("Content-Type", r.ContentType)
	if r.RetryAfter > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(r.RetryAfter.Seconds())))
	}
	w.WriteHeader(max(r.Status, http.StatusOK))
	_, _ = w.Write(r.Body)
}

func (s *site) tickets(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	receipt, err := s.current().Receive(r.Context(), messengers.Delivery{
		Method: r.Method, Path: "tickets", Header: r.Header, Body: body, At: time.Now(),
	})
	if err != nil {
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	write(w, receipt)
}

func (s *site) files(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	receipt, err := s.current().Receive(r.Context(), messengers.Delivery{
		Method: r.Method, Path: "files", Header: r.Header, Query: r.URL.Query(), Body: body, At: time.Now(),
	})
	if err != nil {
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	s.mu.Lock()
	for _, in := range receipt.Asks {
		s.filed = append(s.filed, in.Attachments...)
	}
	s.mu.Unlock()
	write(w, receipt)
}

func (s *site) answer(in messengers.Incoming) (messages []messengers.Message, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, in)
	messages, known := s.answers[in.ID]
	if !known {
		messages = messengers.Shape(s.resolve(in), s.chat.Limits())
		s.answers[in.ID] = messages
	}
	if s.lose > 0 {
		s.lose--
		return nil, true
	}
	return messages, false
}

func (s *site) resolve(in messengers.Incoming) pull.Reply {
	switch {
	case in.Text == "tiramisu":
		return pull.Reply{
			Blocks: []pull.Block{
				{Kind: pull.Title, Text: "Tiramisu"},
				{Kind: pull.FactLines, Tight: true, Facts: []pull.LabelledFact{{Label: "Time", Value: "40 min"}, {Label: "Serves", Value: "4"}}},
				{Kind: pull.Bullets, Lines: []string{"250 g mascarpone", "2 eggs", "Ladyfingers", "Strong coffee"}},
				{Kind: pull.Link, URL: "https://lecker.example/tiramisu"},
				{Kind: pull.Stamp, Text: "as of 14:02"},
			},
			Media:   []what.Media{{Type: what.Image, URL: s.URL + "/picture.png", Alt: "A bowl of tiramisu"}},
			Buttons: []pull.Button{{Label: "The steps", Send: "c:more"}, {Label: "Headlines", Send: "k:news"}, {Label: "Open the site", URL: "https://lecker.example"}},
		}
	case in.Text == "list":
		r := pull.Reply{}
		for i, title := range []string{"A bridge is closed", "Rain until Sunday", "The mayor steps down"} {
			link := fmt.Sprintf("https://lecker.example/%d", i+1)
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Title, Text: title}, pull.Block{Kind: pull.Link, URL: link, Tight: true})
			if i != 1 {
				r.Cards = append(r.Cards, pull.Card{Title: title, Link: link, Image: what.Media{Type: what.Image, URL: s.URL + []string{"/picture.png", "", "/gone.png"}[i]}})
			}
		}
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Stamp, Text: "as of 14:02"})
		return r
	case in.Text == "hostile":
		return pull.Reply{
			Blocks:  []pull.Block{{Kind: pull.Paragraph, Text: `<img src=x onerror="document.title='broken'"> (https://a.example/x_(y)). Bye`}},
			Buttons: []pull.Button{{Label: "<b>bold</b>", Send: "k:x"}},
		}
	case in.Tap != "":
		return pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "You tapped " + in.Tap}}}
	}
	return pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "You said " + in.Text}}}
}

func (s *site) events(w http.ResponseWriter, r *http.Request) {
	stream, refusal, err := s.current().Events(r.Context(), messengers.Delivery{Method: r.Method, Header: r.Header, Query: r.URL.Query(), At: time.Now()})
	if err != nil || stream == nil {
		write(w, refusal)
		return
	}
	defer stream.Close()
	s.mu.Lock()
	s.addresses = append(s.addresses, r.URL.String())
	cuts := s.cuts
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, ":\n\n")
	w.(http.Flusher).Flush()
	s.mu.Lock()
	s.streams++
	s.mu.Unlock()
	for {
		select {
		case e, ok := <-stream.Events:
			if !ok {
				return
			}
			_, _ = fmt.Fprintf(w, "id: %d\nevent: reply\ndata: %s\n\n", e.ID, e.Data)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		case <-s.over:
			return
		case <-cuts:
			return
		}
	}
}

// beside returns a chat that answers the next message in place of this one.
func (s *site) beside() *webchat.Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	full := s.full
	s.full = nil
	return full
}

// cut ends all streams, as a proxy does.
func (s *site) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.cuts)
	s.cuts = make(chan struct{})
}

// restart puts another chat in the place of this one.
func (s *site) restart(c *webchat.Chat) {
	s.mu.Lock()
	s.chat = c
	s.mu.Unlock()
	s.cut()
}

func (s *site) current() *webchat.Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chat
}

var usualBudget = webchat.Budget{Asks: 60, Sessions: 20, Streams: 20}

func (s *site) asks() []messengers.Incoming {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]messengers.Incoming(nil), s.asked...)
}

func (s *site) loseNext(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lose = n
}

func (s *site) streamed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams
}

func TestTheSiteSpeaksTheProtocol(t *testing.T) {
	s := newSite(t, nil)
	response, err := http.Post(s.URL+base+"/messages", "application/json", strings.NewReader(`{"text":"hi"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Session string
		Replies []struct{ Text string }
	}
	if err := json.Unmarshal(body.Bytes(), &got); err != nil || got.Session == "" || len(got.Replies) != 1 || got.Replies[0].Text != "You said hi" {
		t.Errorf("got %s, %v", body.String(), err)
	}
}
