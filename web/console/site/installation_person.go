package site

import (
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// personBody is what the admins' page of one person shows.
type personBody struct {
	Head           pages.Header
	Person         console.Person
	Action, Reset  string
	Remove         string
	Form           inputs
	Message        string
	Made           *madeInvite
	ManyPublishers bool
}

// rolePrefix stands before the publisher's id in the names of the inputs.
const rolePrefix = "role."

func (v *visit) readPerson() (personBody, error) {
	listed, err := do[console.PersonAll, console.Persons](v, "person.all", console.PersonAll{})
	if err != nil {
		return personBody{}, err
	}
	i := slices.IndexFunc(listed.People, func(p console.Person) bool { return p.ID == v.r.PathValue("person") })
	if i < 0 {
		return personBody{}, &pull.Error{Kind: pull.Unknown}
	}
	p := listed.People[i]
	at := installation + "/people/" + p.ID
	b := personBody{Head: pages.Header{Title: called(p.Name, p.Email), Lead: p.Email}, Person: p,
		Action: at, Reset: at + "/reset", Remove: at + "/remove", Form: v.rightsForm(p)}
	return b, nil
}

// rightsForm has one choice for each publisher.
func (v *visit) rightsForm(p console.Person) inputs {
	admin := input{Name: "admin", Label: v.t("person.admin"), Help: v.t("person.admin_help"), Type: "toggle"}
	if p.Admin {
		admin.Value = "on"
	}
	form := inputs{admin}
	for _, o := range v.publishers() {
		choice := input{Name: rolePrefix + o.ID, Label: o.Name, Type: "select", Options: append([]pages.Option{v.option("", "role.none")}, v.roleOptions(p.Roles[o.ID])...)}
		form = append(form, choice)
	}
	return form
}

func (v *visit) showPerson(status int, b personBody) error {
	return v.showAs(status, "page_person", pages.Page{Title: b.Head.Title, Body: b,
		Crumbs: []pages.Crumb{{Label: v.t("nav.installation"), Href: installation}, {Label: b.Head.Title}}})
}

func (v *visit) personPage() error {
	b, err := v.readPerson()
	if err != nil {
		return err
	}
	return v.showPerson(http.StatusOK, b)
}

// rights are those of the form; a publisher that the form doesn't show keeps
// its role.
func (v *visit) rights(p console.Person) map[string]string {
	roles := map[string]string{}
	for publisher, role := range p.Roles {
		roles[publisher] = string(role)
	}
	for _, o := range v.publishers() {
		posted, there := v.r.PostForm[rolePrefix+o.ID]
		if !there {
			continue
		}
		if delete(roles, o.ID); posted[0] != "" {
			roles[o.ID] = posted[0]
		}
	}
	return roles
}

func (v *visit) changePerson() error {
	b, err := v.readPerson()
	if err != nil {
		return err
	}
	in := console.PersonChange{Person: b.Person.ID, Admin: v.posted("admin") == "on", Roles: v.rights(b.Person)}
	_, err = do[console.PersonChange, console.Person](v, "person.change", in)
	if err == nil {
		if b.Person.You && !in.Admin {
			return v.leave(Root, "saved")
		}
		return v.leave(installation, "saved")
	}
	b.Form.fill(v.r.PostForm)
	return v.refusePerson(b, err)
}

func (v *visit) refusePerson(b personBody, refusal error) error {
	if problems, ok := v.problems(refusal, ""); ok {
		for n := range problems {
			problems[n].Field = strings.Replace(problems[n].Field, "roles.", rolePrefix, 1)
		}
		b.Message = strings.Join(b.Form.refuse(problems), " ")
	} else if b.Message, ok = v.told(refusal); !ok {
		return refusal
	}
	status, _ := statusOf(refusal)
	return v.showPerson(status, b)
}

func (v *visit) resetPerson() error {
	b, err := v.readPerson()
	if err != nil {
		return err
	}
	out, err := do[console.PersonReset, console.Invitation](v, "person.reset", console.PersonReset{Person: b.Person.ID})
	if err != nil {
		return v.refusePerson(b, err)
	}
	b.Made = &madeInvite{Who: b.Person.Email, Expires: out.Expires, Link: pages.Code{ID: "invite-link", Label: v.t("invite.link"), Text: out.Link}}
	return v.showPerson(http.StatusOK, b)
}

func (v *visit) erasePersonPage() error {
	b, err := v.readPerson()
	if err != nil {
		return err
	}
	what := v.rolesInWords(b.Person.Roles)
	if b.Person.Admin {
		what = v.t("role." + string(people.Admin))
	}
	return v.confirm(pages.Confirm{Title: v.t("person.erase_title", "name", b.Head.Title), Text: v.t("person.erase_text"), Yes: v.t("person.erase"),
		Cancel: b.Action, Danger: true, Facts: []pages.Fact{{Label: v.t("access.email"), Value: b.Person.Email}, {Label: v.t("people.role"), Value: what}}})
}

func (v *visit) erasePerson() error {
	b, err := v.readPerson()
	if err != nil {
		return err
	}
	if _, err := do[console.PersonErase, console.None](v, "person.erase", console.PersonErase{Person: b.Person.ID}); err != nil {
		return v.refusePerson(b, err)
	}
	return v.leave(installation, "removed")
}
