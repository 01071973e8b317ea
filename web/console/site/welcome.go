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
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
	"keypull/web/console/presignin"
	"keypull/web/messengers"
)

// welcomePages are those of an invite.
type welcomePages struct{ *request }

// welcome is what the page of an invite shows.
type welcome struct {
	Title, Lead string
	Form        inputs
	// Publisher is the first publisher's form; nil if the invite makes none.
	Publisher inputs
	Message   string
	Unsafe    bool
	// Try is where a site is tried first; "" for who may not.
	Try string
}

// Complaints returns those of both forms.
func (w welcome) Complaints() []pages.Complaint {
	return append(w.Form.Complaints(), w.Publisher.Complaints()...)
}

// readInvite reads the invite of the link; ok is false where the page that tells
// of a used link was shown.
func (r welcomePages) readInvite() (i people.Invite, ok bool, err error) {
	i, err = r.Gate.Invited(r.Context(), r.PathValue("secret"))
	if console.KindOf(err) == pull.Unknown {
		return i, false, r.showGone()
	}
	return i, err == nil, err
}

func (r welcomePages) showGone() error {
	return r.showAs(http.StatusGone, "page_welcome_gone", pages.Page{Title: r.t("welcome.gone"), Bare: true})
}

func (r welcomePages) welcomePage() error {
	i, ok, err := r.readInvite()
	if !ok {
		return err
	}
	w, err := r.welcomeForm(i)
	if err != nil {
		return err
	}
	return r.showWelcome(http.StatusOK, w)
}

func (r welcomePages) showWelcome(status int, w welcome) error {
	return r.showAs(status, "page_welcome", pages.Page{Title: w.Title, Body: w, Bare: true})
}

// isFirstInvite reports whether an invite is the one by which an installation begins.
func isFirstInvite(i people.Invite) bool { return i.By == "" && i.Person == "" }

func (r welcomePages) welcomeForm(i people.Invite) (welcome, error) {
	w := welcome{Title: r.t("welcome.title"), Lead: r.t("welcome.lead"), Unsafe: presignin.Unsafe(r.PublicURL)}
	name := input{Name: "name", Label: r.t("welcome.name"), Type: "text", Autocomplete: "name", Value: i.Name, Required: true}
	email := input{Name: "email", Label: r.t("access.email"), Type: "email", Autocomplete: "username", Value: i.Email, Disabled: i.Email != "", Required: true}
	password := input{Name: "password", Label: r.t("welcome.password"), Help: r.t("welcome.password_help"), Type: "password",
		Autocomplete: "new-password", Required: true}
	zone := input{Name: "zone", Type: "hidden-zone"}
	switch {
	case i.Person != "":
		w.Title, w.Lead = r.t("welcome.reset"), r.t("welcome.reset_lead")
		w.Form = inputs{email, password}
		return w, nil
	case !isFirstInvite(i):
		password.Help = r.t("welcome.password_invited")
		if len(i.Roles) > 0 {
			w.Lead = r.t("welcome.lead_to", "publisher", strings.Join(r.namesOfPublishers(slices.Sorted(maps.Keys(i.Roles))), ", "))
		}
		w.Form = inputs{name, email, password, zone}
		return w, nil
	}
	w.Title, w.Lead = r.t("welcome.first"), r.t("welcome.first_lead")
	if r.TrySite != nil {
		w.Try = tryAt + "?key=" + url.QueryEscape(r.PathValue("secret"))
	}
	w.Form = inputs{name, email, password}
	empty, err := r.noPublishers()
	if err != nil || !empty {
		w.Form = append(w.Form, zone)
		return w, err
	}
	language := r.URL.Query().Get(triedIn)
	if !settings.IsLanguage(language) {
		language = r.language
	}
	w.Publisher = publisherPages(r).publisherForm(publisherForm{Name: r.URL.Query().Get(triedName), Languages: []string{language}}, welcomePublisher)
	return w, nil
}

// noPublishers reports whether the installation has none. Only who holds the
// first link learns it, who has no name yet by which to ask.
func (r welcomePages) noPublishers() (bool, error) {
	ctx := console.WithCaller(console.WithDoer(r.Context(), r.Console), console.Operator())
	listed, err := console.ListPublishers.Call(ctx, console.PublisherList{Page: console.Page{Limit: 1}})
	return err == nil && len(listed.Publishers) == 0, err
}

// namesOfPublishers returns what publishers are called that whoever holds an invite has no part in yet.
func (r welcomePages) namesOfPublishers(ids []string) []string {
	ctx := console.WithCaller(console.WithDoer(r.Context(), r.Console), console.Operator())
	names := slices.Clone(ids)
	for i, id := range ids {
		listed, err := console.ListPublishers.Call(ctx, console.PublisherList{Publisher: id})
		if err == nil && len(listed.Publishers) == 1 {
			names[i] = listed.Publishers[0].Name
		}
	}
	return names
}

// acceptInvite uses an invite up. Everything that was typed is checked before, so
// that a person is made only together with the publisher.
func (r welcomePages) acceptInvite() error {
	i, ok, err := r.readInvite()
	if !ok {
		return err
	}
	w, err := r.welcomeForm(i)
	if err != nil {
		return err
	}
	posted, _, asked := pages.ApplyButtons(r.PostForm)
	w.Form.fillPosted(posted)
	n := r.newcomer(posted)
	var first publisherForm
	if w.Publisher != nil {
		first = publisherPages(r).postedPublisher(posted)
		first.Clicks = messengers.Reachable(r.PublicURL)
		w.Publisher = publisherPages(r).publisherForm(first, welcomePublisher)
		n.Zone = knownZone(first.Zone)
	}
	if asked {
		return r.showWelcome(http.StatusOK, w)
	}
	if problems := r.publisherProblems(w, first); len(problems) > 0 {
		w.Publisher.addProblems(problems)
		w.Form.addProblems(r.newcomerProblems(i, n))
		return r.showWelcome(http.StatusUnprocessableEntity, w)
	}
	entry, err := r.Gate.Accept(r.Context(), r.PathValue("secret"), n, entrance(r).browserOf())
	if err != nil {
		return r.notAccepted(w, err)
	}
	entrance(r).setCookies(entry)
	if w.Publisher == nil {
		return r.redirectDone(Root, "")
	}
	if r.by, r.session, err = r.Gate.Session(r.Context(), entry.Secret); err != nil {
		return err
	}
	return r.createFirstPublisher(first)
}

// newcomer returns what the form says of the new person.
func (r welcomePages) newcomer(posted url.Values) accounts.Newcomer {
	return accounts.Newcomer{Name: strings.TrimSpace(posted.Get("name")), Email: posted.Get("email"), Password: posted.Get("password"),
		Language: r.language, Zone: knownZone(posted.Get("zone"))}
}

// knownZone returns a zone that this machine knows, else "". A browser may know
// others.
func knownZone(name string) string {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return ""
	}
	return name
}

// publisherProblems checks the first publisher, where the form has one.
func (r welcomePages) publisherProblems(w welcome, o publisherForm) settings.Problems {
	if w.Publisher == nil {
		return nil
	}
	return publisherPages(r).publisherRefusals(o)
}

// newcomerProblems returns those that Accept would find, told beside those of the
// publisher while the invite stays usable.
func (r welcomePages) newcomerProblems(i people.Invite, n accounts.Newcomer) settings.Problems {
	email := people.NormalEmail(n.Email)
	if i.Email != "" {
		email = i.Email
	}
	p := people.Person{ID: "", Email: email, Name: n.Name, Language: n.Language, Zone: n.Zone}
	var found settings.Problems
	if n.Name == "" {
		found = append(found, settings.NewProblem("name", "required"))
	}
	for _, refusal := range append(people.Refused(p.Check()), people.Refused(people.CheckPassword(n.Password, email))...) {
		if refusal.Field != "id" {
			found = append(found, settings.Wrong(refusal.Field, refusal.Said()))
		}
	}
	own, _ := r.problemsOf(found, "")
	return own
}

// notAccepted shows the form again with what Accept refused.
func (r welcomePages) notAccepted(w welcome, err error) error {
	if problems, ok := r.problemsOf(err, ""); ok {
		if rest := w.Form.addProblems(problems); len(rest) > 0 {
			w.Message = strings.Join(rest, " ")
		}
		return r.showWelcome(http.StatusUnprocessableEntity, w)
	}
	status := console.StatusOf(err)
	switch console.KindOf(err) {
	case pull.Unknown:
		return r.showGone()
	case pull.Limited:
		w.Message = r.waitText(err)
	case pull.Unavailable:
		w.Message = r.t("hint.busy")
	default:
		return err
	}
	return r.showWelcome(status, w)
}

// createFirstPublisher makes the first publisher of an installation. Where that fails, the form for a new publisher goes on with what was typed.
func (r welcomePages) createFirstPublisher(o publisherForm) error {
	entry, err := publisherPages(r).createPublisher(o)
	if err == nil {
		begin := url.Values{}
		if address := r.URL.Query().Get(triedAddress); address != "" {
			begin.Set("address", address)
		}
		return r.redirectDone(publisherPages(r).beginningOf(entry, o, begin), "")
	}
	problems, ok := r.problemsOf(err, "publisher")
	if !ok {
		r.Logger.Error("the first publisher could not be made", "error", err)
	}
	return publisherPages(r).showNew(http.StatusUnprocessableEntity, o, problems, r.t("publisher.not_made"))
}
