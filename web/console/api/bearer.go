package api

import (
	"net"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/console"
)

// maxToken is far more than any token has.
const maxToken = 512

// authenticate finds out who asks, by the token alone.
func (a *API) authenticate(r *http.Request) (p console.Principal, token string, err error) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return p, "", unauthorized(`Bearer realm="keypull"`, words.Text{Key: "api.send_token"})
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	token = strings.TrimLeft(token, " ")
	if len(values) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") || !wellFormed(token) {
		return p, "", unauthorized(`Bearer realm="keypull", error="invalid_request"`, words.Text{Key: "api.send_one_token"})
	}
	address := a.address(r)
	p, err = a.Bearer(r.Context(), token, address)
	switch pull.KindOf(err) {
	case "":
	case pull.Denied, pull.Unknown, pull.Invalid:
		return p, "", unauthorized(`Bearer realm="keypull", error="invalid_token"`, words.Text{Key: "api.token_unknown"})
	default:
		return p, "", err
	}
	p.Face, p.Address = console.FaceAPI, address
	return p, token, nil
}

// wellFormed reports whether a text may be a token (RFC 6750).
func wellFormed(token string) bool {
	if token == "" || len(token) > maxToken {
		return false
	}
	for _, c := range []byte(token) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

func unauthorized(challenge string, detail words.Text) error {
	no := newRefusal(http.StatusUnauthorized, detail)
	no.header.Set("Www-Authenticate", challenge)
	return no
}

func (a *API) address(r *http.Request) string {
	if a.Address != nil {
		return a.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
