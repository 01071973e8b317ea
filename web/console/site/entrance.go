package site

import (
	"errors"
	"maps"
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
	"keypull/web/console/pages"
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

// A session may end while somebody fills a form in. What they typed is not
// lost: a script asks at sessionAt before it sends a form, and lets people in by
// a dialog above the page; without one, the page that asks for the password
// carries what was typed, and sends it again to where it was meant for.

// sessionAt is where a page asks whether its session still is.
const sessionAt = Root + "/session"

// tokenHeader is where scripts bring the token of the page's forms, and find
// the new one; lostHeader tells them that a session is gone.
const (
	tokenHeader = "X-Csrf-Token" //nolint:gosec // a name, and no token
	lostHeader  = "Keypull-Session"
)

// signalLoss tells the script of a page that its session is gone, or another.
func (r entrance) signalLoss(status int) {
	r.w.Header().Set(lostHeader, "lost")
	r.w.WriteHeader(status)
}

// hintOf is what an error says to people.
func hintOf(err error) words.Text {
	var e *pull.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return words.Text{}
}

// resume asks to sign in over a form that was sent, and says why. Once that is
// done, the request is what was typed, and true is returned.
func (r entrance) resume(why error) bool {
	if r.URL.Path == signOutAt {
		http.SetCookie(r.w, r.cookies.SignedOut())
		r.toSignIn()
		return false
	}
	err := r.read()
	switch {
	case err != nil:
	case r.PostForm.Has(doorway.Carried):
		var in bool
		if in, err = r.signInOver(); in {
			return true
		}
	case !r.PostForm.Has(doorway.Token):
		// No page of the console has sent this: there is nothing to go on with.
		r.toSignIn()
	default:
		form := signInPages(r).signInForm()
		if form.Why = hintOf(why).In(r.language); r.secret() == "" {
			form.Why = r.t("lost.gone")
		}
		err = r.askToSignIn(http.StatusUnauthorized, r.PostForm, form)
	}
	if err != nil {
		r.fail(err)
	}
	return false
}

// askToSignIn shows the page for signing in with what was typed in it.
func (r entrance) askToSignIn(status int, typed url.Values, form access) error {
	carried, fits := doorway.Carry(typed)
	if !fits {
		return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "lost.too_large", Args: words.Args{"n": doorway.MaxCarried >> 20}}}
	}
	form.Action, form.Carried = r.URL.RequestURI(), carried
	return signInPages(r).showSignIn(status, form)
}

// signInOver signs in by the page that carries what was typed, and makes that
// the request. Where somebody else has typed it, they are asked first.
func (r entrance) signInOver() (bool, error) {
	typed, ok := doorway.Uncarry(r.PostForm.Get(doorway.Carried))
	if !ok {
		return false, unreadable(nil)
	}
	entry, err := signInPages(r).enterBy(r.PostForm)
	if err != nil {
		form := signInPages(r).signInForm()
		status, err := signInPages(r).refusal(err, &form)
		if err != nil {
			return false, err
		}
		return false, r.askToSignIn(status, typed, form)
	}
	r.let(entry)
	by, session, err := r.Gate.Session(r.Context(), entry.Secret)
	if err != nil {
		return false, err
	}
	r.know(by, session)
	if people.TypedBy(typed.Get(doorway.Token)) != by.Person {
		return false, r.ask()
	}
	typed.Set(doorway.Token, session.CSRF)
	r.take(typed)
	return true, nil
}

// take makes a form that was carried the one that was posted.
func (r entrance) take(typed url.Values) {
	r.PostForm, r.Form = typed, r.URL.Query()
	maps.Copy(r.Form, typed)
}

// unpack takes out a form that was carried within another.
func (r entrance) unpack() error {
	if !r.PostForm.Has(doorway.Carried) {
		return nil
	}
	typed, ok := doorway.Uncarry(r.PostForm.Get(doorway.Carried))
	if !ok {
		return unreadable(nil)
	}
	r.take(typed)
	return nil
}

// ask asks whoever is signed in before a form is taken that stood on a page of
// another session: their own of before, or somebody else's.
func (r entrance) ask() error {
	if r.partial() {
		r.signalLoss(http.StatusForbidden)
		return nil
	}
	typed := r.PostForm
	if err := r.unpack(); err == nil {
		typed = r.PostForm
	}
	carried, fits := doorway.Carry(typed)
	if !fits {
		return errOld
	}
	text := r.t("resume.other", "name", r.by.Name)
	if people.TypedBy(typed.Get(doorway.Token)) == r.by.Person {
		text = r.t("resume.same")
	}
	return r.showAs(http.StatusForbidden, "page_confirm", pages.Page{Title: r.t("resume.title"), Body: pages.Confirm{
		Title: r.t("resume.title"), Text: text, Action: r.URL.RequestURI(), Yes: r.t("resume.send"), Cancel: Root, CSRF: r.session.CSRF,
		Hidden: []pages.Hidden{{Name: doorway.Carried, Value: carried}},
	}})
}
