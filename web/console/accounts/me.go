package accounts

import (
	"context"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// Me is the caller with their preferences.
type Me struct {
	ID       string `json:"id"`
	Email    string `json:"email"`
	Name     string `json:"name,omitempty"`
	Language string `json:"language,omitempty"`
	Zone     string `json:"zone,omitempty"`
	// SingleKeys: single keys are shortcuts of the console.
	SingleKeys bool                   `json:"single_keys" doc:"Whether single keys are shortcuts of the console's pages."`
	Admin      bool                   `json:"admin,omitempty"`
	Roles      map[string]people.Role `json:"roles"`
}

// MeUpdate is the input of "me.update".
type MeUpdate struct {
	Name     string `json:"name" required:"true" doc:"What you are called."`
	Language string `json:"language,omitempty" enum:"en,fr,de,es" doc:"The language of the console; the browser's where empty."`
	Zone     string `json:"zone,omitempty" doc:"IANA time zone by which times are shown; UTC where empty."`
	// SingleKeys stays as it is where nil.
	SingleKeys *bool `json:"single_keys,omitempty" doc:"Whether single keys are shortcuts of the console's pages; as before where not given."`
}

// MePassword is the input of "me.password".
type MePassword struct {
	Current string `json:"current" required:"true" doc:"The password that you have."`
	New     string `json:"new" required:"true" doc:"The password that you want: 10 characters or more."`
}

// The operations me.*.
var (
	GetMe = console.Declare[console.None, Me](console.Declaration{
		Name: "me.get", Permission: console.Self, Method: http.MethodGet, Path: "/me",
		Summary: "Show who you are and what you may do.",
	})

	UpdateMe = console.Declare[MeUpdate, Me](console.Declaration{
		Name: "me.update", Permission: console.Self, Audit: true, Method: http.MethodPut, Path: "/me",
		Summary: "Change your name, and the language, time zone and shortcuts of the console.",
	})

	ChangePassword = console.Declare[MePassword, console.None](console.Declaration{
		Name: "me.password", Permission: console.Self, Audit: true, Method: http.MethodPost, Path: "/me/password",
		Summary: "Change your password; all your other sessions end.",
	})
)

func (s own) meOperations() []console.Bound {
	return []console.Bound{
		GetMe.Bind(s.getMe),
		UpdateMe.Bind(s.updateMe),
		ChangePassword.Bind(s.changePassword),
	}
}

func meOf(p people.Person) Me {
	roles := validRoles(p.Roles)
	if roles == nil {
		roles = map[string]people.Role{}
	}
	return Me{ID: p.ID, Email: p.Email, Name: p.Name, Language: p.Language, Zone: p.Zone, SingleKeys: !p.NoKeys, Admin: p.Admin, Roles: roles}
}

func (s own) getMe(ctx context.Context, _ console.None) (Me, error) {
	by, _ := console.Caller(ctx)
	p, _, err := s.People.Get(ctx, by.Person)
	if err != nil {
		return Me{}, turnedAway(err, signInFirst())
	}
	return meOf(p), nil
}

func (s own) updateMe(ctx context.Context, in MeUpdate) (Me, error) {
	by, _ := console.Caller(ctx)
	console.NoteAudit(ctx, "person "+by.Person, nil, nil)
	before, after, err := s.updatePerson(ctx, by.Person, func(p *people.Person) error {
		p.Name, p.Language, p.Zone = strings.TrimSpace(in.Name), in.Language, in.Zone
		if in.SingleKeys != nil {
			p.NoKeys = !*in.SingleKeys
		}
		found := problemsOf(p.Check())
		if p.Name == "" {
			found = append(found, settings.NewProblem("name", "required"))
		}
		if len(found) > 0 {
			return found
		}
		return nil
	})
	if err != nil {
		return Me{}, turnedAway(err, signInFirst())
	}
	console.NoteAudit(ctx, "person "+by.Person, selfDoc(before), selfDoc(after))
	return meOf(after), nil
}

// selfDoc returns what the audit log tells of what people change of themselves.
func selfDoc(p people.Person) console.Doc {
	return console.Doc{"name": p.Name, "language": p.Language, "zone": p.Zone, "single_keys": !p.NoKeys}
}

func (s own) changePassword(ctx context.Context, in MePassword) (console.None, error) {
	by, _ := console.Caller(ctx)
	console.NoteAudit(ctx, "person "+by.Person, nil, nil)
	p, _, err := s.People.Get(ctx, by.Person)
	if err != nil {
		return console.None{}, turnedAway(err, signInFirst())
	}
	if found := problemsOf(people.CheckPassword(in.New, p.Email)); len(found) > 0 {
		for i := range found {
			found[i].Field = "new"
		}
		return console.None{}, found
	}
	// Who is signed in is not kept from it by tries elsewhere.
	good, err := s.verifyPassword(ctx, p.Hash, in.Current, []people.Key{people.DeviceKey("session " + by.Session)})
	if err != nil {
		return console.None{}, err
	}
	if !good {
		return console.None{}, settings.Problems{newProblem("current", "password_wrong")}
	}
	hash, err := s.Passwords.Hash(ctx, in.New)
	if err != nil {
		return console.None{}, err
	}
	// From here on the old password must open nothing, even if the caller goes away.
	ctx = context.WithoutCancel(ctx)
	_, _, err = s.updatePerson(ctx, p.ID, func(now *people.Person) error {
		if now.Hash != p.Hash {
			return &pull.Error{Kind: pull.Conflict, Hint: words.Text{Key: "hint.password_changed"}}
		}
		now.Hash = hash
		return nil
	})
	if err != nil {
		return console.None{}, err
	}
	return console.None{}, s.endSessionsAndLinks(ctx, p.ID, by.Session)
}
