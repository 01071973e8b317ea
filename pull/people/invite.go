package people

import (
	"io"
	"time"
)

// InviteLimit is how long an invite counts unless its maker says otherwise.
const InviteLimit = 7 * 24 * time.Hour

// Invite is a link by which somebody sets a password, once: of a person that
// it makes, or of one who is there and has lost theirs.
type Invite struct {
	// Hash is of the secret in the link.
	Hash    string          `json:"hash"`
	Email   string          `json:"email"`
	Name    string          `json:"name,omitempty"`
	Admin   bool            `json:"admin,omitempty"`
	Roles   map[string]Role `json:"roles,omitempty"`
	Created time.Time       `json:"created"`
	Expires time.Time       `json:"expires"`
	// By is the id of the person who made it.
	By string `json:"by,omitempty"`
	// Person is whose password it sets anew; empty if it makes a person.
	Person string `json:"person,omitempty"`
}

// NewInvite draws the secret of an invite that counts for InviteLimit; the
// rest is the caller's to fill. The secret stands in the link and is kept
// nowhere.
func NewInvite(random io.Reader, now time.Time) (i Invite, secret string) {
	secret, hash := NewSecret(random)
	return Invite{Hash: hash, Created: now, Expires: now.Add(InviteLimit)}, secret
}

// Expired reports whether the invite has ended by now.
func (i Invite) Expired(now time.Time) bool { return !now.Before(i.Expires) }

// Check returns as Refusals all that is wrong with i, whose email must be
// normal already.
func (i Invite) Check() error {
	var found Refusals
	if err := CheckEmail(i.Email); err != nil {
		found = append(found, Refused(err)...)
	}
	found = append(found, checkName(i.Name, true)...)
	found = append(found, checkRoles(i.Roles)...)
	if i.Person == "" && !i.Admin && len(i.Roles) == 0 {
		found = append(found, newRefusal("roles", "publisher_missing"))
	}
	if i.Expired(i.Created) {
		found = append(found, newRefusal("expires", "expires_past"))
	}
	if len(found) > 0 {
		return found
	}
	return nil
}
