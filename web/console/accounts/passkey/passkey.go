// Package passkey lets people sign in by keys that their devices keep
// (WebAuthn). It has the two ceremonies, making a key and signing in by one, and
// knows neither stores nor sessions.
package passkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"keypull/pull/people"
)

// Party is the server as browsers know it: a key that was made for a host
// counts there and nowhere else.
type Party struct{ Host, Origin string }

// At returns the party of a page's origin; false where browsers have no passkeys: at
// a number in place of a name, and over a way that is not encrypted, unless it
// leads to this machine.
func At(origin string) (Party, bool) {
	u, err := url.Parse(origin)
	if err != nil {
		return Party{}, false
	}
	host := strings.ToLower(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	_, number := netip.ParseAddr(host)
	named := number != nil && (local || strings.Contains(host, "."))
	return Party{Host: host, Origin: u.Scheme + "://" + u.Host}, named && (u.Scheme == "https" || local && u.Scheme == "http")
}

// Ceremonies are safe for use by many goroutines.
type Ceremonies struct {
	// Secret signs what devices are asked to sign: no question has to be kept
	// until it is answered, so that nobody can fill a memory by asking.
	Secret []byte
	Clock  func() time.Time
	Rand   io.Reader

	mu sync.Mutex
	// spent are the questions that were answered well, until they are too old.
	spent map[string]time.Time
}

// ErrRefused is what an answer gets that proves nothing.
var ErrRefused = errors.New("the passkey was not accepted")

func refusedError(err error) error { return fmt.Errorf("%w: %w", ErrRefused, err) }

// relyingParty makes the library's idea of a party. Browsers have no keys for one that
// it refuses.
func relyingParty(p Party) (*webauthn.WebAuthn, error) {
	w, err := webauthn.New(&webauthn.Config{
		RPID: p.Host, RPDisplayName: "keypull", RPOrigins: []string{p.Origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, refusedError(err)
	}
	return w, nil
}

// Offer returns the question, as JSON, by which a browser has a device make a key
// for somebody.
func (c *Ceremonies) Offer(p Party, who people.Person) ([]byte, error) {
	w, err := relyingParty(p)
	if err != nil {
		return nil, err
	}
	owner := user{who}
	known := webauthn.Credentials(owner.WebAuthnCredentials()).CredentialDescriptors()
	options, _, err := w.BeginRegistration(owner, webauthn.WithExclusions(known))
	if err != nil {
		return nil, fmt.Errorf("ask for a new passkey: %w", err)
	}
	options.Response.Challenge = c.newChallenge(p, who.ID)
	return asJSON(options.Response)
}

// Accept returns the key that a device has made, by the browser's answer.
func (c *Ceremonies) Accept(p Party, who people.Person, answer []byte) (people.Passkey, error) {
	w, err := relyingParty(p)
	if err != nil {
		return people.Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return people.Passkey{}, refusedError(err)
	}
	asked := parsed.Response.CollectedClientData.Challenge
	if err := c.checkChallenge(p, who.ID, asked); err != nil {
		return people.Passkey{}, err
	}
	made, err := w.CreateCredential(user{who}, webauthn.SessionData{
		Challenge: asked, RelyingPartyID: p.Host, UserID: []byte(who.ID), UserVerification: protocol.VerificationRequired,
		CredParams: webauthn.CredentialParametersDefault(),
	}, parsed)
	if err != nil {
		return people.Passkey{}, refusedError(err)
	}
	if err := c.spendChallenge(asked); err != nil {
		return people.Passkey{}, err
	}
	return people.Passkey{
		ID: people.NewID(c.Rand), Host: p.Host, Created: c.Clock(), Credential: made.ID, Public: made.PublicKey,
		Uses: made.Authenticator.SignCount, Flags: made.Flags.MsgpByte(),
	}, nil
}

// Ask returns the question, as JSON, by which a browser has somebody choose a key
// and sign in by it.
func (c *Ceremonies) Ask(p Party) ([]byte, error) {
	w, err := relyingParty(p)
	if err != nil {
		return nil, err
	}
	options, _, err := w.BeginDiscoverableLogin(webauthn.WithChallenge(c.newChallenge(p, "")), webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	return asJSON(options.Response)
}

// Verify returns who has signed in, with the key as it is known from now on.
// find returns a person by their id.
func (c *Ceremonies) Verify(p Party, answer []byte, find func(id string) (people.Person, error)) (people.Person, people.Passkey, error) {
	var none people.Passkey
	w, err := relyingParty(p)
	if err != nil {
		return people.Person{}, none, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return people.Person{}, none, refusedError(err)
	}
	asked := parsed.Response.CollectedClientData.Challenge
	if err := c.checkChallenge(p, "", asked); err != nil {
		return people.Person{}, none, err
	}
	found := func(_, handle []byte) (webauthn.User, error) {
		who, err := find(string(handle))
		return user{who}, err
	}
	who, used, err := w.ValidatePasskeyLogin(found, webauthn.SessionData{
		Challenge: asked, RelyingPartyID: p.Host, UserVerification: protocol.VerificationRequired,
	}, parsed)
	if err != nil {
		return people.Person{}, none, refusedError(err)
	}
	if used.Authenticator.CloneWarning {
		return people.Person{}, none, refusedError(errors.New("another device seems to have a copy of it"))
	}
	if err := c.spendChallenge(asked); err != nil {
		return people.Person{}, none, err
	}
	owner, _ := who.(user)
	key := owner.findKey(used.ID)
	key.Uses, key.Flags, key.Used = used.Authenticator.SignCount, used.Flags.MsgpByte(), c.Clock()
	return owner.Person, key, nil
}

func asJSON(options any) ([]byte, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("write the question: %w", err)
	}
	return text, nil
}
