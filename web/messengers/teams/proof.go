package teams

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

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

// check returns the activity of a delivery, or the status that answers what is none.
// The error says that nobody can tell now.
func (a *app) check(ctx context.Context, d messengers.Delivery) (activity, int, error) {
	switch d.Method {
	case http.MethodHead: // somebody looks whether we are there
		return activity{}, http.StatusOK, nil
	case "", http.MethodPost:
	default:
		return activity{}, http.StatusMethodNotAllowed, nil
	}
	c, k, ok, err := a.token(ctx, d)
	if err != nil {
		return activity{}, http.StatusServiceUnavailable, err
	}
	if !ok {
		return activity{}, http.StatusUnauthorized, nil
	}
	act, read := parse(d.Body)
	if !read {
		return activity{}, http.StatusBadRequest, nil
	}
	// The token is for one service and one channel: with that of another, who may
	// write to us there would write as anybody here.
	if act.ChannelID != platform || !k.endorses(platform) || c.Service == "" || folded(c.Service) != folded(act.ServiceURL) {
		return activity{}, http.StatusUnauthorized, nil
	}
	return act, 0, nil
}

// folded returns the address of a service as two are compared.
func folded(url string) string { return strings.ToLower(strings.TrimSuffix(url, "/")) }

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	Service string `json:"serviceurl"`
}

// errForeign says that a token is not the connector's.
var errForeign = errors.New("it is not the connector's token")

// token reads the token of a delivery; false if it is not the connector's,
// not for this app or not of now. The error says that nobody can tell now.
func (a *app) token(ctx context.Context, d messengers.Delivery) (c claims, k key, ok bool, err error) {
	raw := bearerOf(d.Header["Authorization"])
	if len(raw) > maxToken {
		return c, k, false, nil
	}
	rules := jwt.NewParser(jwt.WithValidMethods([]string{algorithm}), jwt.WithStrictDecoding(), jwt.WithAudience(a.id),
		jwt.WithExpirationRequired(), jwt.WithLeeway(skew), jwt.WithTimeFunc(func() time.Time { return d.At }))
	_, foreign := rules.ParseWithClaims(raw, &c, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		if _, critical := t.Header["crit"]; critical || id == "" {
			return nil, errForeign
		}
		var also string
		if k, also, ok, err = a.keys.find(ctx, id); err != nil || !ok || c.Issuer != issuer && (c.Issuer == "" || c.Issuer != also) {
			return nil, errForeign
		}
		return k.public, nil
	})
	return c, k, foreign == nil, err
}

// bearerOf returns the token of an Authorization header, or "" if there is not just
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
