package accounts

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// maxInvites bounds how many links of one publisher, or of the installation,
// wait for somebody.
const maxInvites = 200

// Invitation is the output of what makes an invite.
type Invitation struct {
	// Link is for the invited person, and is shown this once.
	Link    string    `json:"link"`
	Expires time.Time `json:"expires"`
}

// PendingInvite is an invite that nobody has used yet.
type PendingInvite struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
	// Role is at the publisher that was asked for; Admin, Roles and Person are
	// for admins alone.
	Role    people.Role            `json:"role,omitempty"`
	Admin   bool                   `json:"admin,omitempty"`
	Roles   map[string]people.Role `json:"roles,omitempty"`
	Person  string                 `json:"person,omitempty"`
	Created time.Time              `json:"created"`
	Expires time.Time              `json:"expires"`
	By      string                 `json:"by,omitempty"`
	// Suspended says that its maker may no longer give what it gives.
	Suspended bool `json:"suspended,omitempty"`
}

// PendingInvites is the output of "invite.list" and "invite.all".
type PendingInvites struct {
	Invites []PendingInvite `json:"invites"`
}

// PersonInvite is the input of "person.invite".
type PersonInvite struct {
	console.Of
	Email string `json:"email" required:"true" doc:"The email address of whoever is invited."`
	Name  string `json:"name,omitempty" doc:"What they are called."`
	Role  string `json:"role" required:"true" enum:"viewer,editor,owner" doc:"What they may do."`
}

// PersonEnrol is the input of "person.enrol".
type PersonEnrol struct {
	Email string            `json:"email" required:"true" doc:"The email address of whoever is invited."`
	Name  string            `json:"name,omitempty" doc:"What they are called."`
	Admin bool              `json:"admin,omitempty" doc:"Whether they may do everything on the installation."`
	Roles map[string]string `json:"roles,omitempty" doc:"What they may do, by publisher: viewer, editor or owner."`
}

// InviteRevoke is the input of "invite.revoke".
type InviteRevoke struct {
	console.Of
	Invite string `json:"invite" path:"invite" doc:"Id of the invite."`
}

// InviteWithdraw is the input of "invite.withdraw".
type InviteWithdraw struct {
	Invite string `json:"invite" path:"invite" doc:"Id of the invite."`
}

const invitesPath = "/publishers/{publisher}/invites"

// The operations person.* and invite.*.
var (
	InvitePerson = console.Declare[PersonInvite, Invitation](console.Declaration{
		Name: "person.invite", Permission: console.Own, Audit: true, Method: http.MethodPost, Path: invitesPath,
		Summary: "Invite somebody to a publisher by a link that works once, within 7 days.",
		Help:    "Who has an account already opens the link with its password. An older invite of the same address ends.",
	})

	ListInvites = console.Declare[console.Of, PendingInvites](console.Declaration{
		Name: "invite.list", Permission: console.Own, Method: http.MethodGet, Path: invitesPath,
		Summary: "List the invites of a publisher that nobody has used yet.",
	})

	RevokeInvite = console.Declare[InviteRevoke, console.None](console.Declaration{
		Name: "invite.revoke", Permission: console.Own, Audit: true, Method: http.MethodDelete, Path: invitesPath + "/{invite}",
		Summary: "End an invite of a publisher.",
	})

	EnrolPerson = console.Declare[PersonEnrol, Invitation](console.Declaration{
		Name: "person.enrol", Permission: console.Admin, Audit: true, Method: http.MethodPost, Path: "/invites",
		Summary: "Invite somebody to the installation by a link that works once, within 7 days.",
		Help:    "Who has an account already opens the link with its password.",
	})

	ListAllInvites = console.Declare[console.None, PendingInvites](console.Declaration{
		Name: "invite.all", Permission: console.Admin, Method: http.MethodGet, Path: "/invites",
		Summary: "List all invites and links for new passwords that nobody has used yet.",
	})

	WithdrawInvite = console.Declare[InviteWithdraw, console.None](console.Declaration{
		Name: "invite.withdraw", Permission: console.Admin, Audit: true, Method: http.MethodDelete, Path: "/invites/{invite}",
		Summary: "End any invite or link for a new password.",
	})
)

func (s invitations) operations() []console.Bound {
	return []console.Bound{
		InvitePerson.Bind(ifPublisherExists(s.Staff, s.invitePerson)),
		ListInvites.Bind(ifPublisherExists(s.Staff, s.listInvites)),
		RevokeInvite.Bind(ifPublisherExists(s.Staff, s.revokeInvite)),
		EnrolPerson.Bind(s.enrolPerson),
		ListAllInvites.Bind(s.allInvites),
		WithdrawInvite.Bind(s.withdrawInvite),
	}
}

func (s invitations) invitePerson(ctx context.Context, in PersonInvite) (Invitation, error) {
	role, err := parseRoleToGive(ctx, in.Publisher, in.Role, people.Roles())
	if err != nil {
		return Invitation{}, err
	}
	i, secret := people.NewInvite(s.Rand, s.Clock())
	i.Email, i.Name, i.Roles = people.NormalEmail(in.Email), in.Name, map[string]people.Role{in.Publisher: role}
	return s.createInvite(ctx, i, secret)
}

func (s invitations) enrolPerson(ctx context.Context, in PersonEnrol) (Invitation, error) {
	roles, err := everybody(s).parseRoles(in.Roles)
	if err != nil {
		return Invitation{}, err
	}
	i, secret := people.NewInvite(s.Rand, s.Clock())
	i.Email, i.Name, i.Admin, i.Roles = people.NormalEmail(in.Email), in.Name, in.Admin, roles
	return s.createInvite(ctx, i, secret)
}

// createInvite makes the link by which somebody gets the rights of an invite. Who
// has an account already opens it with the password of that account: an email
// address proves nothing, and somebody may have signed up with a stranger's.
func (s invitations) createInvite(ctx context.Context, i people.Invite, secret string) (Invitation, error) {
	if found := problemsOf(i.Check()); len(found) > 0 {
		return Invitation{}, found
	}
	person, _, err := s.People.ByEmail(ctx, i.Email)
	if err != nil && pull.KindOf(err) != pull.Unknown {
		return Invitation{}, err
	}
	if err == nil && hasRolesOf(person, i) {
		return Invitation{}, settings.Problems{newProblem("email", "email_member")}
	}
	return s.replaceInvite(ctx, i, secret, func(o people.Invite) bool {
		return o.Email == i.Email && o.Person == "" && publisherOfInvite(o) == publisherOfInvite(i) && !isFirstInvite(o)
	})
}

// hasRolesOf reports whether a person already has every role of the invite.
func hasRolesOf(p people.Person, i people.Invite) bool {
	for publisher := range i.Roles {
		if _, ok := p.Roles[publisher]; !ok {
			return false
		}
	}
	return !i.Admin || p.Admin
}

// publisherOfInvite returns the publisher whose owners an invite concerns: the only one that it
// leads to. It is "" for what is the admins' alone.
func publisherOfInvite(i people.Invite) string {
	if i.Admin || i.Person != "" || len(i.Roles) != 1 {
		return ""
	}
	for publisher := range i.Roles {
		return publisher
	}
	return ""
}

// replaceInvite stores an invite in place of those that same picks, and returns its
// link.
func (s invitations) replaceInvite(ctx context.Context, i people.Invite, secret string, same func(people.Invite) bool) (Invitation, error) {
	by, _ := console.Caller(ctx)
	var err error
	if i.By, err = s.makerOf(ctx, by); err != nil {
		return Invitation{}, err
	}
	all, err := s.Invites.All(ctx)
	if err != nil {
		return Invitation{}, err
	}
	pending := 0
	for _, o := range all {
		if publisherOfInvite(o) == publisherOfInvite(i) && !same(o) && !o.Expired(i.Created) {
			pending++
		}
	}
	if pending >= maxInvites {
		return Invitation{}, &pull.Error{Kind: pull.Conflict, Hint: words.Text{Key: "hint.many_invites"}}
	}
	if err := s.deleteInvites(ctx, same); err != nil {
		return Invitation{}, err
	}
	if err := s.Invites.Put(ctx, i); err != nil {
		return Invitation{}, err
	}
	console.NoteAudit(ctx, "invite "+shortID(i.Hash), nil, inviteDoc(i))
	return Invitation{Link: s.Link(secret), Expires: i.Expires}, nil
}

// inviteDoc returns what the audit log tells of an invite.
func inviteDoc(i people.Invite) console.Doc {
	d := console.Doc{"email": i.Email, "name": i.Name, "admin": i.Admin, "roles": i.Roles, "expires": i.Expires}
	if i.Person != "" {
		d["person"] = i.Person
	}
	return d
}

func (s invitations) listInvites(ctx context.Context, in console.Of) (PendingInvites, error) {
	return s.pendingInvites(ctx, func(i people.Invite) bool { return publisherOfInvite(i) == in.Publisher }, func(p *PendingInvite) {
		p.Role, p.Roles = p.Roles[in.Publisher], nil
	})
}

func (s invitations) allInvites(ctx context.Context, _ console.None) (PendingInvites, error) {
	return s.pendingInvites(ctx, func(i people.Invite) bool { return !isFirstInvite(i) }, func(*PendingInvite) {})
}

// pendingInvites shows the invites that which picks.
func (s invitations) pendingInvites(ctx context.Context, which func(people.Invite) bool, trim func(*PendingInvite)) (PendingInvites, error) {
	out := PendingInvites{Invites: []PendingInvite{}}
	all, err := s.Invites.All(ctx)
	if err != nil {
		return out, err
	}
	names, err := s.namesByID(ctx)
	if err != nil {
		return out, err
	}
	now := s.Clock()
	for _, i := range all {
		if i.Expired(now) || !which(i) {
			continue
		}
		stands, err := s.inviteStands(ctx, i)
		if err != nil {
			return out, err
		}
		p := PendingInvite{ID: shortID(i.Hash), Email: i.Email, Name: i.Name, Admin: i.Admin, Roles: i.Roles, Person: i.Person,
			Created: i.Created, Expires: i.Expires, By: names[i.By], Suspended: !stands}
		trim(&p)
		out.Invites = append(out.Invites, p)
	}
	slices.SortFunc(out.Invites, func(a, b PendingInvite) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

func (s invitations) revokeInvite(ctx context.Context, in InviteRevoke) (console.None, error) {
	return s.endInvite(ctx, in.Invite, func(i people.Invite) bool { return publisherOfInvite(i) == in.Publisher })
}

func (s invitations) withdrawInvite(ctx context.Context, in InviteWithdraw) (console.None, error) {
	return s.endInvite(ctx, in.Invite, func(people.Invite) bool { return true })
}

// endInvite removes an invite of that id among those that which picks.
func (s invitations) endInvite(ctx context.Context, id string, which func(people.Invite) bool) (console.None, error) {
	console.NoteAudit(ctx, "invite "+id, nil, nil)
	all, err := s.Invites.All(ctx)
	if err != nil {
		return console.None{}, err
	}
	at := slices.IndexFunc(all, func(i people.Invite) bool { return shortID(i.Hash) == id && which(i) })
	if at < 0 {
		return console.None{}, &pull.Error{Kind: pull.Unknown, Field: "invite", Hint: words.Text{Key: "hint.no_invite"}}
	}
	if err := s.Invites.Delete(ctx, all[at].Hash); err != nil {
		return console.None{}, err
	}
	console.NoteAudit(ctx, "invite "+id, inviteDoc(all[at]), nil)
	return console.None{}, nil
}
