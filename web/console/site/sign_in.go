package site

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/doorway"
	"keypull/web/console/pages"
)

// signOutAt is where people sign out.
const signOutAt = Root + "/sign-out"

// signInPages let people in and out.
type signInPages struct{ *request }

func (s *Site) accessRoutes() {
	s.open("GET "+Root+"/sign-in", on(signInPages.signInPage))
	s.open("POST "+Root+"/sign-in", on(signInPages.signIn))
	s.open("POST "+Root+"/passkey", on(signInPages.askForPasskey))
	s.open("GET "+sessionAt, on(signInPages.sessionDialog))
	s.open("POST "+sessionAt, on(signInPages.signInByDialog))
	s.page("POST "+signOutAt, on(signInPages.signOut))
	s.open("GET "+Root+"/welcome/{secret}", on(welcomePages.welcomePage))
	s.open("POST "+Root+"/welcome/{secret}", on(welcomePages.accept))
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
	// Unsafe says that no browser keeps the cookie, since the way to this
	// server is not encrypted.
	Unsafe bool
	// Passkeys says that browsers have passkeys for this address.
	Passkeys bool
}

// browser is where the visitor comes from.
func (r entrance) browser() accounts.Browser {
	return accounts.Browser{Address: r.RemoteAddr, Agent: r.UserAgent(), Device: r.device(), Stay: r.PostForm.Get("stay") == "on"}
}

func (r signInPages) signInForm() access {
	form := access{Action: Root + "/sign-in", Next: next(r.FormValue("next")), Unsafe: doorway.Unsafe(r.PublicURL), Form: inputs{
		{Name: "email", Label: r.t("access.email"), Type: "email", Autocomplete: "username", Required: true},
		{Name: "password", Label: r.t("access.password"), Type: "password", Autocomplete: "current-password", Required: true},
		{Name: "stay", Label: r.t("access.stay"), Help: r.plural("access.stay_help", int(people.StayLimit.Hours()/24)), Type: "toggle"},
	}}
	form.Form.fill(r.PostForm)
	_, form.Passkeys = r.party()
	return form
}

func (r signInPages) signInPage() error {
	form := r.signInForm()
	_, _, err := r.Gate.Session(r.Context(), entrance(r).secret())
	if err == nil {
		return r.leave(form.Next, "")
	}
	if entrance(r).secret() != "" {
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
		entrance(r).let(entry)
		return r.leave(form.Next, "")
	}
	status, err := r.refusal(err, &form)
	if err != nil {
		return err
	}
	return r.showSignIn(status, form)
}

// enterBy opens a session by what stands in a form for signing in.
func (r signInPages) enterBy(posted url.Values) (accounts.Admission, error) {
	if answer := posted.Get("passkey"); answer != "" {
		at, _ := r.party()
		return r.Gate.SignInByPasskey(r.Context(), at, []byte(answer), entrance(r).browser())
	}
	return r.Gate.SignIn(r.Context(), posted.Get("email"), posted.Get("password"), entrance(r).browser())
}

// refusal puts into a form why nobody was let in by it; an error that the
// visitor can't mend is returned.
func (r signInPages) refusal(err error, form *access) (status int, other error) {
	status, _ = statusOf(err)
	switch console.KindOf(err) {
	case pull.Denied:
		status, form.Message = http.StatusUnauthorized, hintOf(err).In(r.language)
	case pull.Limited:
		form.Message = r.throttled(err)
	case pull.Unavailable:
		form.Message = r.t("hint.busy")
	default:
		return status, err
	}
	return status, nil
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
	http.SetCookie(r.w, r.cookies.SignedOut())
	return r.leave(Root+"/sign-in", "")
}

// askForPasskey hands a browser what its device has to sign.
func (r signInPages) askForPasskey() error {
	at, _ := r.party()
	question, err := r.Gate.AskForPasskey(at)
	if err != nil {
		return err
	}
	return r.json(question)
}

// sessionDialog answers a page that asks whether what is typed into it can be
// sent: yes, with the token that it takes, or by the dialog that lets people in.
func (r signInPages) sessionDialog() error {
	by, session, err := r.Gate.Session(r.Context(), entrance(r).secret())
	switch {
	case err == nil:
		entrance(r).know(by, session)
		return r.goOn()
	case statusIs(err, http.StatusForbidden):
		form := r.signInForm()
		if form.Why = hintOf(err).In(r.language); entrance(r).secret() == "" {
			form.Why = r.t("lost.gone")
		}
		return r.showDialog(http.StatusUnauthorized, form)
	}
	return err
}

func (r signInPages) showDialog(status int, form access) error {
	form.Form.above()
	r.w.Header().Set(lostHeader, "lost")
	return r.partAs(status, "part_sign_in", form)
}

// signInByDialog lets people in above the page that they are on.
func (r signInPages) signInByDialog() error {
	entry, err := r.enterBy(r.PostForm)
	if err != nil {
		form := r.signInForm()
		status, err := r.refusal(err, &form)
		if err != nil {
			return err
		}
		return r.showDialog(status, form)
	}
	entrance(r).let(entry)
	by, session, err := r.Gate.Session(r.Context(), entry.Secret)
	if err != nil {
		return err
	}
	entrance(r).know(by, session)
	return r.goOn()
}

// goOn hands a page the token of this session, or the question whether what
// somebody else has typed shall be sent.
func (r signInPages) goOn() error {
	if people.TypedBy(r.Header.Get(tokenHeader)) != r.by.Person {
		r.w.Header().Set(lostHeader, "other")
		return r.part("part_resume", map[string]string{"Text": r.t("resume.other", "name", r.by.Name), "Token": r.session.CSRF})
	}
	r.w.Header().Set(tokenHeader, r.session.CSRF)
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}

func statusIs(err error, status int) bool {
	got, _ := statusOf(err)
	return got == status
}
