package site

import (
	"net/http"
	"time"

	"keypull/web/console/accounts"
)

// deviceName is the cookie by which a browser is known after the session: whose
// tries to sign in count apart from everybody else's.
const deviceName = "__Host-keypull-device"

// device is what the browser was handed when somebody signed in with it.
func (r entrance) device() string {
	c, err := r.Cookie(deviceName)
	if err != nil {
		return ""
	}
	return c.Value
}

// let hands the browser what somebody gets who was let in.
func (r entrance) let(e accounts.Entry) {
	http.SetCookie(r.w, Cookie(e.Secret))
	r.keep(e.Device)
}

// remark hands the browser of whoever is signed in a mark of today.
func (r entrance) remark() { r.keep(r.Gate.Mark(r.Context(), r.by.Person, r.browser())) }

func (r entrance) keep(device string) {
	if device == "" {
		return
	}
	http.SetCookie(r.w, &http.Cookie{
		Name: deviceName, Value: device, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(accounts.DeviceLife / time.Second),
	})
}
