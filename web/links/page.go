package links

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"time"

	"keypull/pull/words"
)

//go:embed static
var static embed.FS

var views = template.Must(template.ParseFS(static, "static/*.html"))

// Addresses below which the pages lie.
const (
	Root     = "/ask"
	OEmbed   = "/oembed"
	Briefing = "/briefing"
)

// kept is how long others may keep what is shown.
const kept = "public, max-age=300"

// Pages serve what is below Root, OEmbed and Briefing.
type Pages struct {
	Guide
	// Answers gives what a keyword answers for a briefing; nil if there is none.
	Answers Answers
	Clock   func() time.Time
}

// Handler returns the pages' handler, paths unchanged.
func (p Pages) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"/ways.css", func(w http.ResponseWriter, _ *http.Request) {
		style, _ := static.ReadFile("static/ways.css")
		p.write(w, "text/css; charset=utf-8", style)
	})
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}", p.page("page.html", "'none'"))
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}/frame", p.page("frame.html", "*"))
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}/button.js", p.button)
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}/code/{file}", p.code)
	mux.HandleFunc("GET "+OEmbed, p.oembed)
	mux.HandleFunc("GET "+Briefing+"/{publisher}/{file}", p.briefing)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { refuse(w, r, http.StatusNotFound, "web.nothing") })
	return mux
}

// shown is what a page shows.
type shown struct {
	Language, Direction string
	Title, Lead, Scan   string
	Name, Page, OEmbed  string
	Links               []shownLink
}

type shownLink struct {
	Link

	Label string
	// Address is the link's: messengers make it, with schemes of their own.
	Address template.URL
	Code    string
}

func (p Pages) asked(w http.ResponseWriter, r *http.Request) (Asked, bool) {
	language := r.URL.Query().Get("lang")
	if language == "" {
		language, _, _ = strings.Cut(r.Header.Get("Accept-Language"), ",")
	}
	a, ok := p.Keyword(r.PathValue("publisher"), r.PathValue("keyword"), language)
	if !ok {
		refuse(w, r, http.StatusNotFound, "web.no_keyword")
	}
	return a, ok
}

// page shows all links to a keyword.
func (p Pages) page(view, framedBy string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, ok := p.asked(w, r)
		if !ok {
			return
		}
		s := p.shown(a)
		var b bytes.Buffer
		if err := views.ExecuteTemplate(&b, view, s); err != nil {
			refuse(w, r, http.StatusInternalServerError, "web.internal")
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "+framedBy)
		if framedBy == "*" {
			w.Header().Del("X-Frame-Options")
		}
		w.Header().Set("Vary", "Accept-Language")
		w.Header().Set("Content-Language", a.Language)
		p.write(w, "text/html; charset=utf-8", b.Bytes())
	}
}

func (p Pages) shown(a Asked) shown {
	s := shown{
		Language: a.Language, Direction: words.Direction(a.Language), Name: a.Publisher.Name, Page: p.Page(a),
		Title: own.Say(a.Language, "title", words.Args{"word": a.Word}),
		Lead:  own.Say(a.Language, "lead", words.Args{"name": a.Publisher.Name}),
		Scan:  own.Say(a.Language, "scan", nil),
	}
	s.OEmbed = p.PublicURL + OEmbed + "?url=" + template.URLQueryEscaper(s.Page)
	for _, link := range p.Links(a) {
		s.Links = append(s.Links, shownLink{Link: link, Label: a.label(link), Address: template.URL(link.URL), //nolint:gosec // made by the messenger's kind
			Code: Root + "/" + a.Publisher.ID + "/" + a.Keyword.ID + "/code/" + link.Channel + ".svg?lang=" + a.Language})
	}
	return s
}

// link returns the one that a request names, the first where it names none.
func (p Pages) link(a Asked, channel string) (Link, bool) {
	for _, link := range p.Links(a) {
		if channel == "" || link.Channel == channel {
			return link, true
		}
	}
	return Link{}, false
}

// button is a script that puts a link in its own place: one tag in an article.
func (p Pages) button(w http.ResponseWriter, r *http.Request) {
	a, ok := p.asked(w, r)
	if !ok {
		return
	}
	link, ok := p.link(a, r.URL.Query().Get("channel"))
	if !ok {
		refuse(w, r, http.StatusNotFound, "web.no_channel")
		return
	}
	told, err := json.Marshal(map[string]string{"href": link.URL, "label": a.label(link), "lang": a.Language, "dir": words.Direction(a.Language)})
	if err != nil {
		refuse(w, r, http.StatusInternalServerError, "web.internal")
		return
	}
	script, _ := static.ReadFile("static/button.js")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	p.write(w, "text/javascript; charset=utf-8", bytes.Replace(script, []byte("{}"), told, 1))
}

// code draws the code of a way.
func (p Pages) code(w http.ResponseWriter, r *http.Request) {
	a, ok := p.asked(w, r)
	if !ok {
		return
	}
	channel, format, _ := strings.Cut(r.PathValue("file"), ".")
	link, ok := p.link(a, channel)
	if !ok || channel == "" || format != "svg" && format != "png" {
		refuse(w, r, http.StatusNotFound, "web.no_channel")
		return
	}
	c, err := NewCode(link.URL)
	if err != nil {
		refuse(w, r, http.StatusNotFound, "web.no_channel")
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if format == "svg" {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		p.write(w, "image/svg+xml", c.SVG())
		return
	}
	picture, err := c.PNG()
	if err != nil {
		refuse(w, r, http.StatusInternalServerError, "web.internal")
		return
	}
	p.write(w, "image/png", picture)
}

func (p Pages) write(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", kept)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body)
}

// refuse answers programs by a problem; browsers are shown it as a page.
func refuse(w http.ResponseWriter, r *http.Request, status int, key string) {
	language := words.Accepted(r.Header.Get("Accept-Language"))
	said := words.Text{Key: key}.In(language)
	body, err := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": said})
	if err != nil {
		http.Error(w, said, status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
