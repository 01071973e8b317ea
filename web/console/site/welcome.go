package site

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// welcome is what the page of an invite shows.
type welcome struct {
	Title, Lead string
	Form        inputs
	// Outlet is the first publisher's form; nil where the invite makes none.
	Outlet  inputs
	Message string
	Unsafe  bool
}

// Complaints are those of both forms.
func (w welcome) Complaints() []pages.Complaint {
	return append(w.Form.Complaints(), w.Outlet.Complaints()...)
}

// invited reads the invite of the link; ok is false where the page that tells
// of a used link was shown.
func (v *visit) invited() (i people.Invite, ok bool, err error) {
	i, err = v.Gate.Invited(v.r.Context(), v.r.PathValue("secret"))
	if console.KindOf(err) == pull.Unknown {
		return i, false, v.gone()
	}
	return i, err == nil, err
}

func (v *visit) gone() error {
	return v.showAs(http.StatusGone, "page_welcome_gone", pages.Page{Title: v.t("welcome.gone"), Bare: true})
}

func (v *visit) welcomePage() error {
	i, ok, err := v.invited()
	if !ok {
		return err
	}
	w, err := v.welcomeForm(i)
	if err != nil {
		return err
	}
	return v.showWelcome(http.StatusOK, w)
}

func (v *visit) showWelcome(status int, w welcome) error {
	return v.showAs(status, "page_welcome", pages.Page{Title: w.Title, Body: w, Bare: true})
}

// first says whether an invite is the one by which an installation begins.
func first(i people.Invite) bool { return i.By == "" && i.Person == "" }

func (v *visit) welcomeForm(i people.Invite) (welcome, error) {
	w := welcome{Title: v.t("welcome.title"), Lead: v.t("welcome.lead"), Unsafe: unsafeURL(v.PublicURL)}
	name := input{Name: "name", Label: v.t("welcome.name"), Type: "text", Autocomplete: "name", Value: i.Name, Required: true}
	email := input{Name: "email", Label: v.t("access.email"), Type: "email", Autocomplete: "username", Value: i.Email, Disabled: i.Email != "", Required: true}
	password := input{Name: "password", Label: v.t("welcome.password"), Help: v.t("welcome.password_help"), Type: "password",
		Autocomplete: "new-password", Required: true}
	zone := input{Name: "zone", Type: "hidden-zone"}
	switch {
	case i.Person != "":
		w.Title, w.Lead = v.t("welcome.reset"), v.t("welcome.reset_lead")
		w.Form = inputs{email, password}
		return w, nil
	case !first(i):
		password.Help = v.t("welcome.password_invited")
		if len(i.Roles) > 0 {
			w.Lead = v.t("welcome.lead_to", "publisher", strings.Join(slices.Sorted(maps.Keys(i.Roles)), ", "))
		}
		w.Form = inputs{name, email, password, zone}
		return w, nil
	}
	w.Title, w.Lead = v.t("welcome.first"), v.t("welcome.first_lead")
	w.Form = inputs{name, email, password}
	empty, err := v.noPublishers()
	if err != nil || !empty {
		w.Form = append(w.Form, zone)
		return w, err
	}
	w.Outlet = v.outletForm(outletForm{Languages: []string{v.language}}, welcomeOutlet)
	return w, nil
}

// noPublishers says whether the installation has none. Only who holds the
// first link learns it, who has no name yet by which to ask.
func (v *visit) noPublishers() (bool, error) {
	out, err := v.Console.Run(console.As(v.r.Context(), console.Operator()), "publisher.list", []byte(`{"limit":1}`))
	if err != nil {
		return false, err
	}
	listed, ok := out.(console.PublisherListed)
	return ok && len(listed.Publishers) == 0, nil
}

// accept uses an invite up. Everything that was typed is checked before, so
// that a person is made only together with the publisher.
func (v *visit) accept() error {
	i, ok, err := v.invited()
	if !ok {
		return err
	}
	w, err := v.welcomeForm(i)
	if err != nil {
		return err
	}
	posted, _, asked := pages.Edited(v.r.PostForm)
	w.Form.fill(posted)
	n := v.newcomer(posted)
	var outlet outletForm
	if w.Outlet != nil {
		outlet = postedOutlet(posted)
		w.Outlet = v.outletForm(outlet, welcomeOutlet)
		n.Zone = knownZone(outlet.Zone)
	}
	if asked {
		return v.showWelcome(http.StatusOK, w)
	}
	if problems := v.outletProblems(w, outlet); len(problems) > 0 {
		w.Outlet.refuse(problems)
		w.Form.refuse(v.newcomerProblems(i, n))
		return v.showWelcome(http.StatusUnprocessableEntity, w)
	}
	entry, err := v.Gate.Accept(v.r.Context(), v.r.PathValue("secret"), n, v.browser())
	if err != nil {
		return v.notAccepted(w, err)
	}
	v.let(entry)
	if w.Outlet == nil {
		return v.leave(Root, "")
	}
	if v.by, v.session, err = v.Gate.Session(v.r.Context(), entry.Secret); err != nil {
		return err
	}
	return v.found(outlet)
}

// newcomer is what the form says of whoever comes.
func (v *visit) newcomer(posted url.Values) console.Newcomer {
	return console.Newcomer{Name: strings.TrimSpace(posted.Get("name")), Email: posted.Get("email"), Password: posted.Get("password"),
		Language: v.language, Zone: knownZone(posted.Get("zone"))}
}

// knownZone is a zone that this machine knows, else "". A browser may know
// others.
func knownZone(name string) string {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return ""
	}
	return name
}

// outletProblems checks the first publisher, where the form has one.
func (v *visit) outletProblems(w welcome, o outletForm) settings.Problems {
	if w.Outlet == nil {
		return nil
	}
	return v.outletRefusals(o)
}

// newcomerProblems are those that Accept would find, told beside those of the
// publisher while the invite stays usable.
func (v *visit) newcomerProblems(i people.Invite, n console.Newcomer) settings.Problems {
	email := people.NormalEmail(n.Email)
	if i.Email != "" {
		email = i.Email
	}
	p := people.Person{ID: "", Email: email, Name: n.Name, Language: n.Language, Zone: n.Zone}
	var found settings.Problems
	if n.Name == "" {
		found = append(found, settings.NewProblem("name", "required"))
	}
	for _, r := range append(people.Refused(p.Check()), people.Refused(people.CheckPassword(n.Password, email))...) {
		if r.Field != "id" {
			found = append(found, settings.Problem{Field: r.Field, Message: r.Message, Key: "person." + r.Key, Args: r.Args})
		}
	}
	own, _ := v.problems(found, "")
	return own
}

// notAccepted shows the form again with what Accept refused.
func (v *visit) notAccepted(w welcome, err error) error {
	if problems, ok := v.problems(err, ""); ok {
		if rest := w.Form.refuse(problems); len(rest) > 0 {
			w.Message = strings.Join(rest, " ")
		}
		return v.showWelcome(http.StatusUnprocessableEntity, w)
	}
	status, _ := statusOf(err)
	switch console.KindOf(err) {
	case pull.Unknown:
		return v.gone()
	case pull.Limited:
		w.Message = v.throttled(err)
	case pull.Unavailable:
		w.Message = v.t("hint.busy")
	default:
		return err
	}
	return v.showWelcome(status, w)
}

// found makes the first publisher of an installation. Whoever came is in: where
// that fails, the form for a new publisher goes on with what was typed.
func (v *visit) found(o outletForm) error {
	entry, err := v.createOutlet(o)
	if err == nil {
		return v.leave(place(textOf(entry.Publisher, "id"), "sources", "new")+"?first=1", "")
	}
	problems, ok := v.problems(err, "publisher", outletWords)
	if !ok {
		v.Logger.Error("the first publisher could not be made", "error", err)
	}
	return v.showNewOutlet(http.StatusUnprocessableEntity, o, problems, v.t("publisher.not_made"))
}
