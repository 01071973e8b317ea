package meta

import (
	"fmt"
	"net/http"
	"net/url"
	"unicode/utf16"
	"unicode/utf8"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

// signatureHeader carries the signature, in canonical form.
const signatureHeader = "X-Hub-Signature-256"

// maxChallenge is how long a challenge may be that is given back.
const maxChallenge = 256

// Proof is what deliveries are believed by.
type Proof struct {
	// Secret signs deliveries, Verify is shown when an address is registered; an
	// empty one proves nothing.
	Secret, Verify settings.Secret
	// carried says that an app verifies deliveries, ofApp is what it goes by.
	carried bool
	ofApp   *Proof
}

// Enough says that there is something to prove a delivery by.
func (p Proof) Enough() bool { return p.carried || p.Secret.Reveal() != "" }

// AppSecret returns the secret of the app that the account is connected to; empty
// where nobody said.
func (p Proof) AppSecret() string {
	if secret := p.Secret.Reveal(); secret != "" {
		return secret
	}
	if p.ofApp != nil {
		return p.ofApp.Secret.Reveal()
	}
	return ""
}

// Token returns what is shown when the address is registered.
func (p Proof) Token() settings.Secret {
	if p.ofApp != nil {
		return p.ofApp.Verify
	}
	return p.Verify
}

// Judge tells whether a delivery is Meta's own, and to be read; if not, the
// receipt is what it gets.
func (p Proof) Judge(d messengers.Delivery) (r messengers.Receipt, proven bool) {
	switch {
	case d.Path != "":
		return messengers.Receipt{Status: http.StatusNotFound}, false
	case d.Method == http.MethodGet:
		return p.handshake(d.Query), false
	case d.Method != http.MethodPost:
		return messengers.Receipt{Status: http.StatusMethodNotAllowed}, false
	case p.carried && d.Verified, Signed(p.Secret, d):
		return messengers.Receipt{}, true
	}
	return messengers.Receipt{Status: http.StatusUnauthorized}, false
}

// handshake gives back the challenge of whoever knows the verify token.
func (p Proof) handshake(query url.Values) messengers.Receipt {
	known, shown, challenge := p.Verify.Reveal(), query.Get("hub.verify_token"), query.Get("hub.challenge")
	if !messengers.Same(shown, known) || query.Get("hub.mode") != "subscribe" || challenge == "" || len(challenge) > maxChallenge {
		return messengers.Receipt{Status: http.StatusForbidden}
	}
	return messengers.Receipt{ContentType: "text/plain; charset=utf-8", Body: []byte(challenge)}
}

// Signed tells whether a delivery is signed by a secret, over its raw bytes. As
// a second chance, one whose letters beyond ASCII stand in it as they are may be
// signed over the same text with these escaped, which is how Meta writes JSON.
func Signed(secret settings.Secret, d messengers.Delivery) bool {
	proof := messengers.Signature{Header: signatureHeader, Prefix: "sha256=", Secret: secret}
	return proof.Proves(d, d.Body) || utf8.Valid(d.Body) && proof.Proves(d, escaped(d.Body))
}

// escaped writes letters beyond ASCII as \u and four small digits, in UTF-16.
func escaped(body []byte) []byte {
	out := make([]byte, 0, 2*len(body))
	for _, r := range string(body) {
		if r < utf8.RuneSelf {
			out = append(out, byte(r)) //nolint:gosec // below 128
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}
