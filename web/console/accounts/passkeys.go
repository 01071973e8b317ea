package accounts

import (
	"context"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// OwnPasskey is a passkey of the caller.
type OwnPasskey struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Host is the address of the console at which it counts.
	Host    string    `json:"host"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`
}

// OwnPasskeys is the output of "passkey.list".
type OwnPasskeys struct {
	Passkeys []OwnPasskey `json:"passkeys"`
}

// PasskeyRemove is the input of "passkey.remove".
type PasskeyRemove struct {
	Passkey string `json:"passkey" path:"passkey" doc:"Id of the passkey."`
}

// The operations passkey.*. One is added in a browser alone, by a device.
var (
	ListPasskeys = console.Declare[console.None, OwnPasskeys](console.Declaration{
		Name: "passkey.list", Permission: console.Self, Method: http.MethodGet, Path: "/me/passkeys",
		Summary: "List the passkeys by which you sign in.",
	})

	RemovePasskey = console.Declare[PasskeyRemove, console.None](console.Declaration{
		Name: "passkey.remove", Permission: console.Self, Audit: true, Method: http.MethodDelete, Path: "/me/passkeys/{passkey}",
		Summary: "Remove a passkey: nobody signs in by it any more.",
	})
)

func (s own) passkeyOperations() []console.Bound {
	return []console.Bound{ListPasskeys.Bind(s.listPasskeys), RemovePasskey.Bind(s.removePasskey)}
}

func (s own) listPasskeys(ctx context.Context, _ console.None) (OwnPasskeys, error) {
	by, _ := console.Caller(ctx)
	p, _, err := s.People.Get(ctx, by.Person)
	if err != nil {
		return OwnPasskeys{}, turnedAway(err, signInFirst())
	}
	out := OwnPasskeys{Passkeys: []OwnPasskey{}}
	for _, k := range p.Passkeys {
		out.Passkeys = append(out.Passkeys, OwnPasskey{ID: k.ID, Label: k.Label, Host: k.Host, Created: k.Created, Used: k.Used})
	}
	return out, nil
}

func (s own) removePasskey(ctx context.Context, in PasskeyRemove) (console.None, error) {
	by, _ := console.Caller(ctx)
	console.NoteAudit(ctx, "passkey "+in.Passkey, nil, nil)
	_, _, err := s.updatePerson(ctx, by.Person, func(p *people.Person) error {
		at := slices.IndexFunc(p.Passkeys, func(k people.Passkey) bool { return k.ID == in.Passkey })
		if at < 0 {
			return &pull.Error{Kind: pull.Unknown, Field: "passkey", Hint: words.Text{Key: "passkey.none"}}
		}
		console.NoteAudit(ctx, "passkey "+p.Passkeys[at].Label, nil, nil)
		p.Passkeys = slices.Delete(slices.Clone(p.Passkeys), at, at+1)
		return nil
	})
	if err != nil {
		return console.None{}, turnedAway(err, &pull.Error{Kind: pull.Unknown, Field: "passkey", Hint: words.Text{Key: "passkey.none"}})
	}
	return console.None{}, nil
}
