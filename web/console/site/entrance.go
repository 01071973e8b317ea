package site

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// entrance finds out who comes, and lets nothing in that no page has sent.
type entrance struct{ *request }

// cookieName binds the cookie to this host, to https (or this machine), and
// to all paths; browsers enforce the prefix.
const cookieName = "__Host-keypull"

// maxForm bounds what a form may hold once it is read.
const maxForm = 6 << 20

// enter finds out who is signed in. Who is not is sent to sign in and
// false is returned.
func (r entrance) enter() bool {
	p, session, err := r.Gate.Session(r.Context(), r.secret())
	if err != nil {
		if console.KindOf(err) != pull.Denied {
			r.fail(err)
			return false
		}
		r.toSignIn()
		return false
	}
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
	return true
}

func (r entrance) toSignIn() {
	to := Root + "/sign-in"
	if r.Method == http.MethodGet && r.URL.Path != Root {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	if r.partial() {
		// A part of a page can't be a sign-in page: the whole one goes there.
		r.w.Header().Set("Hx-Redirect", to)
		r.w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(r.w, r.Request, to, http.StatusSeeOther)
}

// secret is that of the session's cookie; empty where none came.
func (r entrance) secret() string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// Cookie hands a browser the secret of a session, or takes it away where that
// is empty.
func Cookie(secret string) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

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
	if !r.ours() {
		return errForeign
	}
	r.Body = http.MaxBytesReader(r.w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "hint.large_form"}}
		}
		return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "refusal.form_unreadable"}, Err: err}
	}
	for _, values := range r.PostForm {
		for i := range values {
			values[i] = strings.ToValidUTF8(values[i], "\uFFFD")
		}
	}
	if r.by.Person == "" {
		return nil
	}
	token := r.PostForm.Get("_csrf")
	if token == "" {
		token = r.Header.Get("X-Csrf-Token")
	}
	if !r.session.Meant(token) {
		return errOld
	}
	return nil
}

// ours says whether a request comes from a page of this server. Browsers tell
// by Origin, newer ones by Sec-Fetch-Site too; what tells neither is no
// browser and has no business here.
func (r entrance) ours() bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" {
		return false
	}
	return slices.Contains(r.origins(), origin.Scheme+"://"+origin.Host)
}

// origins are those of this server: its public one and, where somebody sits at
// this machine, the one that was asked for.
func (r entrance) origins() []string {
	var all []string
	if u, err := url.Parse(r.PublicURL); err == nil {
		all = append(all, u.Scheme+"://"+u.Host)
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if host == "localhost" || err == nil && addr.IsLoopback() {
		all = append(all, "http://"+r.Host)
	}
	return all
}

// deviceName is the cookie by which a browser is known after the session: whose
// tries to sign in count apart from everybody else's.
const deviceName = "__Host-keypull-device"

// device is what the browser was handed when somebody signed in with it.
func (r entrance) device() string {
	c, err := r.Cookie(deviceName)
	if err != nil {
		return ""
	}
	return c.Value
}

// let hands the browser what somebody gets who was let in.
func (r entrance) let(e accounts.Admission) {
	http.SetCookie(r.w, Cookie(e.Secret))
	r.keep(e.Device)
}

// remark hands the browser of whoever is signed in a mark of today.
func (r entrance) remark() { r.keep(r.Gate.Mark(r.Context(), r.by.Person, r.browser())) }

func (r entrance) keep(device string) {
	if device == "" {
		return
	}
	http.SetCookie(r.w, &http.Cookie{
		Name: deviceName, Value: device, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(accounts.DeviceLife / time.Second),
	})
}
