package site

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// installationPages are those of everybody here.
type installationPages struct{ *request }

// installation is where the admins' pages live.
const installation = Root + "/installation"

func (s *Site) installationRoutes() {
	s.route("GET "+installation, pageAction(installationPages.installationPage))
	person := installation + "/people/{person}"
	s.route("GET "+person, pageAction(personPages.personPage))
	s.route("POST "+person, pageAction(personPages.changePerson))
	s.route("POST "+person+"/reset", gatedFor(accounts.ResetPerson, confirmFirst(func(r *request) pages.Confirm {
		return pages.Confirm{Title: r.t("asks.reset"), Text: r.t("person.reset_text"), Yes: r.t("person.reset_do"), Cancel: installation}
	}, pageAction(personPages.resetPerson))))
	s.route("GET "+person+"/remove", pageAction(personPages.erasePersonPage))
	s.route("POST "+person+"/remove", pageAction(personPages.erasePerson))
	s.route("GET "+installation+"/acts", pageAction(auditPages.showActs))
	s.inviteRoutes(installation)
	s.tokenRoutes(installation + "/tokens")
}

// installationBody is what the page of everybody shows.
type installationBody struct {
	Head    pages.Header
	Tabs    pages.Tabs
	People  []everybody
	Others  int
	Invites invitesPart
}

// everybody is one line of the list.
type everybody struct {
	accounts.Person
	Href, What string
}

func (r installationPages) installationTabs(current string) pages.Tabs {
	return pages.Tabs{Label: r.t("nav.installation"), Items: []pages.Tab{
		{Label: r.t("people.people"), Href: installation, Current: current == "people"},
		{Label: r.t("people.programs"), Href: installation + "/tokens", Current: current == "tokens"},
		{Label: r.t("nav.audit"), Href: installation + "/acts", Current: current == "acts"},
	}}
}

// rolesInWords are roles by publisher: "lecker: Owner, kiosk: Viewer".
func (r locale) rolesInWords(roles map[string]people.Role) string {
	words := make([]string, 0, len(roles))
	for _, publisher := range slices.Sorted(maps.Keys(roles)) {
		words = append(words, r.t("people.role_at", "publisher", publisher, "role", r.t("role."+string(roles[publisher]))))
	}
	const most = 5
	if len(words) > most {
		words = append(words[:most], "…")
	}
	return strings.Join(words, ", ")
}

func (r installationPages) readInstallation() (installationBody, error) {
	listed, err := accounts.ListAllPersons.Call(r.callContext(), console.None{})
	if err != nil {
		return installationBody{}, err
	}
	b := installationBody{Head: pages.Header{Title: r.t("nav.installation"), Lead: r.t("installation.lead")}, Tabs: r.installationTabs("people")}
	const most = 200
	b.Others = max(0, len(listed.People)-most)
	for _, p := range listed.People[:min(len(listed.People), most)] {
		e := everybody{Person: p, Href: installation + "/people/" + p.ID, What: r.rolesInWords(p.Roles)}
		if p.Admin {
			e.What = r.t("role.admin")
		}
		b.People = append(b.People, e)
	}
	b.Invites, err = invitePages(r).invitesPart()
	return b, err
}

func (r installationPages) showInstallation(status int, b installationBody) error {
	return r.showAs(status, "page_installation", pages.Page{Title: r.t("nav.installation"), Body: b})
}

func (r installationPages) installationPage() error {
	return showRead(r.readInstallation, r.showInstallation)
}

// personPages are the admins' of one person.
type personPages struct{ *request }

// personBody is what the admins' page of one person shows.
type personBody struct {
	Head          pages.Header
	Person        accounts.Person
	Action, Reset string
	Remove        string
	Form          inputs
	// Search finds the publishers that the form has no room for; nil where it has all.
	Search  *pages.Search
	Message string
	Made    *madeInvite
}

// rolePrefix stands before the publisher's id in the names of the inputs.
const rolePrefix = "role."

func (r personPages) readPerson() (personBody, error) {
	listed, err := accounts.ListAllPersons.Call(r.callContext(), console.None{})
	if err != nil {
		return personBody{}, err
	}
	i := slices.IndexFunc(listed.People, func(p accounts.Person) bool { return p.ID == r.PathValue("person") })
	if i < 0 {
		return personBody{}, &pull.Error{Kind: pull.Unknown}
	}
	p := listed.People[i]
	at := installation + "/people/" + p.ID
	b := personBody{Head: pages.Header{Title: cmp.Or(p.Name, p.Email), Lead: p.Email}, Person: p,
		Action: at, Reset: at + "/reset", Remove: at + "/remove"}
	b.Form, b.Search = r.rightsForm(p)
	if b.Search != nil {
		b.Search.Action = at
		b.Action += "?" + url.Values{"q": {b.Search.Query}}.Encode()
	}
	return b, nil
}

// rightsForm has one choice for each publisher that the person works for, and for others as many as there is room
// for.
func (r personPages) rightsForm(p accounts.Person) (inputs, *pages.Search) {
	admin := input{Name: "admin", Label: r.t("person.admin"), Help: r.t("person.admin_help"), Type: "toggle"}
	if p.Admin {
		admin.Value = "on"
	}
	form := inputs{admin}
	all, search := r.publishersToChoose()
	listed := func(id string) bool {
		return slices.ContainsFunc(all, func(o console.PublisherSummary) bool { return o.ID == id })
	}
	for _, id := range slices.Sorted(maps.Keys(p.Roles)) {
		if search != nil && !listed(id) {
			all = append(r.listPublishers(console.PublisherList{Publisher: id}).Publishers, all...)
		}
	}
	for _, o := range all {
		choice := input{Name: rolePrefix + o.ID, Label: o.Name, Type: "select", Options: append([]pages.Option{r.labelledOption("", "role.none")}, r.roleOptions(p.Roles[o.ID])...)}
		form = append(form, choice)
	}
	return form, search
}

func (r personPages) showPerson(status int, b personBody) error {
	return r.showAs(status, "page_person", pages.Page{Title: b.Head.Title, Body: b,
		Crumbs: []pages.Crumb{{Label: r.t("nav.installation"), Href: installation}, {Label: b.Head.Title}}})
}

func (r personPages) personPage() error { return showRead(r.readPerson, r.showPerson) }

// rights returns those of the form; a publisher that the form doesn't show keeps
// its role.
func (r personPages) rights(p accounts.Person) map[string]string {
	roles := map[string]string{}
	for publisher, role := range p.Roles {
		roles[publisher] = string(role)
	}
	for name, posted := range r.PostForm {
		id, of := strings.CutPrefix(name, rolePrefix)
		if !of || len(r.listPublishers(console.PublisherList{Publisher: id}).Publishers) == 0 {
			continue
		}
		if delete(roles, id); posted[0] != "" {
			roles[id] = posted[0]
		}
	}
	return roles
}

func (r personPages) changePerson() error {
	b, err := r.readPerson()
	if err != nil {
		return err
	}
	in := accounts.PersonChange{Person: b.Person.ID, Admin: r.postedValue("admin") == "on", Roles: r.rights(b.Person)}
	_, err = accounts.ChangePerson.Call(r.callContext(), in)
	if err == nil {
		if b.Person.You && !in.Admin {
			return r.redirectDone(Root, "saved")
		}
		return r.redirectDone(installation, "saved")
	}
	b.Form.fillPosted(r.PostForm)
	return r.refusePerson(b, err)
}

func (r personPages) refusePerson(b personBody, refusal error) error {
	if problems, ok := r.problemsOf(refusal, ""); ok {
		for n := range problems {
			problems[n].Field = strings.Replace(problems[n].Field, "roles.", rolePrefix, 1)
		}
		b.Message = strings.Join(b.Form.addProblems(problems), " ")
	} else if b.Message, ok = r.refusalText(refusal); !ok {
		return refusal
	}
	return r.showPerson(console.StatusOf(refusal), b)
}

func (r personPages) resetPerson() error {
	b, err := r.readPerson()
	if err != nil {
		return err
	}
	out, err := accounts.ResetPerson.Call(r.callContext(), accounts.PersonID{Person: b.Person.ID})
	if err != nil {
		return r.refusePerson(b, err)
	}
	b.Made = &madeInvite{Who: b.Person.Email, Expires: out.Expires, Link: pages.Code{ID: "invite-link", Label: r.t("invite.link"), Text: out.Link}}
	return r.showPerson(http.StatusOK, b)
}

func (r personPages) erasePersonPage() error {
	b, err := r.readPerson()
	if err != nil {
		return err
	}
	what := r.rolesInWords(b.Person.Roles)
	if b.Person.Admin {
		what = r.t("role." + string(people.Admin))
	}
	return r.showConfirm(pages.Confirm{Title: r.t("person.erase_title", "name", b.Head.Title), Text: r.t("person.erase_text"), Yes: r.t("person.erase"),
		Cancel: b.Action, Danger: true, Facts: []pages.Fact{{Label: r.t("access.email"), Value: b.Person.Email}, {Label: r.t("people.role"), Value: what}}})
}

func (r personPages) erasePerson() error {
	b, err := r.readPerson()
	if err != nil {
		return err
	}
	if _, err := accounts.ErasePerson.Call(r.callContext(), accounts.PersonID{Person: b.Person.ID}); err != nil {
		return r.refusePerson(b, err)
	}
	return r.redirectDone(installation, "removed")
}
