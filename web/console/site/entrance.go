package site

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/doorway"
)

// entrance finds out who comes, and lets nothing in that no page has sent.
type entrance struct{ *request }

// maxForm bounds what a form may hold once it is read.
const maxForm = 6 << 20

// enter finds out who is signed in. Who is not is asked to sign in, and false
// is returned unless they just have, over what they had typed.
func (r entrance) enter() bool {
	p, session, err := r.Gate.Session(r.Context(), r.secret())
	switch {
	case err == nil:
		r.know(p, session)
		return true
	case console.KindOf(err) != pull.Denied:
		r.fail(err)
		return false
	case r.partial():
		r.signalLoss(http.StatusUnauthorized)
		return false
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		r.toSignIn()
		return false
	}
	return r.resume(err)
}

// know takes the request for one of whoever is signed in.
func (r entrance) know(p console.Principal, session people.Session) {
	p.Address = r.RemoteAddr
	if host, _, err := net.SplitHostPort(p.Address); err == nil {
		p.Address = host
	}
	r.by, r.session = p, session
	// Who signed in before browsers had marks gets one by the way.
	if r.device() == "" && r.Method == http.MethodGet && !r.partial() {
		r.remark()
	}
	if p.Language != "" {
		r.language = p.Language
	}
	if zone, err := time.LoadLocation(p.Zone); err == nil && p.Zone != "" {
		r.zone = zone
	}
}

// toSignIn sends to the page for signing in, which leads back to where the
// visitor wanted to go.
func (r entrance) toSignIn() {
	to := Root + "/sign-in"
	if r.Method == http.MethodGet && r.URL.Path != Root {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(r.w, r.Request, to, http.StatusSeeOther)
}

// secret is that of the session's cookie; empty where none came.
func (r entrance) secret() string { return doorway.Value(r.Request, r.cookies.SessionName()) }

// next is the page that somebody wanted before signing in: a path of the
// console and nothing else, whatever stands in the address.
func next(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(text, "\\\r\n") {
		return Root
	}
	if u.Path != Root && !strings.HasPrefix(u.Path, Root+"/") || strings.Contains(u.Path, "//") || strings.Contains(u.Path, "..") {
		return Root
	}
	return u.RequestURI()
}

var (
	errForeign = &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "hint.foreign_form"}}
	errOld     = &pull.Error{Kind: pull.Denied, Hint: words.Text{Key: "hint.old_form"}}
)

// form reads what was posted, where something was, and refuses what no page
// of the console has sent.
func (r entrance) form() error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := r.read(); err != nil || r.by.Person == "" {
		return err
	}
	token := r.PostForm.Get(doorway.Token)
	if token == "" {
		token = r.Header.Get(tokenHeader)
	}
	if !r.session.Meant(token) {
		return errOld
	}
	return r.unpack()
}

// read reads what was posted by a page of this server.
func (r entrance) read() error {
	if !doorway.Ours(r.Request, r.PublicURL) {
		return errForeign
	}
	r.Body = http.MaxBytesReader(r.w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "hint.large_form"}}
		}
		return unreadable(err)
	}
	doorway.Clean(r.PostForm)
	return nil
}

func unreadable(err error) error {
	return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "refusal.form_unreadable"}, Err: err}
}

// device is what the browser was handed when somebody signed in with it.
func (r entrance) device() string { return doorway.Value(r.Request, r.cookies.DeviceName()) }

// let hands the browser what somebody gets who was let in.
func (r entrance) let(e accounts.Admission) {
	var stay time.Duration
	if e.Session.Stays {
		stay = people.StayLimit
	}
	http.SetCookie(r.w, r.cookies.Session(e.Secret, stay))
	r.keep(e.Device)
}

// remark hands the browser of whoever is signed in a mark of today.
func (r entrance) remark() { r.keep(r.Gate.Mark(r.Context(), r.by.Person, r.browser())) }

func (r entrance) keep(device string) {
	if device != "" {
		http.SetCookie(r.w, r.cookies.Device(device, accounts.DeviceLife))
	}
}
