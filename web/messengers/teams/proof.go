package teams

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"keypull/web/messengers"
)

// issuer signs what the connector delivers; national clouds name theirs beside
// their keys.
const issuer = "https://api.botframework.com"

// What a token must say beside its signature.
const (
	platform  = "msteams"
	algorithm = "RS256"
	skew      = 5 * time.Minute
	maxToken  = 16 << 10
)

// proof tells the connector's deliveries from all others.
type proof struct {
	app  string
	keys *keys
}

func newProof(app, openID string, env messengers.Env) *proof {
	return &proof{app: app, keys: newKeys(openID, env)}
}

// unread answers what is no activity: a look whether somebody is there.
func unread(d messengers.Delivery) (status int, told bool) {
	switch d.Method {
	case http.MethodHead:
		return http.StatusOK, true
	case "", http.MethodPost:
		return 0, false
	}
	return http.StatusMethodNotAllowed, true
}

// check returns the activity of a delivery, or the status that refuses it. The
// error says that nobody can tell now.
func (p *proof) check(ctx context.Context, d messengers.Delivery) (activity, int, error) {
	c, k, ok, err := p.token(ctx, d)
	if err != nil {
		return activity{}, http.StatusServiceUnavailable, err
	}
	if !ok {
		return activity{}, http.StatusUnauthorized, nil
	}
	a, read := parse(d.Body)
	if !read {
		return activity{}, http.StatusBadRequest, nil
	}
	// The token is for one service and one channel: with that of another, who may
	// write to us there would write as anybody here.
	if a.ChannelID != platform || !k.endorses(a.ChannelID) || c.Service == "" || folded(c.Service) != folded(a.ServiceURL) {
		return activity{}, http.StatusUnauthorized, nil
	}
	return a, 0, nil
}

// folded is the address of a service as two are compared.
func folded(url string) string { return strings.ToLower(strings.TrimSuffix(url, "/")) }

// claims are what a token says.
type claims struct {
	Issuer    string   `json:"iss"`
	Audience  string   `json:"aud"`
	Service   string   `json:"serviceurl"`
	NotBefore *float64 `json:"nbf"`
	Expires   *float64 `json:"exp"`
}

// token reads the token of a delivery; false where it is not the connector's,
// not for this app or not of now.
func (p *proof) token(ctx context.Context, d messengers.Delivery) (c claims, k key, ok bool, err error) {
	raw := bearerOf(d.Header["Authorization"])
	signed, signature, ok := cutLast(raw)
	head, payload, whole := strings.Cut(signed, ".")
	if !ok || !whole || len(raw) > maxToken {
		return c, k, false, nil
	}
	var header struct {
		Algorithm string          `json:"alg"`
		Key       string          `json:"kid"`
		Critical  json.RawMessage `json:"crit"`
	}
	if !decode(head, &header) || header.Algorithm != algorithm || header.Key == "" || header.Critical != nil || !decode(payload, &c) {
		return c, k, false, nil
	}
	if c.Audience != p.app || !c.now(d.At) {
		return c, k, false, nil
	}
	k, alsoIssuer, ok, err := p.keys.find(ctx, header.Key)
	if err != nil || !ok || c.Issuer != issuer && (c.Issuer == "" || c.Issuer != alsoIssuer) {
		return c, k, false, err
	}
	sum := sha256.Sum256([]byte(signed))
	by, err := base64.RawURLEncoding.Strict().DecodeString(signature)
	if err != nil {
		return c, k, false, nil //nolint:nilerr // what is no signature proves nothing
	}
	return c, k, rsa.VerifyPKCS1v15(k.public, crypto.SHA256, sum[:], by) == nil, nil
}

// now reports whether a token is good at a moment. One that never ends is not.
func (c claims) now(at time.Time) bool {
	moment := func(seconds float64) time.Time { return time.Unix(int64(seconds), 0) }
	const latest = 1 << 40 // beyond it no time can be counted
	if c.Expires == nil || *c.Expires > latest || *c.Expires < 0 || at.After(moment(*c.Expires).Add(skew)) {
		return false
	}
	return c.NotBefore == nil || *c.NotBefore < latest && *c.NotBefore > -latest && !at.Before(moment(*c.NotBefore).Add(-skew))
}

// bearerOf is the token of an Authorization header, "" where there is not just
// one.
func bearerOf(header []string) string {
	if len(header) != 1 {
		return ""
	}
	scheme, token, _ := strings.Cut(header[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// cutLast cuts a token before its signature.
func cutLast(token string) (signed, signature string, ok bool) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return "", "", false
	}
	return token[:i], token[i+1:], true
}

// decode reads a part of a token.
func decode(part string, into any) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}
