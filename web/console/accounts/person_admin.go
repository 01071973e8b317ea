package accounts

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// Person is somebody as admins see them.
type Person struct {
	ID       string                 `json:"id"`
	Email    string                 `json:"email"`
	Name     string                 `json:"name,omitempty"`
	Language string                 `json:"language,omitempty"`
	Zone     string                 `json:"zone,omitempty"`
	Admin    bool                   `json:"admin,omitempty"`
	Roles    map[string]people.Role `json:"roles"`
	Created  time.Time              `json:"created"`
	Changed  time.Time              `json:"changed"`
	// You marks the caller.
	You bool `json:"you,omitempty"`
}

// Persons is the output of "person.all".
type Persons struct {
	People []Person `json:"people"`
}

// PersonChange is the input of "person.change".
type PersonChange struct {
	Person string `json:"person" path:"person" doc:"Id of the person."`
	Admin  bool   `json:"admin" doc:"Whether the person may do everything on the installation."`
	// Roles replace all that the person has.
	Roles map[string]string `json:"roles" doc:"What the person may do, by publisher: viewer, editor or owner."`
}

// PersonID is the input of "person.erase" and "person.reset".
type PersonID struct {
	Person string `json:"person" path:"person" doc:"Id of the person."`
}

const everybodyPath = "/people/{person}"

// The operations person.*.
var (
	ListAllPersons = console.Declare[console.None, Persons](console.Declaration{
		Name: "person.all", Permission: console.Admin, Method: http.MethodGet, Path: "/people",
		Summary: "List everybody who works in the console, with all their roles.",
	})

	ChangePerson = console.Declare[PersonChange, Person](console.Declaration{
		Name: "person.change", Permission: console.Admin, Audit: true, Method: http.MethodPut, Path: everybodyPath,
		Summary: "Set what a person may do, everywhere.",
		Help:    "The roles replace all that the person has. The last admin stays one.",
	})

	ErasePerson = console.Declare[PersonID, console.None](console.Declaration{
		Name: "person.erase", Permission: console.Admin, Audit: true, Method: http.MethodDelete, Path: everybodyPath,
		Summary: "Remove a person from the installation.",
		Help:    "Their sessions end, and the invites and tokens that they made count no more. The last admin stays.",
	})

	ResetPerson = console.Declare[PersonID, Invitation](console.Declaration{
		Name: "person.reset", Permission: console.Admin, Audit: true, Method: http.MethodPost, Path: everybodyPath + "/reset",
		Summary: "Make a link by which a person sets a new password, once, within 7 days.",
		Help:    "An older link for that ends. Using it ends the person's sessions.",
	})
)

func (s everybody) operations() []console.Bound {
	return []console.Bound{
		ListAllPersons.Bind(s.listEverybody),
		ChangePerson.Bind(s.changePerson),
		ErasePerson.Bind(s.erasePerson),
		ResetPerson.Bind(s.resetPerson),
	}
}

func (s everybody) listEverybody(ctx context.Context, _ console.None) (Persons, error) {
	all, err := s.People.All(ctx)
	if err != nil {
		return Persons{}, err
	}
	out := Persons{People: make([]Person, 0, len(all))}
	for _, p := range all {
		out.People = append(out.People, personOf(ctx, p))
	}
	slices.SortFunc(out.People, func(a, b Person) int {
		return cmp.Or(strings.Compare(a.Email, b.Email), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

// personOf returns a person without the password's hash.
func personOf(ctx context.Context, p people.Person) Person {
	roles := validRoles(p.Roles)
	if roles == nil {
		roles = map[string]people.Role{}
	}
	by, _ := console.Caller(ctx)
	return Person{ID: p.ID, Email: p.Email, Name: p.Name, Language: p.Language, Zone: p.Zone, Admin: p.Admin, Roles: roles,
		Created: p.Created, Changed: p.Changed, You: by.Person == p.ID}
}

func (s everybody) changePerson(ctx context.Context, in PersonChange) (Person, error) {
	console.NoteAudit(ctx, "person "+in.Person, nil, nil)
	roles, err := s.parseRoles(in.Roles)
	if err != nil {
		return Person{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !in.Admin {
		if err := s.checkLastAdmin(ctx, in.Person); err != nil {
			return Person{}, err
		}
	}
	before, after, err := s.updatePerson(ctx, in.Person, func(p *people.Person) error {
		p.Admin, p.Roles = in.Admin, maps.Clone(roles)
		return nil
	})
	if err != nil {
		return Person{}, err
	}
	console.NoteAudit(ctx, "person "+in.Person, rightsDoc(before), rightsDoc(after))
	return personOf(ctx, after), nil
}

// parseRoles reads roles by publisher, each of which must be there.
func (s everybody) parseRoles(texts map[string]string) (map[string]people.Role, error) {
	var found settings.Problems
	roles := make(map[string]people.Role, len(texts))
	for _, publisher := range slices.Sorted(maps.Keys(texts)) {
		field := "roles." + publisher
		role := people.Role(texts[publisher])
		switch {
		case s.Catalogue.Publisher(publisher) == nil:
			found = append(found, newProblem(field, "publisher_unknown"))
		case !slices.Contains(people.Roles(), role):
			found = append(found, newProblem(field, "role_publisher"))
		}
		roles[publisher] = role
	}
	if len(found) > 0 {
		return nil, found
	}
	return roles, nil
}

// checkLastAdmin refuses to remove the last admin.
func (s everybody) checkLastAdmin(ctx context.Context, person string) error {
	all, err := s.People.All(ctx)
	if err != nil {
		return err
	}
	admin := func(p people.Person) bool { return p.Admin && p.ID == person }
	other := func(p people.Person) bool { return p.Admin && p.ID != person }
	if slices.ContainsFunc(all, admin) && !slices.ContainsFunc(all, other) {
		return &pull.Error{Kind: pull.Conflict, Field: "person",
			Hint: words.Text{Key: "hint.last_admin"}}
	}
	return nil
}

func (s everybody) erasePerson(ctx context.Context, in PersonID) (console.None, error) {
	console.NoteAudit(ctx, "person "+in.Person, nil, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkLastAdmin(ctx, in.Person); err != nil {
		return console.None{}, err
	}
	for range changeTries {
		p, revision, err := s.People.Get(ctx, in.Person)
		if err != nil {
			return console.None{}, err
		}
		err = s.People.Delete(ctx, in.Person, revision)
		if pull.KindOf(err) == pull.Conflict {
			continue
		}
		if err != nil {
			return console.None{}, err
		}
		console.NoteAudit(ctx, "person "+in.Person, rightsDoc(p), nil)
		return console.None{}, s.endSessionsAndLinks(context.WithoutCancel(ctx), in.Person, "")
	}
	return console.None{}, &pull.Error{Kind: pull.Conflict, Field: "person", Hint: words.Text{Key: "hint.busy_thing"},
		Err: errors.New("the person changed too often")}
}

func (s everybody) resetPerson(ctx context.Context, in PersonID) (Invitation, error) {
	console.NoteAudit(ctx, "person "+in.Person, nil, nil)
	p, _, err := s.People.Get(ctx, in.Person)
	if err != nil {
		return Invitation{}, err
	}
	i, secret := people.NewInvite(s.Rand, s.Clock())
	i.Email, i.Name, i.Person = p.Email, p.Name, p.ID
	same := func(o people.Invite) bool { return o.Person == p.ID }
	return invitations(s).replaceInvite(ctx, i, secret, same)
}

// rightsDoc returns what the audit log tells of a person.
func rightsDoc(p people.Person) console.Doc {
	return console.Doc{"email": p.Email, "name": p.Name, "admin": p.Admin, "roles": validRoles(p.Roles)}
}
