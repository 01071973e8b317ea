package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// request is one request on its way. The pages of a resource are a type of their
// own that holds it.
type request struct {
	*Site
	*http.Request
	locale
	w http.ResponseWriter
	// by is who is signed in; zero on the pages for everybody.
	by      console.Principal
	session people.Session
	// publisher is the one in the path, seen what is known of it once somebody asked.
	publisher string
	seen      *console.PublisherListed
	// nav are the places that the page leads to, once somebody asked.
	nav []pages.NavItem
	// receipt says how what was done last can be undone.
	receipt console.Receipt
}

// pageAction makes an action of one that the pages of a resource have.
func pageAction[P ~struct{ *request }](f func(P) error) action {
	return func(r *request) error { return f(P{r}) }
}

func (s *Site) newRequest(w http.ResponseWriter, r *http.Request) *request {
	return &request{Site: s, Request: r, w: w, publisher: r.PathValue("publisher"),
		locale: locale{language: words.Accepted(r.Header.Get("Accept-Language")), zone: time.UTC, clock: s.Clock}}
}

// pathTo returns the address of a page of the publisher at work: at("sources", "new").
func (r *request) pathTo(parts ...string) string { return publisherPath(r.publisher, parts...) }

// publisherPath returns that of a publisher's page.
func publisherPath(publisher string, parts ...string) string {
	b := strings.Builder{}
	b.WriteString(Root + "/p/" + url.PathEscape(publisher))
	for _, p := range parts {
		b.WriteString("/" + url.PathEscape(p))
	}
	return b.String()
}

// carryOut runs an action and tells its error.
func (r *request) carryOut(f action) {
	err := (entrance{r}).readForm()
	switch {
	case errors.Is(err, errOld):
		err = entrance{r}.askToResume()
	case err == nil:
		err = f(r)
	}
	if err != nil {
		r.showError(err)
	}
}

// callContext returns that in which operations are called, in the name of the visitor.
func (r *request) callContext() context.Context {
	by := r.by
	by.Language = r.language
	return console.WithRedirects(console.WithCaller(console.WithReceipt(console.WithDoer(r.Context(), r.Console), &r.receipt), by))
}

// showPage writes a page with status 200.
func (r *request) showPage(view string, p pages.Page) error { return r.showAs(http.StatusOK, view, p) }

// showAs writes a page; what is the same on every page is filled in.
func (r *request) showAs(status int, view string, p pages.Page) error {
	p.Language, p.Zone, p.Path, p.CSRF = r.language, r.zone, r.URL.Path, r.session.CSRF
	if p.Title == "" {
		p.Title = "keypull"
	}
	if r.by.Person != "" {
		layout{r}.fillPage(&p)
	}
	var b bytes.Buffer
	if err := r.views.Render(&b, view, p); err != nil {
		return err
	}
	r.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	r.w.WriteHeader(status)
	// Who went away needs no page.
	_, _ = r.w.Write(b.Bytes())
	return nil
}

// showRead shows what a page reads first.
func showRead[B any](read func() (B, error), show func(status int, body B) error) error {
	body, err := read()
	if err != nil {
		return err
	}
	return show(http.StatusOK, body)
}

// refuseForm puts what an operation refused at the fields of a form, and returns the
// rest in words; false where the visitor can't mend it.
func (r *request) refuseForm(fields inputs, refusal error) (message string, ok bool) {
	if problems, ok := r.problemsOf(refusal, ""); ok {
		return strings.Join(fields.addProblems(problems), " "), true
	}
	return r.refusalText(refusal)
}

// showRefused shows a page whose form an operation refused, with what was posted; form
// returns the fields of its body, and where a message goes.
func showRefused[B any](r *request, refusal error, read func() (B, error), form func(*B) (inputs, *string), show func(status int, body B) error) error {
	body, err := read()
	if err != nil {
		return err
	}
	fields, message := form(&body)
	fields.fillPosted(r.PostForm)
	said, ok := r.refuseForm(fields, refusal)
	if !ok {
		return refusal
	}
	*message = said
	return show(console.StatusOf(refusal), body)
}

// showPart writes a part of a page, for a page that fetches it again.
func (r *request) showPart(view string, data any) error { return r.partAs(http.StatusOK, view, data) }

// partAs is part with a status.
func (r *request) partAs(status int, view string, data any) error {
	var b bytes.Buffer
	if err := r.views.Part(&b, view, pages.Page{Language: r.language, Zone: r.zone}, data); err != nil {
		return err
	}
	r.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	r.w.WriteHeader(status)
	_, _ = r.w.Write(b.Bytes())
	return nil
}

// wantsPart reports whether a script asks for a part of the page.
func (r *request) wantsPart() bool { return r.Header.Get("Hx-Request") == "true" }

// redirectDone sends the visitor to another page of the console, with a sentence for
// the top of it: done is a key "done.<done>" of the words.
func (r *request) redirectDone(to, done string) error {
	if done != "" {
		separator := "?"
		if strings.Contains(to, "?") {
			separator = "&"
		}
		to += separator + "done=" + url.QueryEscape(done)
		if r.receipt.Change != "" {
			to += "&" + undoParam + "=" + url.QueryEscape(r.receipt.Change)
		}
	}
	// Every address is a page of the console: next lets no other through.
	r.w.Header().Set("Location", to)
	r.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// redirectMoved sends the visitor to the same page of a thing under the id that it has
// today; what was posted comes along.
func (r *request) redirectMoved(m *console.Moved) {
	section := ""
	for _, n := range r.edited {
		if n.name == m.Resource {
			section = n.section
		}
	}
	to := r.pageOf(section, m.To)
	if _, rest, deeper := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), r.pathTo(section)+"/"), "/"); deeper {
		to += "/" + rest
	}
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	r.w.Header().Set("Location", to)
	r.w.WriteHeader(http.StatusPermanentRedirect)
}

// showError shows the page that tells an error.
func (r *request) showError(err error) {
	var moved *console.Moved
	if errors.As(err, &moved) && r.thingID() == moved.From {
		r.redirectMoved(moved)
		return
	}
	status := console.StatusOf(err)
	key := statusWord(status)
	if status == http.StatusInternalServerError {
		r.Logger.Error("a page failed", "path", r.URL.Path, "error", err)
	}
	var e *pull.Error
	body := failure{Next: r.t(nextStep(key))}
	if errors.As(err, &e) && status != http.StatusInternalServerError {
		body.Detail = e.Hint.In(r.language)
		if !e.RetryAt.IsZero() {
			r.w.Header().Set("Retry-After", retrySeconds(e.RetryAt.Sub(r.clock())))
		}
	}
	if key == "unknown" && r.Method == http.MethodGet {
		body.Meant = suggestedPath(r.URL.EscapedPath())
	}
	if place := (layout{r}).sectionName(); r.by.Person != "" && r.publisher != "" && r.summary() != nil && pages.Has("nav."+place) {
		body.Near = pages.Crumb{Label: r.t("nav." + place), Href: r.pathTo(place)}
	}
	page := pages.Page{Title: r.t("failure." + key), Body: body, Bare: r.by.Person == ""}
	if r.showAs(status, "page_failure", page) == nil {
		return
	}
	http.Error(r.w, http.StatusText(status), status)
}

// failure is what the page of an error tells: what the operation said, and
// what to do next.
type failure struct {
	Detail, Next string
	// Meant is the address that somebody may have had in mind.
	Meant string
	// Near is the list that the address lies in; empty if it lies in none.
	Near pages.Crumb
	// More leads to where the address is described; empty if nothing is.
	More string
}

// nextStep returns the key of the sentence that says what to do after an error.
func nextStep(key string) string {
	switch key {
	case "unknown", "denied", "limited", "internal", "unavailable":
		return "failure.text." + key
	}
	return "failure.text.again"
}

// suggestedPath returns a path as addresses are written here, or empty if it is so already.
func suggestedPath(asked string) string {
	const most = 300
	if len(asked) > most {
		return ""
	}
	if written := strings.ToLower(path.Clean("/" + asked)); written != asked {
		return written
	}
	return ""
}

// Refusal is what some other part of this server does not do: Said is why, in
// Language.
type Refusal struct {
	Status               int
	Path, Said, Language string
}

// Refused returns the page by which a browser shows a refusal, with its headers: what
// is wrong, and what to do next.
func (s *Site) Refused(x Refusal) ([]byte, http.Header) {
	l := locale{language: x.Language}
	key, step := statusWord(x.Status), "failure.at.other"
	body := failure{Detail: x.Said}
	zones := map[string]string{"/api": "api", "/hook": "hook", "/in": "hook", "/chat": "chat"}
	for _, k := range s.Kinds.Messengers {
		zones[k.Door()] = "hook"
	}
	for at, zone := range zones {
		if x.Path == at || strings.HasPrefix(x.Path, at+"/") {
			step = "failure.at." + zone
		}
	}
	switch {
	case x.Status >= http.StatusTooManyRequests && key != "long":
		step = nextStep(key)
	case key == "long":
		step = "failure.at.long"
	case key == "unknown":
		body.Meant = suggestedPath(x.Path)
	}
	if body.Next = l.t(step); step == "failure.at.api" {
		body.More = "/api/v1/openapi.json"
	}
	header := http.Header{}
	s.setHeaders(header)
	var b bytes.Buffer
	err := s.views.Render(&b, "page_failure", pages.Page{Language: x.Language, Title: l.t("failure." + key), Body: body, Bare: true})
	if err != nil {
		s.Logger.Error("the page of a refusal failed", "error", err)
	}
	return b.Bytes(), header
}

// statusWord returns the word for a status in the keys of sentences.
func statusWord(status int) string {
	switch status {
	case http.StatusNotFound:
		return "unknown"
	case http.StatusUnauthorized, http.StatusForbidden:
		return "denied"
	case http.StatusMethodNotAllowed:
		return "method"
	case http.StatusConflict:
		return "conflict"
	case http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
		return "long"
	case http.StatusTooManyRequests:
		return "limited"
	case http.StatusServiceUnavailable:
		return "unavailable"
	}
	if status >= http.StatusInternalServerError {
		return "internal"
	}
	return "invalid"
}

func retrySeconds(d time.Duration) string {
	return fmt.Sprint(max(1, int(d.Round(time.Second)/time.Second)))
}
