package people

import (
	"io"
	"strings"
	"time"
)

// tokenPrefix lets a token be known as one wherever it turns up.
const tokenPrefix = "kp_"

// tokenIDLength is short, since a token's id is shown in lists; its secret is
// what keeps it.
const tokenIDLength = 8

// Token lets a program use the API.
type Token struct {
	// ID is 8 characters of a to z and 2 to 7, drawn by NewToken.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Hash is of the secret.
	Hash string `json:"hash"`
	// Publisher is where the token counts; empty is the whole installation,
	// which only an admin may hand out.
	Publisher string    `json:"publisher,omitempty"`
	Role      Role      `json:"role"`
	Created   time.Time `json:"created"`
	// By is the id of the person who made it.
	By   string    `json:"by,omitempty"`
	Used time.Time `json:"used,omitzero"`
	// Expires is when the token ends; zero is never.
	Expires time.Time `json:"expires,omitzero"`
}

// NewToken draws id and secret of a token; the rest is the caller's to fill.
// The text, "kp_<id>_<secret>", is shown once and kept nowhere.
func NewToken(random io.Reader, now time.Time) (t Token, text string) {
	secret, hash := NewSecret(random)
	t = Token{ID: newID(random, tokenIDLength), Hash: hash, Created: now}
	return t, tokenPrefix + t.ID + "_" + secret
}

// ParseToken takes the text of a token apart. It says nothing of whether there
// is one of that id. The error is a Refusal of the field "token" and does not
// repeat the text.
func ParseToken(text string) (id, secret string, err error) {
	rest, ok := strings.CutPrefix(text, tokenPrefix)
	if !ok {
		return "", "", newRefusal("token", "token")
	}
	id, secret, _ = strings.Cut(rest, "_")
	if !isID(id, tokenIDLength) || !isSecret(secret) {
		return "", "", newRefusal("token", "token")
	}
	return id, secret, nil
}

// Is reports in constant time whether secret is the token's.
func (t Token) Is(secret string) bool { return equalSecrets(t.Hash, HashSecret(secret)) }

// Expired reports whether the token has ended by now.
func (t Token) Expired(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// RoleIn returns what the token may do within a publisher, and false where that
// is nothing. The publisher "" is the installation itself.
func (t Token) RoleIn(publisher string) (Role, bool) {
	if t.Publisher != "" && t.Publisher != publisher || t.Role.rankOf() == 0 {
		return "", false
	}
	return t.Role, true
}

// WithoutHash returns t as it may be shown.
func (t Token) WithoutHash() Token {
	t.Hash = ""
	return t
}

// Check returns as Refusals all that is wrong with t.
func (t Token) Check() error {
	found := checkName(t.Name, false)
	switch {
	case t.Role.rankOf() == 0:
		found = append(found, newRefusal("role", "role", "got", shownText(string(t.Role))))
	case t.Publisher != "" && t.Role == Admin:
		found = append(found, newRefusal("role", "role_publisher"))
	}
	if t.Publisher != "" && !isPublisher(t.Publisher) {
		found = append(found, newRefusal("publisher", "publisher", "got", shownText(t.Publisher)))
	}
	if t.Expired(t.Created) {
		found = append(found, newRefusal("expires", "expires_past"))
	}
	if len(found) > 0 {
		return found
	}
	return nil
}
