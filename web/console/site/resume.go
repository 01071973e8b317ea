package site

import (
	"errors"
	"maps"
	"net/http"
	"net/url"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/presignin"
)

// A session may end while somebody fills a form in. What they typed is not
// lost: a script asks at sessionAt before it sends a form, and lets people in by
// a dialog above the page; without one, the page that asks for the password
// carries what was typed, and sends it again to where it was meant for.

// sessionAt is where a page asks whether its session still is.
const sessionAt = Root + "/session"

// tokenHeader is where scripts bring the token of the page's forms, and find
// the new one; lostHeader tells them that a session is gone.
const (
	tokenHeader = "X-Csrf-Token" //nolint:gosec // a name, no token
	lostHeader  = "Keypull-Session"
)

// signalLoss tells the script of a page that its session is gone, or another.
func (r entrance) signalLoss(status int) {
	r.w.Header().Set(lostHeader, "lost")
	r.w.WriteHeader(status)
}

// hintOf returns what an error says to people.
func hintOf(err error) words.Text {
	var e *pull.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return words.Text{}
}

// signInOverForm asks to sign in over a form that was sent, and says why. Once that is
// done, the request is what was typed, and true is returned.
func (r entrance) signInOverForm(why error) bool {
	if r.URL.Path == signOutAt {
		// The cookie stays: browsers send none along from a page of somebody else,
		// which must not end a session so.
		r.toSignIn()
		return false
	}
	err := r.parseForm()
	switch {
	case err != nil:
	case r.PostForm.Has(presignin.Carried):
		var in bool
		if in, err = r.signInOver(); in {
			return true
		}
	case !r.PostForm.Has(presignin.Token):
		// No page of the console has sent this: there is nothing to go on with.
		r.toSignIn()
	default:
		form := signInPages(r).signInForm()
		if form.Why = hintOf(why).In(r.language); r.sessionSecret() == "" {
			form.Why = r.t("lost.gone")
		}
		err = r.askToSignIn(http.StatusUnauthorized, r.PostForm, form)
	}
	if err != nil {
		r.showError(err)
	}
	return false
}

// askToSignIn shows the page for signing in with what was typed in it.
func (r entrance) askToSignIn(status int, typed url.Values, form access) error {
	carried, fits := presignin.Carry(typed)
	if !fits {
		return &pull.Error{Kind: pull.Invalid, Hint: words.Text{Key: "lost.too_large", Args: words.Args{"n": presignin.MaxCarried >> 20}}}
	}
	form.Action, form.Carried = r.URL.RequestURI(), carried
	return signInPages(r).showSignIn(status, form)
}

// signInOver signs in by the page that carries what was typed, and makes that
// the request. Where somebody else has typed it, they are asked first.
func (r entrance) signInOver() (bool, error) {
	typed, ok := presignin.Uncarry(r.PostForm.Get(presignin.Carried))
	if !ok {
		return false, unreadableForm(nil)
	}
	entry, err := signInPages(r).enterBy(r.PostForm)
	if err != nil {
		form := signInPages(r).signInForm()
		status, err := signInPages(r).refuseSignIn(err, &form)
		if err != nil {
			return false, err
		}
		return false, r.askToSignIn(status, typed, form)
	}
	r.setCookies(entry)
	by, session, err := r.Gate.Session(r.Context(), entry.Secret)
	if err != nil {
		return false, err
	}
	r.signedInAs(by, session)
	if people.TypedBy(typed.Get(presignin.Token)) != by.Person {
		return false, r.askToResume()
	}
	typed.Set(presignin.Token, session.CSRF)
	r.useCarried(typed)
	return true, nil
}

// useCarried makes a form that was carried the one that was posted.
func (r entrance) useCarried(typed url.Values) {
	r.PostForm, r.Form = typed, r.URL.Query()
	maps.Copy(r.Form, typed)
}

// unpackCarried takes out a form that was carried within another.
func (r entrance) unpackCarried() error {
	if !r.PostForm.Has(presignin.Carried) {
		return nil
	}
	typed, ok := presignin.Uncarry(r.PostForm.Get(presignin.Carried))
	if !ok {
		return unreadableForm(nil)
	}
	r.useCarried(typed)
	return nil
}

// askToResume asks before it takes a form that stood on a page of another session:
// an earlier one of the same person, or somebody else's.
func (r entrance) askToResume() error {
	if r.wantsPart() {
		r.signalLoss(http.StatusForbidden)
		return nil
	}
	typed := r.PostForm
	if err := r.unpackCarried(); err == nil {
		typed = r.PostForm
	}
	carried, fits := presignin.Carry(typed)
	if !fits {
		return errOld
	}
	text := r.t("resume.other", "name", r.by.Name)
	if people.TypedBy(typed.Get(presignin.Token)) == r.by.Person {
		text = r.t("resume.same")
	}
	return r.showAs(http.StatusForbidden, "page_confirm", pages.Page{Title: r.t("resume.title"), Body: pages.Confirm{
		Title: r.t("resume.title"), Text: text, Action: r.URL.RequestURI(), Yes: r.t("resume.send"), Cancel: Root, CSRF: r.session.CSRF,
		Hidden: []pages.Hidden{{Name: presignin.Carried, Value: carried}},
	}})
}

// sessionDialog answers a page that asks whether what is typed into it can be
// sent: yes, with the token that it takes, or by the dialog that lets people in.
func (r signInPages) sessionDialog() error {
	by, session, err := r.Gate.Session(r.Context(), entrance(r).sessionSecret())
	switch {
	case err == nil:
		entrance(r).signedInAs(by, session)
		return r.goOn()
	case console.StatusOf(err) == http.StatusForbidden:
		form := r.signInForm()
		if form.Why = hintOf(err).In(r.language); entrance(r).sessionSecret() == "" {
			form.Why = r.t("lost.gone")
		}
		return r.showDialog(http.StatusUnauthorized, form)
	}
	return err
}

func (r signInPages) showDialog(status int, form access) error {
	form.Form.markAbove()
	return r.partAs(status, "part_sign_in", form)
}

// signInByDialog lets people in above the page that they are on.
func (r signInPages) signInByDialog() error {
	entry, err := r.enterBy(r.PostForm)
	if err != nil {
		form := r.signInForm()
		status, err := r.refuseSignIn(err, &form)
		if err != nil {
			return err
		}
		return r.showDialog(status, form)
	}
	entrance(r).setCookies(entry)
	by, session, err := r.Gate.Session(r.Context(), entry.Secret)
	if err != nil {
		return err
	}
	entrance(r).signedInAs(by, session)
	return r.goOn()
}

// goOn hands a page the token of this session, or the question whether what
// somebody else has typed shall be sent.
func (r signInPages) goOn() error {
	if people.TypedBy(r.Header.Get(tokenHeader)) != r.by.Person {
		return r.showPart("part_resume", map[string]string{"Text": r.t("resume.other", "name", r.by.Name), "Token": r.session.CSRF})
	}
	r.w.Header().Set(tokenHeader, r.session.CSRF)
	r.w.WriteHeader(http.StatusNoContent)
	return nil
}
