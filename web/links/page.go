package links

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

//go:embed static
var static embed.FS

var views = template.Must(template.New("").Funcs(template.FuncMap{"site": siteName}).ParseFS(static, "static/*.html"))

// siteName returns whose page an address leads to, in place of the address itself.
func siteName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimPrefix(u.Host, "www.")
}

// Addresses below which the pages lie.
const (
	Root     = "/ask"
	OEmbed   = "/oembed"
	Briefing = "/briefing"
)

// kept is how long others may keep what is shown, keptAnswer where an answer is part of it.
const (
	kept       = "public, max-age=300"
	keptAnswer = "public, max-age=10"
)

// Pages serve what is below Root, OEmbed and Briefing.
type Pages struct {
	Guide
	// Answers gives what a keyword answers, for briefings and pages; nil if nothing does.
	Answers Answers
	Clock   func() time.Time
}

// Keyword returns what pages show of a keyword; nothing of a publisher for staff only.
func (p Pages) Keyword(publisher, keyword, language string) (Asked, bool) {
	a, ok := p.Guide.Keyword(publisher, keyword, language)
	if !ok || a.Publisher.StaffOnly {
		return Asked{}, false
	}
	return a, true
}

// Handler returns the pages' handler, paths unchanged.
func (p Pages) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"/ways.css", func(w http.ResponseWriter, _ *http.Request) {
		style, _ := static.ReadFile("static/ways.css")
		p.writeBody(w, "text/css; charset=utf-8", style)
	})
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}", p.servePage("page.html", "'none'"))
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}/frame", p.servePage("frame.html", "*"))
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}/button.js", p.serveButton)
	mux.HandleFunc("GET "+Root+"/{publisher}/{keyword}/code/{file}", p.serveCode)
	mux.HandleFunc("GET "+OEmbed, p.serveOEmbed)
	mux.HandleFunc("GET "+Briefing+"/{publisher}/{file}", p.serveBriefing)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { writeProblem(w, r, http.StatusNotFound, "web.nothing") })
	return mux
}

// shown is what a page shows.
type shown struct {
	Language, Direction string
	Title, Lead, Scan   string
	Name, Page, OEmbed  string
	Links               []shownLink
	// Answer is what the keyword answers now; nil where it needs to be asked for more.
	Answer *pull.Reply
	Image  *what.Media
}

type shownLink struct {
	Link

	Label string
	// Address is the link's: messengers make it, with schemes of their own.
	Address template.URL
	Code    string
}

func (p Pages) findAsked(w http.ResponseWriter, r *http.Request) (Asked, bool) {
	language := r.URL.Query().Get("lang")
	if language == "" {
		language, _, _ = strings.Cut(r.Header.Get("Accept-Language"), ",")
	}
	a, ok := p.Keyword(r.PathValue("publisher"), r.PathValue("keyword"), language)
	if !ok {
		writeProblem(w, r, http.StatusNotFound, "web.no_keyword")
	}
	return a, ok
}

// servePage shows all links to a keyword.
func (p Pages) servePage(view, framedBy string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, ok := p.findAsked(w, r)
		if !ok {
			return
		}
		s := p.pageData(a)
		if framedBy == "'none'" {
			p.addAnswer(r.Context(), a, &s)
			w.Header().Set("Cache-Control", keptAnswer)
		}
		var b bytes.Buffer
		if err := views.ExecuteTemplate(&b, view, s); err != nil {
			writeProblem(w, r, http.StatusInternalServerError, "web.internal")
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors "+framedBy)
		if framedBy == "*" {
			w.Header().Del("X-Frame-Options")
		}
		w.Header().Set("Vary", "Accept-Language")
		w.Header().Set("Content-Language", a.Language)
		p.writeBody(w, "text/html; charset=utf-8", b.Bytes())
	}
}

func (p Pages) pageData(a Asked) shown {
	s := shown{
		Language: a.Language, Direction: words.Direction(a.Language), Name: a.Publisher.Name, Page: p.Page(a),
		Title: own.Say(a.Language, "title", words.Args{"word": a.Word}),
		Lead:  own.Say(a.Language, "lead", words.Args{"name": a.Publisher.Name}),
		Scan:  own.Say(a.Language, "scan", nil),
	}
	s.OEmbed = p.PublicURL + OEmbed + "?url=" + template.URLQueryEscaper(s.Page)
	for _, link := range p.Links(a) {
		s.Links = append(s.Links, shownLink{Link: link, Label: a.buttonLabel(link), Address: template.URL(link.URL), //nolint:gosec // made by the messenger's kind
			Code: Root + "/" + a.Publisher.ID + "/" + a.Keyword.ID + "/code/" + link.Channel + ".svg?lang=" + a.Language})
	}
	return s
}

// addAnswer shows what the keyword answers to whoever asks.
func (p Pages) addAnswer(ctx context.Context, a Asked, s *shown) {
	if p.Answers == nil {
		return
	}
	reply, _, answered := p.Answers(ctx, a.Publisher.ID, a.Keyword.ID, a.Language)
	if !answered {
		return
	}
	s.Answer = &reply
	if at := slices.IndexFunc(reply.Media, func(m what.Media) bool { return m.Type == what.Image }); at >= 0 {
		s.Image = &reply.Media[at]
	}
}

// findLink returns the one that a request names, the first where it names none.
func (p Pages) findLink(a Asked, channel string) (Link, bool) {
	for _, link := range p.Links(a) {
		if channel == "" || link.Channel == channel {
			return link, true
		}
	}
	return Link{}, false
}

// serveButton is a script that puts a link in its own place: one tag in an article.
func (p Pages) serveButton(w http.ResponseWriter, r *http.Request) {
	a, ok := p.findAsked(w, r)
	if !ok {
		return
	}
	link, ok := p.findLink(a, r.URL.Query().Get("channel"))
	if !ok {
		writeProblem(w, r, http.StatusNotFound, "web.no_channel")
		return
	}
	// A map of texts always can be JSON.
	told, _ := json.Marshal(map[string]string{"href": link.URL, "label": a.buttonLabel(link), "lang": a.Language, "dir": words.Direction(a.Language)})
	script, _ := static.ReadFile("static/button.js")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	p.writeBody(w, "text/javascript; charset=utf-8", bytes.Replace(script, []byte("{}"), told, 1))
}

// serveCode draws the code of a way.
func (p Pages) serveCode(w http.ResponseWriter, r *http.Request) {
	a, ok := p.findAsked(w, r)
	if !ok {
		return
	}
	channel, format, _ := strings.Cut(r.PathValue("file"), ".")
	link, ok := p.findLink(a, channel)
	if !ok || channel == "" || format != "svg" && format != "png" {
		writeProblem(w, r, http.StatusNotFound, "web.no_channel")
		return
	}
	c, err := NewCode(link.URL)
	if err != nil {
		writeProblem(w, r, http.StatusNotFound, "web.no_channel")
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if format == "svg" {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		p.writeBody(w, "image/svg+xml", c.SVG())
		return
	}
	picture, err := c.PNG()
	if err != nil {
		writeProblem(w, r, http.StatusInternalServerError, "web.internal")
		return
	}
	p.writeBody(w, "image/png", picture)
}

func (p Pages) writeBody(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", cmp.Or(w.Header().Get("Cache-Control"), kept))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body)
}

// writeProblem answers programs by a problem; browsers are shown it as a page.
func writeProblem(w http.ResponseWriter, r *http.Request, status int, key string) {
	messengers.Problem{Status: status, Said: words.Text{Key: key}}.Write(w, r)
}
