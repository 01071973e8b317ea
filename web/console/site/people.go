package site

import (
	"net/http"
	"strings"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/pages"
)

func (s *Site) peopleRoutes() {
	at := Root + "/p/{publisher}/people"
	s.page("GET "+at, (*visit).peoplePage)
	s.page("POST "+at+"/{person}", (*visit).changeMember)
	s.page("GET "+at+"/{person}/remove", (*visit).removeMemberPage)
	s.page("POST "+at+"/{person}/remove", (*visit).removeMember)
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
	Invites inviteDesk
}

// member is one line of the list; Roles are what the person can be made.
type member struct {
	console.Member
	Href, Remove string
	Roles        []pages.Option
}

// roleOptions are the roles that somebody can have, that one chosen.
func (v *visit) roleOptions(chosen people.Role) []pages.Option {
	options := make([]pages.Option, 0, len(people.Roles()))
	for _, r := range people.Roles() {
		options = append(options, pages.Option{Value: string(r), Label: v.t("role." + string(r)), Selected: r == chosen})
	}
	return options
}

// peopleTabs lead from people to programs and back.
func (v *visit) peopleTabs(current string) pages.Tabs {
	base := v.at("people")
	return pages.Tabs{Label: v.t("nav.people"), Items: []pages.Tab{
		{Label: v.t("people.people"), Href: base, Current: current == "people"},
		{Label: v.t("people.programs"), Href: base + "/tokens", Current: current == "tokens"},
	}}
}

func (v *visit) readPeople() (peopleBody, error) {
	listed, err := do[console.PersonList, console.Members](v, "person.list", console.PersonList{Of: v.of()})
	if err != nil {
		return peopleBody{}, err
	}
	b := peopleBody{Head: pages.Header{Title: v.t("nav.people"), Lead: v.t("people.lead")}, Tabs: v.peopleTabs("people")}
	for _, m := range listed.People {
		b.Members = append(b.Members, member{Member: m, Href: v.at("people", m.ID), Remove: v.at("people", m.ID, "remove"), Roles: v.roleOptions(m.Role)})
	}
	b.Invites, err = v.inviteDesk()
	return b, err
}

func (v *visit) showPeople(status int, b peopleBody) error {
	return v.showAs(status, "page_people", pages.Page{Title: v.t("nav.people"), Body: b})
}

func (v *visit) peoplePage() error {
	b, err := v.readPeople()
	if err != nil {
		return err
	}
	return v.showPeople(http.StatusOK, b)
}

// refusePeople shows the page again with what an operation said.
func (v *visit) refusePeople(refusal error) error {
	message, ok := v.said(refusal)
	if !ok {
		return refusal
	}
	b, err := v.readPeople()
	if err != nil {
		return err
	}
	b.Message = message
	status, _ := statusOf(refusal)
	return v.showPeople(status, b)
}

// said is told for problems of fields, too, on pages that have no field for
// them.
func (v *visit) said(err error) (string, bool) {
	problems, ok := v.problems(err, "")
	if !ok {
		return v.told(err)
	}
	all := make([]string, len(problems))
	for n, p := range problems {
		all[n] = p.Message
	}
	return strings.Join(all, " "), true
}

func (v *visit) changeMember() error {
	in := console.PersonUpdate{Of: v.of(), Person: v.r.PathValue("person"), Role: v.r.PostForm.Get("role")}
	if _, err := do[console.PersonUpdate, console.Member](v, "person.update", in); err != nil {
		return v.refusePeople(err)
	}
	return v.leave(v.at("people"), "saved")
}

func (v *visit) removeMemberPage() error {
	in := console.PersonGet{Of: v.of(), Person: v.r.PathValue("person")}
	m, err := do[console.PersonGet, console.Member](v, "person.get", in)
	if err != nil {
		return err
	}
	text := v.t("people.remove_text")
	if m.You {
		text = v.t("people.remove_you")
	}
	return v.confirm(pages.Confirm{Title: v.t("people.remove_title", "name", called(m.Name, m.Email)), Text: text, Yes: v.t("people.remove"),
		Cancel: v.at("people"), Danger: true, Facts: []pages.Fact{{Label: v.t("access.email"), Value: m.Email}, {Label: v.t("people.role"), Value: v.t("role." + string(m.Role))}}})
}

// called is what somebody is known by.
func called(name, email string) string {
	if name != "" {
		return name
	}
	return email
}

// confirm shows the page that asks before what a POST to the same address
// does.
func (v *visit) confirm(c pages.Confirm) error {
	c.Action, c.CSRF = v.r.URL.Path, v.session.CSRF
	return v.show("page_confirm", pages.Page{Title: c.Title, Body: c})
}

func (v *visit) removeMember() error {
	in := console.PersonRemove{Of: v.of(), Person: v.r.PathValue("person")}
	if _, err := do[console.PersonRemove, console.None](v, "person.remove", in); err != nil {
		return v.refusePeople(err)
	}
	if in.Person == v.by.Person && !v.by.Admin {
		return v.leave(Root, "")
	}
	return v.leave(v.at("people"), "removed")
}
