// Package presignin is what is known of a request before it is known who sends
// it: the cookies of this installation, whether a page of this server sent it,
// and what was typed into a form whose session is gone.
package presignin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// Cookies are those of one installation. Browsers keep cookies by host and not
// by port, so that each installation has names of its own: two at one host do
// not take each other's away.
type Cookies struct{ mark string }

// prefix binds a cookie to this host, to https (or this machine), and to all
// paths; browsers enforce it.
const prefix = "__Host-keypull-"

// CookiesOf returns the cookies of the installation that has a key, which must
// be the same at every start. The names tell nothing of it.
func CookiesOf(key []byte) Cookies {
	const marked = 4
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("names of cookies"))
	return Cookies{mark: hex.EncodeToString(mac.Sum(nil)[:marked])}
}

// SessionName returns the name of the cookie with the secret of a session.
func (c Cookies) SessionName() string { return prefix + c.mark }

// DeviceName returns the name of the cookie by which a browser is known after the
// session: whose tries to sign in count apart from everybody else's.
func (c Cookies) DeviceName() string { return prefix + "device-" + c.mark }

// Session hands a browser the secret of a session, for so long or, where that
// is 0, until the browser is closed.
func (c Cookies) Session(secret string, stay time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: c.SessionName(), Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(stay / time.Second),
	}
}

// SignedOut takes the secret of a session away.
func (c Cookies) SignedOut() *http.Cookie {
	gone := c.Session("", 0) //nolint:gosec // it has all three
	gone.MaxAge = -1
	return gone
}

// Device hands a browser what it is known by, for so long.
func (c Cookies) Device(mark string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: c.DeviceName(), Value: mark, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(life / time.Second),
	}
}

// Value returns what a request brings in the cookie of a name, or empty if it
// brings none.
func Value(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
