package site

import (
	"cmp"
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
	"keypull/web/console/accounts/passkey"
	"keypull/web/console/pages"
	"keypull/web/console/presignin"
)

// entrance finds out who comes, and lets nothing in that no page has sent.
type entrance struct{ *request }

// maxForm bounds what a form may hold once it is read.
const maxForm = 6 << 20

// requireSignIn finds out who is signed in. Who is not is asked to sign in, and false
// is returned unless they just have, over what they had typed.
func (r entrance) requireSignIn() bool {
	p, session, err := r.Gate.Session(r.Context(), r.sessionSecret())
	switch {
	case err == nil:
		r.signedInAs(p, session)
		return true
	case console.KindOf(err) != pull.Denied:
		r.showError(err)
		return false
	case r.wantsPart():
		r.signalLoss(http.StatusUnauthorized)
		return false
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		r.toSignIn()
		return false
	}
	return r.signInOverForm(err)
}

// signedInAs makes the request one of the signed-in person.
func (r entrance) signedInAs(p console.Principal, session people.Session) {
	p.Address = r.RemoteAddr
	if host, _, err := net.SplitHostPort(p.Address); err == nil {
		p.Address = host
	}
	r.by, r.session = p, session
	// Who signed in before browsers had marks gets one by the way.
	if r.deviceMark() == "" && r.Method == http.MethodGet && !r.wantsPart() {
		r.renewDeviceMark()
	}
	if p.Language != "" {
		r.language = p.Language
	}
	if zone, err := time.LoadLocation(p.Zone); p.Zone == "" {
		r.zone = r.publisherZone()
	} else if err == nil {
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

// sessionSecret returns that of the session's cookie; empty where none came.
func (r entrance) sessionSecret() string { return presignin.Value(r.Request, r.cookies.SessionName()) }

// safeNext returns the page that somebody wanted before signing in: a path of the
// console and nothing else, whatever stands in the address.
func safeNext(text string) string {
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

// readForm reads what was posted, where something was, and refuses what no page
// of the console has sent.
func (r entrance) readForm() error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := r.parseForm(); err != nil || r.by.Person == "" {
		return err
	}
	token := r.PostForm.Get(presignin.Token)
	if token == "" {
		token = r.Header.Get(tokenHeader)
	}
	if !r.session.HasToken(token) {
		return errOld
	}
	return r.unpackCarried()
}

// parseForm reads what was posted by a page of this server.
func (r entrance) parseForm() error {
	if !presignin.Ours(r.Request, r.PublicURL) {
		return errForeign
	}
	room := r.Room(r.URL.Path)
	most := int64(cmp.Or(room, maxForm))
	r.Body = http.MaxBytesReader(r.w, r.Body, most)
	err := r.ParseForm()
	if err == nil && room > 0 {
		if err = r.ParseMultipartForm(most); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "hint.large_form", Args: words.Args{"most": most >> 20}}}
		}
		return unreadableForm(err)
	}
	presignin.Clean(r.PostForm)
	return nil
}

func unreadableForm(err error) error {
	return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "refusal.form_unreadable"}, Err: err}
}

// deviceMark returns what the browser was handed when somebody signed in with it.
func (r entrance) deviceMark() string { return presignin.Value(r.Request, r.cookies.DeviceName()) }

// setCookies hands the browser what somebody gets who was let in.
func (r entrance) setCookies(e accounts.Admission) {
	var stay time.Duration
	if e.Session.Stays {
		stay = people.StayLimit
	}
	http.SetCookie(r.w, r.cookies.Session(e.Secret, stay))
	r.setDeviceCookie(e.Device)
}

// renewDeviceMark hands the browser a new mark of the signed-in person.
func (r entrance) renewDeviceMark() {
	r.setDeviceCookie(r.Gate.Mark(r.Context(), r.by.Person, r.browserOf()))
}

func (r entrance) setDeviceCookie(device string) {
	if device != "" {
		http.SetCookie(r.w, r.cookies.Device(device, accounts.DeviceLife))
	}
}

// signOutAt is where people sign out.
const signOutAt = Root + "/sign-out"

// signInPages let people in and out.
type signInPages struct{ *request }

func (s *Site) accessRoutes() {
	s.openRoute("GET "+Root+"/sign-in", pageAction(signInPages.signInPage))
	s.openRoute("POST "+Root+"/sign-in", pageAction(signInPages.signIn))
	s.openRoute("POST "+Root+"/passkey", pageAction(signInPages.askForPasskey))
	s.openRoute("GET "+sessionAt, pageAction(signInPages.sessionDialog))
	s.openRoute("POST "+sessionAt, pageAction(signInPages.signInByDialog))
	s.route("POST "+signOutAt, pageAction(signInPages.signOut))
	s.openRoute("GET "+Root+"/welcome/{secret}", pageAction(welcomePages.welcomePage))
	s.openRoute("POST "+Root+"/welcome/{secret}", pageAction(welcomePages.acceptInvite))
}

// access is what the page for signing in shows.
type access struct {
	Form inputs
	// Action is where the form is sent, Carried what goes with it: a form that
	// was typed before.
	Action, Carried string
	// Next is where the visitor wanted to go, Message why they can't yet, Why how
	// they came to be signed out.
	Next, Message, Why string
	// WayIn says that nobody has an account yet, who could sign in.
	WayIn bool
	// Unsafe says that no browser keeps the cookie, since the way to this
	// server is not encrypted.
	Unsafe bool
	// Passkeys says that browsers have passkeys for this address.
	Passkeys bool
}

// browserOf returns where the visitor comes from.
func (r entrance) browserOf() accounts.Browser {
	return accounts.Browser{Address: r.RemoteAddr, Agent: r.UserAgent(), Device: r.deviceMark(), Stay: r.PostForm.Get("stay") == "on"}
}

func (r signInPages) signInForm() access {
	form := access{Action: Root + "/sign-in", Next: safeNext(r.FormValue("next")), Unsafe: presignin.Unsafe(r.PublicURL), Form: inputs{
		{Name: "email", Label: r.t("access.email"), Type: "email", Autocomplete: "username", Required: true},
		{Name: "password", Label: r.t("access.password"), Type: "password", Autocomplete: "current-password", Required: true},
		{Name: "stay", Label: r.t("access.stay"), Help: r.plural("access.stay_help", int(people.StayLimit.Hours()/24)), Type: "toggle"},
	}}
	form.Form.fillPosted(r.PostForm)
	_, form.Passkeys = entrance(r).passkeyParty()
	// Where that is not known, the form is shown as ever.
	form.WayIn, _ = r.Gate.Unowned(r.Context())
	return form
}

func (r signInPages) signInPage() error {
	form := r.signInForm()
	_, _, err := r.Gate.Session(r.Context(), entrance(r).sessionSecret())
	if err == nil {
		return r.redirectDone(form.Next, "")
	}
	if entrance(r).sessionSecret() != "" {
		form.Why = hintOf(err).In(r.language)
	}
	return r.showSignIn(http.StatusOK, form)
}

func (r signInPages) showSignIn(status int, form access) error {
	return r.showAs(status, "page_sign_in", pages.Page{Title: r.t("access.sign_in"), Body: form, Bare: true})
}

func (r signInPages) signIn() error {
	entry, err := r.enterBy(r.PostForm)
	form := r.signInForm()
	if err == nil {
		entrance(r).setCookies(entry)
		return r.redirectDone(form.Next, "")
	}
	status, err := r.refuseSignIn(err, &form)
	if err != nil {
		return err
	}
	return r.showSignIn(status, form)
}

// enterBy opens a session by what stands in a form for signing in.
func (r signInPages) enterBy(posted url.Values) (accounts.Admission, error) {
	if answer := posted.Get("passkey"); answer != "" {
		at, _ := entrance(r).passkeyParty()
		return r.Gate.SignInByPasskey(r.Context(), at, []byte(answer), entrance(r).browserOf())
	}
	return r.Gate.SignIn(r.Context(), posted.Get("email"), posted.Get("password"), entrance(r).browserOf())
}

// refuseSignIn puts into a form why nobody was let in by it; an error that the
// visitor can't mend is returned.
func (r signInPages) refuseSignIn(err error, form *access) (status int, other error) {
	status = console.StatusOf(err)
	switch console.KindOf(err) {
	case pull.Denied:
		status, form.Message = http.StatusUnauthorized, hintOf(err).In(r.language)
	case pull.Limited:
		form.Message = r.waitText(err)
	case pull.Unavailable:
		form.Message = r.t("hint.busy")
	default:
		return status, err
	}
	return status, nil
}

// waitText says how long the visitor has to wait, to people and to programs.
func (r *request) waitText(err error) string {
	wait := time.Second
	var e *pull.Error
	if errors.As(err, &e) && !e.RetryAt.IsZero() {
		wait = max(wait, e.RetryAt.Sub(r.clock()))
	}
	r.w.Header().Set("Retry-After", retrySeconds(wait))
	if wait < time.Minute {
		return r.plural("access.wait_seconds", int((wait+time.Second-1)/time.Second))
	}
	return r.plural("access.wait_minutes", int((wait+time.Minute-1)/time.Minute))
}

func (r signInPages) signOut() error {
	if err := r.Gate.SignOut(r.Context(), entrance(r).sessionSecret(), entrance(r).browserOf()); err != nil {
		return err
	}
	http.SetCookie(r.w, r.cookies.SignedOut())
	return r.redirectDone(Root+"/sign-in", "")
}

// askForPasskey hands a browser what its device has to sign.
func (r signInPages) askForPasskey() error {
	at, _ := entrance(r).passkeyParty()
	question, err := r.Gate.AskForPasskey(at)
	if err != nil {
		return err
	}
	return entrance(r).writeJSON(question)
}

// passkeyParty is this server as the visitor's browser has come to it; false where
// browsers have no passkeys for such an address.
func (r entrance) passkeyParty() (passkey.Party, bool) {
	origins := presignin.Origins(r.Request, r.PublicURL)
	if r.Gate.Passkeys == nil || len(origins) == 0 {
		return passkey.Party{}, false
	}
	for _, origin := range origins {
		if u, err := url.Parse(origin); err == nil && (u.Host == r.Host || origin == r.Header.Get("Origin")) {
			return passkey.At(origin)
		}
	}
	return passkey.At(origins[0])
}

// writeJSON writes what a script has asked for.
func (r entrance) writeJSON(text []byte) error {
	r.w.Header().Set("Content-Type", "application/json")
	_, _ = r.w.Write(text)
	return nil
}
