package passkey

import (
	"bytes"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"keypull/pull/people"
)

// user is a person as the library asks for them.
type user struct{ people.Person }

var _ webauthn.User = user{}

// WebAuthnID returns what a device keeps of whose a key is.
func (u user) WebAuthnID() []byte { return []byte(u.ID) }

// WebAuthnName returns what a device calls the account.
func (u user) WebAuthnName() string { return u.Email }

// WebAuthnDisplayName returns what a device calls the person.
func (u user) WebAuthnDisplayName() string {
	if u.Name == "" {
		return u.Email
	}
	return u.Name
}

// WebAuthnCredentials returns the keys of the person.
func (u user) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(u.Passkeys))
	for i, k := range u.Passkeys {
		all[i] = webauthn.Credential{
			ID: k.Credential, PublicKey: k.Public, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags)),
			Authenticator: webauthn.Authenticator{SignCount: k.Uses},
		}
	}
	return all
}

// findKey returns the person's key that a device calls so.
func (u user) findKey(credential []byte) people.Passkey {
	for _, k := range u.Passkeys {
		if bytes.Equal(k.Credential, credential) {
			return k
		}
	}
	return people.Passkey{}
}
