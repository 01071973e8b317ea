package httpjson

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/base64"
	"net/netip"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// The ways in which a partner proves itself.
const (
	byStandard = "standard-webhooks" // what is taken where nothing else is said
	byHMAC     = "hmac"
	byEd25519  = "ed25519"
	byBasic    = "basic"
	byBearer   = "bearer"
	byPath     = "path"
)

// proof is how messages are signed.
type proof struct {
	Kind string `json:"kind"`
	HMAC
}

// tolerance is how far a signed moment may be from ours.
const tolerance = 5 * time.Minute

// keyOf returns the key of a secret as Standard Webhooks write it: base64, behind
// whsec_ or not. What is none is taken as it stands.
func keyOf(secret string) []byte {
	plain := strings.TrimPrefix(secret, "whsec_")
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if key, err := encoding.DecodeString(plain); err == nil && len(key) > 0 {
			return key
		}
	}
	return []byte(secret)
}

// header returns the one value of a header, or "" if there is none, or are several.
func header(d messengers.Delivery, name string) string {
	return d.Only(textproto.CanonicalMIMEHeaderKey(name))
}

// proven says that a delivery is the partner's, by one of the secrets; rest is
// its path without what proves it.
func (p *Partner) proven(d messengers.Delivery) (rest string, ok bool) {
	if len(p.networks) > 0 {
		from, err := netip.ParseAddr(d.Address)
		if err != nil || !slices.ContainsFunc(p.networks, func(n netip.Prefix) bool { return n.Contains(from.Unmap()) }) {
			return "", false
		}
	}
	for _, secret := range p.secrets {
		if rest, ok := p.provenBy(d, secret); ok {
			return rest, true
		}
	}
	return "", false
}

func (p *Partner) provenBy(d messengers.Delivery, secret string) (rest string, ok bool) {
	switch how := p.proof; how.Kind {
	case byHMAC:
		return d.Path, how.hmac(d, secret)
	case byEd25519:
		return d.Path, how.ed25519(d, secret)
	case byBasic:
		return d.Path, d.Shows("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(secret)))
	case byBearer:
		return d.Path, d.Shows("Authorization", "Bearer "+secret)
	case byPath:
		shown, rest, _ := strings.Cut(d.Path, "/")
		return rest, messengers.Same(shown, secret)
	}
	id, stamp := header(d, "webhook-id"), header(d, "webhook-timestamp")
	if id == "" || !fresh(stamp, d.At) {
		return "", false
	}
	want, good := outside.WebhookSignature(keyOf(secret), id, stamp, d.Body), false
	for shown := range strings.FieldsSeq(header(d, "webhook-signature")) {
		good = messengers.Same(shown, want) || good
	}
	return d.Path, good
}

// fresh says that a moment, in seconds or milliseconds since 1970, is near
// another.
func fresh(stamp string, now time.Time) bool {
	n, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return false
	}
	const inMilliseconds = 1 << 40
	at := time.Unix(n, 0)
	if n > inMilliseconds {
		at = time.UnixMilli(n)
	}
	return now.Sub(at).Abs() <= tolerance
}

// signed returns what a signature is of.
func (s proof) signed(d messengers.Delivery) (text string, ok bool) {
	if s.Stamp != "" && !fresh(header(d, s.Stamp), d.At) {
		return "", false
	}
	return strings.NewReplacer("{body}", string(d.Body), "{timestamp}", header(d, s.Stamp), "{nonce}", header(d, s.Nonce), "{url}", d.URL).Replace(s.Of), true
}

func (s proof) hmac(d messengers.Delivery, secret string) bool {
	text, ok := s.signed(d)
	shown, prefixed := strings.CutPrefix(header(d, s.Header), s.Prefix)
	if !ok || !prefixed || shown == "" {
		return false
	}
	mac := messengers.Signature{Secret: settings.Secret(secret)}
	if s.Hash == "sha512" {
		mac.Hash = sha512.New
	}
	if s.Encoding == "base64" {
		mac.Encode = base64.StdEncoding.EncodeToString
		return messengers.Same(shown, mac.Of([]byte(text)))
	}
	return messengers.Same(strings.ToLower(shown), mac.Of([]byte(text)))
}

// ed25519 takes the partner's public key in place of a secret.
func (s proof) ed25519(d messengers.Delivery, public string) bool {
	text, ok := s.signed(d)
	key, err := base64.StdEncoding.DecodeString(public)
	shown, err2 := base64.StdEncoding.DecodeString(header(d, s.Header))
	return ok && err == nil && err2 == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, []byte(text), shown)
}
