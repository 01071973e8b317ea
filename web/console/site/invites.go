package site

import (
	"net/http"
	"time"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// inviteRoutes adds those of invites below the page of people: of a publisher,
// or of the installation.
func (s *Site) inviteRoutes(people string) {
	s.page("POST "+people+"/invites", (*visit).invite)
	s.page("POST "+people+"/invites/{invite}/revoke", (*visit).revokeInvite)
}

// inviteDesk is the part of a page by which people are invited.
type inviteDesk struct {
	Action  string
	Form    inputs
	Message string
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
	console.PendingInvite
	What, Revoke string
}

// desk is where the links of people lead: below the publisher at work, or the
// installation where there is none.
func (v *visit) desk(parts ...string) string {
	if v.publisher != "" {
		return v.at(append([]string{"people"}, parts...)...)
	}
	to := installation
	for _, p := range parts {
		to += "/" + p
	}
	return to
}

func (v *visit) inviteDesk() (inviteDesk, error) {
	d := inviteDesk{Action: v.desk("invites"), Form: v.inviteForm()}
	var (
		listed console.PendingInvites
		err    error
	)
	if v.publisher == "" {
		listed, err = do[console.InviteAll, console.PendingInvites](v, "invite.all", console.InviteAll{})
	} else {
		listed, err = do[console.InviteList, console.PendingInvites](v, "invite.list", console.InviteList{Of: v.of()})
	}
	for _, p := range listed.Invites {
		d.Pending = append(d.Pending, pendingInvite{PendingInvite: p, What: v.given(p), Revoke: v.desk("invites", p.ID, "revoke")})
	}
	return d, err
}

// given is what an invite gives, in words.
func (v *visit) given(p console.PendingInvite) string {
	switch {
	case p.Person != "":
		return v.t("invite.reset")
	case p.Admin:
		return v.t("role.admin")
	case v.publisher != "":
		return v.t("role." + string(p.Role))
	}
	return v.rolesInWords(p.Roles)
}

func (v *visit) inviteForm() inputs {
	form := inputs{
		{Name: "email", Label: v.t("access.email"), Type: "email", Autocomplete: "off", Required: true},
		{Name: "name", Label: v.t("invite.name"), Type: "text", Autocomplete: "off"},
	}
	if v.publisher == "" {
		where := input{Name: "publisher", Label: v.t("invite.where"), Help: v.t("invite.where_help"), Type: "select",
			Options: make([]pages.Option, 0, len(v.publishers())+1)}
		for _, o := range v.publishers() {
			where.Options = append(where.Options, pages.Option{Value: o.ID, Label: o.Name})
		}
		// Whoever chooses nothing gives a part and not the whole.
		where.Options = append(where.Options, v.option("", "invite.everywhere"))
		form = append(form, where)
	}
	return append(form, input{Name: "role", Label: v.t("people.role"), Help: v.t("people.roles_help"), Type: "select", Options: v.roleOptions("editor")})
}

func (v *visit) invite() error {
	out, err := v.sendInvite()
	if err == nil {
		return v.showInvited(http.StatusOK, func(d *inviteDesk) { d.Made = v.madeInvite(out) })
	}
	problems, ok := v.problems(err, "")
	message := ""
	if !ok {
		if message, ok = v.told(err); !ok {
			return err
		}
	}
	status, _ := statusOf(err)
	return v.showInvited(status, func(d *inviteDesk) {
		d.Form.fill(v.r.PostForm)
		d.Message = message
		for _, rest := range d.Form.refuse(problems) {
			d.Message += rest
		}
	})
}

// sendInvite invites to the publisher at work; on the page of the installation
// to the chosen one, or, as an admin, to everything.
func (v *visit) sendInvite() (console.Invitation, error) {
	email, name, role := v.posted("email"), v.posted("name"), v.posted("role")
	if v.publisher != "" {
		return do[console.PersonInvite, console.Invitation](v, "person.invite",
			console.PersonInvite{Of: v.of(), Email: email, Name: name, Role: role})
	}
	in := console.PersonEnrol{Email: email, Name: name}
	if to := v.posted("publisher"); to == "" {
		in.Admin = true
	} else {
		in.Roles = map[string]string{to: role}
	}
	return do[console.PersonEnrol, console.Invitation](v, "person.enrol", in)
}

func (v *visit) madeInvite(i console.Invitation) *madeInvite {
	return &madeInvite{Who: v.posted("email"), Expires: i.Expires, Link: pages.Code{ID: "invite-link", Label: v.t("invite.link"), Text: i.Link}}
}

// showInvited shows the page of people with the part for invites changed.
func (v *visit) showInvited(status int, change func(*inviteDesk)) error {
	if v.publisher == "" {
		b, err := v.readInstallation()
		if err != nil {
			return err
		}
		change(&b.Invites)
		return v.showInstallation(status, b)
	}
	b, err := v.readPeople()
	if err != nil {
		return err
	}
	change(&b.Invites)
	return v.showPeople(status, b)
}

func (v *visit) revokeInvite() error {
	id := v.r.PathValue("invite")
	var err error
	if v.publisher == "" {
		_, err = do[console.InviteWithdraw, console.None](v, "invite.withdraw", console.InviteWithdraw{Invite: id})
	} else {
		_, err = do[console.InviteRevoke, console.None](v, "invite.revoke", console.InviteRevoke{Of: v.of(), Invite: id})
	}
	if err != nil {
		return err
	}
	return v.leave(v.desk(), "invite_revoked")
}
