package site

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// peoplePages are those of a publisher's people.
type peoplePages struct{ *request }

func (s *Site) peopleRoutes() {
	at := Root + "/p/{publisher}/people"
	s.route("GET "+at, pageAction(peoplePages.peoplePage))
	s.route("POST "+at+"/{person}", pageAction(peoplePages.changeMember))
	s.route("GET "+at+"/{person}/remove", pageAction(peoplePages.removeMemberPage))
	s.route("POST "+at+"/{person}/remove", pageAction(peoplePages.removeMember))
	s.inviteRoutes(at)
	s.tokenRoutes(at + "/tokens")
	s.installationRoutes()
}

// peopleBody is what the page of a publisher's people shows.
type peopleBody struct {
	Head    pages.Header
	Tabs    pages.Tabs
	Members []member
	Message string
	Invites invitesPart
}

// member is one line of the list; Roles are what the person can be made.
type member struct {
	accounts.Member
	Href, Remove string
	Roles        []pages.Option
}

// roleOptions returns the roles that somebody can have, that one chosen.
func (r locale) roleOptions(chosen people.Role) []pages.Option {
	options := make([]pages.Option, 0, len(people.Roles()))
	for _, role := range people.Roles() {
		options = append(options, pages.Option{Value: string(role), Label: r.t("role." + string(role)), Selected: role == chosen})
	}
	return options
}

// peopleTabs lead from people to programs and back.
func (r peoplePages) peopleTabs(current string) pages.Tabs {
	base := r.pathTo("people")
	return pages.Tabs{Label: r.t("nav.people"), Items: []pages.Tab{
		{Label: r.t("people.people"), Href: base, Current: current == "people"},
		{Label: r.t("people.programs"), Href: base + "/tokens", Current: current == "tokens"},
	}}
}

func (r peoplePages) readPeople() (peopleBody, error) {
	listed, err := accounts.ListPersons.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return peopleBody{}, err
	}
	b := peopleBody{Head: pages.Header{Title: r.t("nav.people"), Lead: r.t("people.lead")}, Tabs: r.peopleTabs("people")}
	for _, m := range listed.People {
		b.Members = append(b.Members, member{Member: m, Href: r.pathTo("people", m.ID), Remove: r.pathTo("people", m.ID, "remove"), Roles: r.roleOptions(m.Role)})
	}
	b.Invites, err = invitePages(r).invitesPart()
	return b, err
}

func (r peoplePages) showPeople(status int, b peopleBody) error {
	return r.showAs(status, "page_people", pages.Page{Title: r.t("nav.people"), Body: b})
}

func (r peoplePages) peoplePage() error { return showRead(r.readPeople, r.showPeople) }

// refusePeople shows the page again with what an operation said.
func (r peoplePages) refusePeople(refusal error) error {
	message, ok := r.sayRefusal(refusal)
	if !ok {
		return refusal
	}
	b, err := r.readPeople()
	if err != nil {
		return err
	}
	b.Message = message
	return r.showPeople(console.StatusOf(refusal), b)
}

// sayRefusal is told for problems of fields, too, on pages that have no field for
// them.
func (r *request) sayRefusal(err error) (string, bool) {
	problems, ok := r.problemsOf(err, "")
	if !ok {
		return r.refusalText(err)
	}
	all := make([]string, len(problems))
	for n, p := range problems {
		all[n] = p.Message
	}
	return strings.Join(all, " "), true
}

func (r peoplePages) changeMember() error {
	in := accounts.PersonUpdate{Of: r.publisherInput(), Person: r.PathValue("person"), Role: r.PostForm.Get("role")}
	if _, err := accounts.UpdatePerson.Call(r.callContext(), in); err != nil {
		return r.refusePeople(err)
	}
	return r.redirectDone(r.pathTo("people"), "saved")
}

func (r peoplePages) removeMemberPage() error {
	in := accounts.PersonGet{Of: r.publisherInput(), Person: r.PathValue("person")}
	m, err := accounts.GetPerson.Call(r.callContext(), in)
	if err != nil {
		return err
	}
	text := r.t("people.remove_text")
	if m.You {
		text = r.t("people.remove_you")
	}
	return r.showConfirm(pages.Confirm{Title: r.t("people.remove_title", "name", cmp.Or(m.Name, m.Email)), Text: text, Yes: r.t("people.remove"),
		Cancel: r.pathTo("people"), Danger: true, Facts: []pages.Fact{{Label: r.t("access.email"), Value: m.Email}, {Label: r.t("people.role"), Value: r.t("role." + string(m.Role))}}})
}

// showConfirm shows the page that asks before what a POST to the same address
// does.
func (r *request) showConfirm(c pages.Confirm) error {
	c.Action, c.CSRF = r.URL.Path, r.session.CSRF
	return r.showPage("page_confirm", pages.Page{Title: c.Title, Body: c})
}

// sureParam is posted by who has been asked.
const sureParam = "_sure"

// confirmFirst returns an action that asks first: what was posted goes once more, with the
// answer. Pages with a script ask on the spot, and post the answer at once.
func confirmFirst(question func(*request) pages.Confirm, f action) action {
	return func(r *request) error {
		if r.postedValue(sureParam) != "" {
			return f(r)
		}
		c := question(r)
		if c.Title == "" {
			return f(r) // the form lacks something, and says so
		}
		for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
			for _, value := range r.PostForm[name] {
				if name != "_csrf" {
					c.Hidden = append(c.Hidden, pages.Hidden{Name: name, Value: value})
				}
			}
		}
		c.Hidden = append(c.Hidden, pages.Hidden{Name: sureParam, Value: "1"})
		return r.showConfirm(c)
	}
}

// gatedBy is gated by one operation at a publisher, by another on the
// installation.
func gatedBy(at, everywhere permitted, f action) action {
	return func(r *request) error {
		if r.publisher == "" {
			return gatedFor(everywhere, f)(r)
		}
		return gatedFor(at, f)(r)
	}
}

func (r peoplePages) removeMember() error {
	in := accounts.PersonGet{Of: r.publisherInput(), Person: r.PathValue("person")}
	if _, err := accounts.RemovePerson.Call(r.callContext(), in); err != nil {
		return r.refusePeople(err)
	}
	if in.Person == r.by.Person && !r.by.Admin {
		return r.redirectDone(Root, "")
	}
	return r.redirectDone(r.pathTo("people"), "removed")
}
