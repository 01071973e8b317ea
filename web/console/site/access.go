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
	"keypull/web/console/pages"
)

func (s *Site) accessRoutes() {
	s.open("GET "+Root+"/sign-in", (*visit).signInPage)
	s.open("POST "+Root+"/sign-in", (*visit).signIn)
	s.page("POST "+Root+"/sign-out", (*visit).signOut)
	s.open("GET "+Root+"/welcome/{secret}", (*visit).welcomePage)
	s.open("POST "+Root+"/welcome/{secret}", (*visit).accept)
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
func (v *visit) browser() console.Browser {
	return console.Browser{Address: v.r.RemoteAddr, Agent: v.r.UserAgent(), Device: v.device()}
}

func (v *visit) signInForm() access {
	return access{Next: next(v.r.FormValue("next")), Unsafe: unsafeURL(v.PublicURL), Form: inputs{
		{Name: "email", Label: v.t("access.email"), Type: "email", Autocomplete: "username", Required: true},
		{Name: "password", Label: v.t("access.password"), Type: "password", Autocomplete: "current-password", Required: true},
	}}
}

func (v *visit) signInPage() error {
	form := v.signInForm()
	if _, _, err := v.Gate.Session(v.r.Context(), v.secret()); err == nil {
		return v.leave(form.Next, "")
	}
	return v.showSignIn(http.StatusOK, form)
}

func (v *visit) showSignIn(status int, form access) error {
	return v.showAs(status, "page_sign_in", pages.Page{Title: v.t("access.sign_in"), Body: form, Bare: true})
}

func (v *visit) signIn() error {
	form := v.signInForm()
	form.Form.fill(v.r.PostForm)
	entry, err := v.Gate.SignIn(v.r.Context(), v.r.PostForm.Get("email"), v.r.PostForm.Get("password"), v.browser())
	if err == nil {
		v.let(entry)
		return v.leave(form.Next, "")
	}
	status, _ := statusOf(err)
	switch console.KindOf(err) {
	case pull.Denied:
		status, form.Message = http.StatusUnauthorized, v.t("access.wrong")
	case pull.Limited:
		form.Message = v.throttled(err)
	case pull.Unavailable:
		form.Message = v.t("hint.busy")
	default:
		return err
	}
	return v.showSignIn(status, form)
}

// throttled says how long the visitor has to wait, to people and to programs.
func (v *visit) throttled(err error) string {
	wait := time.Second
	var e *pull.Error
	if errors.As(err, &e) && !e.RetryAt.IsZero() {
		wait = max(wait, e.RetryAt.Sub(v.Clock()))
	}
	v.w.Header().Set("Retry-After", seconds(wait))
	if wait < time.Minute {
		return pages.Plural(v.language, "access.wait_seconds", int((wait+time.Second-1)/time.Second))
	}
	return pages.Plural(v.language, "access.wait_minutes", int((wait+time.Minute-1)/time.Minute))
}

func (v *visit) signOut() error {
	if err := v.Gate.SignOut(v.r.Context(), v.secret(), v.browser()); err != nil {
		return err
	}
	http.SetCookie(v.w, Cookie(""))
	return v.leave(Root+"/sign-in", "")
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
