package site

import (
	"net/http"
	"net/url"
	"time"

	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/pages"
)

// invitePages are the part of two pages by which people are invited: to a
// publisher, or to the installation where none is at work.
type invitePages struct{ *request }

// inviteRoutes adds those of invites below the page of people: of a publisher,
// or of the installation.
func (s *Site) inviteRoutes(people string) {
	s.route("POST "+people+"/invites", gatedBy(accounts.InvitePerson, accounts.EnrolPerson, confirmFirst(func(r *request) pages.Confirm {
		if r.postedValue("email") == "" {
			return pages.Confirm{}
		}
		return pages.Confirm{Title: r.t("asks.invite", "who", r.postedValue("email")), Text: r.t("asks.invite_text"), Yes: r.t("invite.make"), Cancel: r.peopleAt()}
	}, pageAction(invitePages.invite))))
	s.route("POST "+people+"/invites/{invite}/revoke", gatedBy(accounts.RevokeInvite, accounts.WithdrawInvite, confirmFirst(func(r *request) pages.Confirm {
		return pages.Confirm{Title: r.t("asks.uninvite"), Text: r.t("asks.uninvite_text"), Yes: r.t("invite.revoke"), Cancel: r.peopleAt(), Danger: true}
	}, pageAction(invitePages.revokeInvite))))
}

// invitesPart is the part of a page by which people are invited.
type invitesPart struct {
	Action  string
	Form    inputs
	Message string
	// Search finds the publishers that the form has no room for; nil where it has all.
	Search *pages.Search
	// Made is the invite that was just made; nil else.
	Made    *madeInvite
	Pending []pendingInvite
}

// madeInvite is shown once: nobody can read the link again.
type madeInvite struct {
	// Who is invited.
	Who     string
	Link    pages.Code
	Expires time.Time
}

// pendingInvite is an invite that nobody has used yet.
type pendingInvite struct {
	accounts.PendingInvite
	What, Revoke string
}

// peopleAt returns where the links of people lead: below the publisher at work, or the
// installation where there is none.
func (r *request) peopleAt(parts ...string) string {
	if r.publisher != "" {
		return r.pathTo(append([]string{"people"}, parts...)...)
	}
	to := installation
	for _, p := range parts {
		to += "/" + p
	}
	return to
}

func (r invitePages) invitesPart() (invitesPart, error) {
	d := invitesPart{Action: r.peopleAt("invites")}
	d.Form, d.Search = r.inviteForm()
	if d.Search != nil {
		d.Search.Action = r.peopleAt()
		d.Action += "?" + url.Values{"q": {d.Search.Query}}.Encode()
	}
	var (
		listed accounts.PendingInvites
		err    error
	)
	if r.publisher == "" {
		listed, err = accounts.ListAllInvites.Call(r.callContext(), console.None{})
	} else {
		listed, err = accounts.ListInvites.Call(r.callContext(), r.publisherInput())
	}
	for _, p := range listed.Invites {
		d.Pending = append(d.Pending, pendingInvite{PendingInvite: p, What: r.given(p), Revoke: r.peopleAt("invites", p.ID, "revoke")})
	}
	return d, err
}

// given returns what an invite gives, in words.
func (r invitePages) given(p accounts.PendingInvite) string {
	switch {
	case p.Person != "":
		return r.t("invite.reset")
	case p.Admin:
		return r.t("role.admin")
	case r.publisher != "":
		return r.t("role." + string(p.Role))
	}
	return r.rolesInWords(p.Roles)
}

func (r invitePages) inviteForm() (form inputs, search *pages.Search) {
	form = inputs{
		{Name: "email", Label: r.t("access.email"), Type: "email", Autocomplete: "off", Required: true},
		{Name: "name", Label: r.t("invite.name"), Type: "text", Autocomplete: "off"},
	}
	if r.publisher == "" {
		where := input{Name: "publisher", Label: r.t("invite.where"), Help: r.t("invite.where_help"), Type: "select",
			Options: []pages.Option{}}
		var all []console.PublisherSummary
		all, search = r.publishersToChoose()
		for _, o := range all {
			where.Options = append(where.Options, pages.Option{Value: o.ID, Label: o.Name})
		}
		// The first option, which needs no choice, gives a part and not the whole; who looks for a publisher is not
		// offered the whole.
		if search == nil || search.Query == "" {
			where.Options = append(where.Options, r.labelledOption("", "invite.everywhere"))
		}
		form = append(form, where)
	}
	return append(form, input{Name: "role", Label: r.t("people.role"), Help: r.t("people.roles_help"), Type: "select", Options: r.roleOptions("editor")}), search
}

func (r invitePages) invite() error {
	out, err := r.sendInvite()
	if err == nil {
		return r.showInvited(http.StatusOK, func(d *invitesPart) { d.Made = r.madeInvite(out) })
	}
	if _, ok := r.sayRefusal(err); !ok {
		return err
	}
	return r.showInvited(console.StatusOf(err), func(d *invitesPart) {
		d.Form.fillPosted(r.PostForm)
		d.Message, _ = r.refuseForm(d.Form, err)
	})
}

// sendInvite invites to the publisher at work; on the page of the installation
// to the chosen one, or, as an admin, to everything.
func (r invitePages) sendInvite() (accounts.Invitation, error) {
	email, name, role := r.postedValue("email"), r.postedValue("name"), r.postedValue("role")
	if r.publisher != "" {
		return accounts.InvitePerson.Call(r.callContext(), accounts.PersonInvite{Of: r.publisherInput(), Email: email, Name: name, Role: role})
	}
	in := accounts.PersonEnrol{Email: email, Name: name}
	if to := r.postedValue("publisher"); to == "" && r.PostForm.Has("publisher") {
		in.Admin = true
	} else {
		in.Roles = map[string]string{to: role}
	}
	return accounts.EnrolPerson.Call(r.callContext(), in)
}

func (r invitePages) madeInvite(i accounts.Invitation) *madeInvite {
	return &madeInvite{Who: r.postedValue("email"), Expires: i.Expires, Link: pages.Code{ID: "invite-link", Label: r.t("invite.link"), Text: i.Link}}
}

// showInvited shows the page of people with the part for invites changed.
func (r invitePages) showInvited(status int, change func(*invitesPart)) error {
	if r.publisher == "" {
		b, err := installationPages(r).readInstallation()
		if err != nil {
			return err
		}
		change(&b.Invites)
		return installationPages(r).showInstallation(status, b)
	}
	b, err := peoplePages(r).readPeople()
	if err != nil {
		return err
	}
	change(&b.Invites)
	return peoplePages(r).showPeople(status, b)
}

func (r invitePages) revokeInvite() error {
	id := r.PathValue("invite")
	var err error
	if r.publisher == "" {
		_, err = accounts.WithdrawInvite.Call(r.callContext(), accounts.InviteWithdraw{Invite: id})
	} else {
		_, err = accounts.RevokeInvite.Call(r.callContext(), accounts.InviteRevoke{Of: r.publisherInput(), Invite: id})
	}
	if err != nil {
		return err
	}
	return r.redirectDone(r.peopleAt(), "invite_revoked")
}
