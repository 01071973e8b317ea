package accounts

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// Member is a person as the owners of one publisher see them: what they may do
// elsewhere stays hidden.
type Member struct {
	ID    string      `json:"id"`
	Email string      `json:"email"`
	Name  string      `json:"name,omitempty"`
	Role  people.Role `json:"role"`
	// You marks the caller.
	You bool `json:"you,omitempty"`
}

// Members is the output of "person.list".
type Members struct {
	People []Member `json:"people"`
}

// PersonGet is the input of "person.get" and "person.remove".
type PersonGet struct {
	console.Of
	Person string `json:"person" path:"person" doc:"Id of the person."`
}

// PersonUpdate is the input of "person.update".
type PersonUpdate struct {
	console.Of
	Person string `json:"person" path:"person" doc:"Id of the person."`
	Role   string `json:"role" required:"true" enum:"viewer,editor,owner" doc:"What the person may do."`
}

const (
	peoplePath = "/publishers/{publisher}/people"
	personPath = peoplePath + "/{person}"
)

// The operations person.*.
var (
	ListPersons = console.Declare[console.Of, Members](console.Declaration{
		Name: "person.list", Permission: console.Own, Method: http.MethodGet, Path: peoplePath,
		Summary: "List the people who have a role at a publisher.",
	})

	GetPerson = console.Declare[PersonGet, Member](console.Declaration{
		Name: "person.get", Permission: console.Own, Method: http.MethodGet, Path: personPath,
		Summary: "Show a person who has a role at a publisher.",
	})

	UpdatePerson = console.Declare[PersonUpdate, Member](console.Declaration{
		Name: "person.update", Permission: console.Own, Audit: true, Method: http.MethodPut, Path: personPath,
		Summary: "Give a person another role at a publisher.",
		Help:    "Nobody gives a role above their own. The last owner stays one, unless an admin lowers them.",
	})

	RemovePerson = console.Declare[PersonGet, console.None](console.Declaration{
		Name: "person.remove", Permission: console.Own, Audit: true, Method: http.MethodDelete, Path: personPath,
		Summary: "Take a person's role at a publisher away.",
		Help: "The person loses it at once, and so do the invites and tokens that they made for this publisher. " +
			"The last owner stays, unless an admin removes them.",
	})
)

func (s members) operations() []console.Bound {
	return []console.Bound{
		ListPersons.Bind(ifPublisherExists(s.Staff, s.listMembers)),
		GetPerson.Bind(ifPublisherExists(s.Staff, s.getMember)),
		UpdatePerson.Bind(ifPublisherExists(s.Staff, s.updateMember)),
		RemovePerson.Bind(ifPublisherExists(s.Staff, s.removeMember)),
	}
}

func (s members) listMembers(ctx context.Context, in console.Of) (Members, error) {
	all, err := s.People.All(ctx)
	if err != nil {
		return Members{}, err
	}
	out := Members{People: []Member{}}
	for _, p := range all {
		if m, ok := memberOf(ctx, p, in.Publisher); ok {
			out.People = append(out.People, m)
		}
	}
	slices.SortFunc(out.People, func(a, b Member) int {
		return cmp.Or(strings.Compare(a.Email, b.Email), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

// memberOf shows a person as a member, where they are one by a role of their
// own.
func memberOf(ctx context.Context, p people.Person, publisher string) (Member, bool) {
	role, ok := validRoles(p.Roles)[publisher]
	by, _ := console.Caller(ctx)
	return Member{ID: p.ID, Email: p.Email, Name: p.Name, Role: role, You: by.Person == p.ID}, ok
}

func (s members) getMember(ctx context.Context, in PersonGet) (Member, error) {
	p, _, err := s.People.Get(ctx, in.Person)
	if err != nil {
		return Member{}, turnedAway(err, noMember())
	}
	m, ok := memberOf(ctx, p, in.Publisher)
	if !ok {
		return Member{}, noMember()
	}
	return m, nil
}

func noMember() error {
	return &pull.Error{Kind: pull.Unknown, Field: "person", Hint: words.Text{Key: "hint.no_member"}}
}

func (s members) updateMember(ctx context.Context, in PersonUpdate) (Member, error) {
	console.NoteAudit(ctx, "person "+in.Person, nil, nil)
	role, err := parseRoleToGive(ctx, in.Publisher, in.Role, people.Roles())
	if err != nil {
		return Member{}, err
	}
	before, after, err := s.setRole(ctx, in.Publisher, in.Person, role)
	if err != nil {
		return Member{}, err
	}
	m, _ := memberOf(ctx, after, in.Publisher)
	console.NoteAudit(ctx, "person "+in.Person, roleDoc(before, in.Publisher), roleDoc(after, in.Publisher))
	return m, nil
}

func (s members) removeMember(ctx context.Context, in PersonGet) (console.None, error) {
	console.NoteAudit(ctx, "person "+in.Person, nil, nil)
	before, _, err := s.setRole(ctx, in.Publisher, in.Person, "")
	if err != nil {
		return console.None{}, err
	}
	console.NoteAudit(ctx, "person "+in.Person, roleDoc(before, in.Publisher), nil)
	return console.None{}, nil
}

// setRole sets the role of a member, or takes it where role is "".
func (s members) setRole(ctx context.Context, publisher, person string, role people.Role) (before, after people.Person, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if role != people.Owner {
		if err := s.checkLastOwner(ctx, publisher, person); err != nil {
			return before, after, err
		}
	}
	before, after, err = s.updatePerson(ctx, person, func(p *people.Person) error {
		if _, ok := p.Roles[publisher]; !ok {
			return noMember()
		}
		if p.Roles[publisher] = role; role == "" {
			delete(p.Roles, publisher)
		}
		return nil
	})
	if err != nil {
		err = turnedAway(err, noMember())
	}
	return before, after, err
}

// checkLastOwner refuses to take the last owner of a publisher; admins may.
func (s members) checkLastOwner(ctx context.Context, publisher, person string) error {
	if by, _ := console.Caller(ctx); by.Admin {
		return nil
	}
	all, err := s.People.All(ctx)
	if err != nil {
		return err
	}
	owner, others := false, 0
	for _, p := range all {
		switch {
		case p.Roles[publisher] != people.Owner:
		case p.ID == person:
			owner = true
		default:
			others++
		}
	}
	if owner && others == 0 {
		return &pull.Error{Kind: pull.Conflict, Field: "person",
			Hint: words.Text{Key: "hint.last_owner"}}
	}
	return nil
}

// parseRoleToGive reads a role that the caller may give at a publisher, one of some.
func parseRoleToGive(ctx context.Context, publisher, text string, some []people.Role) (people.Role, error) {
	role, err := people.ParseRole(text)
	if err != nil {
		return "", problemsOf(err)
	}
	by, _ := console.Caller(ctx)
	switch {
	case !slices.Contains(some, role):
		return "", settings.Problems{newProblem("role", "role_publisher")}
	case !by.Role(publisher).Includes(role):
		return "", settings.Problems{newProblem("role", "role_above")}
	}
	return role, nil
}

// roleDoc returns what the audit log tells of a member.
func roleDoc(p people.Person, publisher string) console.Doc {
	return console.Doc{"email": p.Email, "name": p.Name, "role": string(p.Roles[publisher])}
}
