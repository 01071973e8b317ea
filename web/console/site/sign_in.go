package site

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// signInPages let people in and out.
type signInPages struct{ *request }

func (s *Site) accessRoutes() {
	s.open("GET "+Root+"/sign-in", on(signInPages.signInPage))
	s.open("POST "+Root+"/sign-in", on(signInPages.signIn))
	s.page("POST "+Root+"/sign-out", on(signInPages.signOut))
	s.open("GET "+Root+"/welcome/{secret}", on(welcomePages.welcomePage))
	s.open("POST "+Root+"/welcome/{secret}", on(welcomePages.accept))
}

// access is what the page for signing in shows.
type access struct {
	Form inputs
	// Next is where the visitor wanted to go, Message why they can't yet.
	Next, Message string
	// Unsafe says that no browser keeps the cookie, since the way to this
	// server is not encrypted.
	Unsafe bool
}

// browser is where the visitor comes from.
func (r entrance) browser() accounts.Browser {
	return accounts.Browser{Address: r.RemoteAddr, Agent: r.UserAgent(), Device: r.device()}
}

func (r signInPages) signInForm() access {
	return access{Next: next(r.FormValue("next")), Unsafe: unsafeURL(r.PublicURL), Form: inputs{
		{Name: "email", Label: r.t("access.email"), Type: "email", Autocomplete: "username", Required: true},
		{Name: "password", Label: r.t("access.password"), Type: "password", Autocomplete: "current-password", Required: true},
	}}
}

func (r signInPages) signInPage() error {
	form := r.signInForm()
	if _, _, err := r.Gate.Session(r.Context(), entrance(r).secret()); err == nil {
		return r.leave(form.Next, "")
	}
	return r.showSignIn(http.StatusOK, form)
}

func (r signInPages) showSignIn(status int, form access) error {
	return r.showAs(status, "page_sign_in", pages.Page{Title: r.t("access.sign_in"), Body: form, Bare: true})
}

func (r signInPages) signIn() error {
	form := r.signInForm()
	form.Form.fill(r.PostForm)
	entry, err := r.Gate.SignIn(r.Context(), r.PostForm.Get("email"), r.PostForm.Get("password"), entrance(r).browser())
	if err == nil {
		entrance(r).let(entry)
		return r.leave(form.Next, "")
	}
	status, _ := statusOf(err)
	switch console.KindOf(err) {
	case pull.Denied:
		status, form.Message = http.StatusUnauthorized, r.t("access.wrong")
	case pull.Limited:
		form.Message = r.throttled(err)
	case pull.Unavailable:
		form.Message = r.t("hint.busy")
	default:
		return err
	}
	return r.showSignIn(status, form)
}

// throttled says how long the visitor has to wait, to people and to programs.
func (r *request) throttled(err error) string {
	wait := time.Second
	var e *pull.Error
	if errors.As(err, &e) && !e.RetryAt.IsZero() {
		wait = max(wait, e.RetryAt.Sub(r.clock()))
	}
	r.w.Header().Set("Retry-After", seconds(wait))
	if wait < time.Minute {
		return r.plural("access.wait_seconds", int((wait+time.Second-1)/time.Second))
	}
	return r.plural("access.wait_minutes", int((wait+time.Minute-1)/time.Minute))
}

func (r signInPages) signOut() error {
	if err := r.Gate.SignOut(r.Context(), entrance(r).secret(), entrance(r).browser()); err != nil {
		return err
	}
	http.SetCookie(r.w, Cookie(""))
	return r.leave(Root+"/sign-in", "")
}

// unsafeURL says whether browsers refuse the cookie of a server: one that is
// reached without encryption, and not on this machine.
func unsafeURL(public string) bool {
	u, err := url.Parse(public)
	if err != nil || u.Scheme != "http" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	addr, err := netip.ParseAddr(host)
	return host != "localhost" && !strings.HasSuffix(host, ".localhost") && (err != nil || !addr.IsLoopback())
}
