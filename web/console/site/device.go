package site

import (
	"net/http"
	"time"

	"keypull/web/console"
)

// deviceName is the cookie by which a browser is known after the session: whose
// tries to sign in count apart from everybody else's.
const deviceName = "__Host-keypull-device"

// device is what the browser was handed when somebody signed in with it.
func (v *visit) device() string {
	c, err := v.r.Cookie(deviceName)
	if err != nil {
		return ""
	}
	return c.Value
}

// let hands the browser what somebody gets who was let in.
func (v *visit) let(e console.Entry) {
	http.SetCookie(v.w, Cookie(e.Secret))
	v.keep(e.Device)
}

// remark hands the browser of whoever is signed in a mark of today.
func (v *visit) remark() { v.keep(v.Gate.Mark(v.r.Context(), v.by.Person, v.browser())) }

func (v *visit) keep(device string) {
	if device == "" {
		return
	}
	http.SetCookie(v.w, &http.Cookie{
		Name: deviceName, Value: device, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		MaxAge: int(console.DeviceLife / time.Second),
	})
}
