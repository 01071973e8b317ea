package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/language"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// visit is one request on its way.
type visit struct {
	*Site
	w http.ResponseWriter
	r *http.Request
	// by is who is signed in; zero on the pages for everybody.
	by      console.Principal
	session people.Session
	// language and zone are what this person reads in.
	language string
	zone     *time.Location
	// publisher is the one in the path, outlets all that the person sees.
	publisher string
	outlets   []console.PublisherSummary
}

// spoken matches what a browser asks for with what the console speaks.
var spoken = func() language.Matcher {
	var tags []language.Tag
	for _, l := range pages.Languages() {
		tags = append(tags, language.Make(l))
	}
	return language.NewMatcher(tags)
}()

func (s *Site) visit(w http.ResponseWriter, r *http.Request) *visit {
	_, i := language.MatchStrings(spoken, r.Header.Get("Accept-Language"))
	return &visit{Site: s, w: w, r: r, language: pages.Languages()[i], zone: time.UTC, publisher: r.PathValue("publisher")}
}

// at is the address of a page of the publisher at work: at("sources", "new").
func (v *visit) at(parts ...string) string { return place(v.publisher, parts...) }

// place is the address of a publisher's page.
func place(publisher string, parts ...string) string {
	b := strings.Builder{}
	b.WriteString(Root + "/p/" + url.PathEscape(publisher))
	for _, p := range parts {
		b.WriteString("/" + url.PathEscape(p))
	}
	return b.String()
}

// may says whether the visitor may carry an operation of that permission out
// on the publisher at work.
func (v *visit) may(p console.Permission) bool { return v.by.May(v.publisher, p) }

// carryOut runs an action and tells its error.
func (v *visit) carryOut(f action) {
	if err := v.form(); err != nil {
		v.fail(err)
		return
	}
	if err := f(v); err != nil {
		v.fail(err)
	}
}

// do carries an operation out in the name of the visitor.
func do[In, Out any](v *visit, name string, in In) (Out, error) {
	var none Out
	raw, err := json.Marshal(in)
	if err != nil {
		return none, fmt.Errorf("%s: encode the input: %w", name, err)
	}
	out, err := v.Console.Run(v.context(), name, raw)
	if err != nil {
		return none, err
	}
	typed, ok := out.(Out)
	if !ok {
		return none, fmt.Errorf("%s: the output is a %T", name, out)
	}
	return typed, nil
}

func (v *visit) context() context.Context { return console.As(v.r.Context(), v.by) }

// show writes a page with status 200.
func (v *visit) show(view string, p pages.Page) error { return v.showAs(http.StatusOK, view, p) }

// showAs writes a page; what is the same on every page is filled in.
func (v *visit) showAs(status int, view string, p pages.Page) error {
	p.Language, p.Zone, p.Path, p.CSRF = v.language, v.zone, v.r.URL.Path, v.session.CSRF
	if p.Title == "" {
		p.Title = "keypull"
	}
	if v.by.Person != "" {
		v.frame(&p)
	}
	var b bytes.Buffer
	if err := v.views.Render(&b, view, p); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	// Who went away needs no page.
	_, _ = v.w.Write(b.Bytes())
	return nil
}

// part writes a part of a page, for a page that fetches it again.
func (v *visit) part(view string, data any) error {
	var b bytes.Buffer
	if err := v.views.Part(&b, view, pages.Page{Language: v.language, Zone: v.zone}, data); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = v.w.Write(b.Bytes())
	return nil
}

// partial says whether a script asks for a part of the page.
func (v *visit) partial() bool { return v.r.Header.Get("Hx-Request") == "true" }

// leave sends the visitor to another page of the console, with a sentence for
// the top of it: done is a key "done.<done>" of the words.
func (v *visit) leave(to, done string) error {
	if done != "" {
		separator := "?"
		if strings.Contains(to, "?") {
			separator = "&"
		}
		to += separator + "done=" + url.QueryEscape(done)
	}
	// Every address is a page of the console: next lets no other through.
	v.w.Header().Set("Location", to)
	v.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// fail shows the page that tells an error.
func (v *visit) fail(err error) {
	status, key := statusOf(err)
	if status == http.StatusInternalServerError {
		v.Logger.Error("a page failed", "path", v.r.URL.Path, "error", err)
	}
	var e *pull.Error
	body := failure{Key: key}
	if errors.As(err, &e) && status != http.StatusInternalServerError {
		body.Detail = v.hint(e.Hint)
		if !e.RetryAt.IsZero() {
			v.w.Header().Set("Retry-After", seconds(e.RetryAt.Sub(v.Clock())))
		}
	}
	page := pages.Page{Title: pages.T(v.language, "failure."+key), Body: body, Bare: v.by.Person == ""}
	if v.showAs(status, "page_failure", page) == nil {
		return
	}
	http.Error(v.w, http.StatusText(status), status)
}

// failure is what the page of an error tells: the key of a sentence, and what
// the operation said.
type failure struct{ Key, Detail string }

func seconds(d time.Duration) string {
	return fmt.Sprint(max(1, int(d.Round(time.Second)/time.Second)))
}

// statusOf is the status of an error and the key of its sentence.
func statusOf(err error) (status int, key string) {
	switch console.KindOf(err) {
	case pull.Unknown:
		return http.StatusNotFound, "unknown"
	case pull.Denied:
		return http.StatusForbidden, "denied"
	case pull.Invalid:
		return http.StatusUnprocessableEntity, "invalid"
	case pull.Conflict:
		return http.StatusConflict, "conflict"
	case pull.Limited:
		return http.StatusTooManyRequests, "limited"
	case pull.Unavailable, pull.Gathering, pull.Crowded, pull.Spent, pull.Unusable:
		return http.StatusServiceUnavailable, "unavailable"
	}
	return http.StatusInternalServerError, "internal"
}
